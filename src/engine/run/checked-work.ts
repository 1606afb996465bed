/** The checked steps of a run. */

import type { Graph } from '../../graph/graph.js';
import type { CheckedPlan } from '../plan/checked-plan.js';
import type { FoundLosses } from '../plan/losses-of.js';
import type { PlannedMove } from '../plan/plan-run.js';

export interface CheckedWork extends PlannedMove, FoundLosses {
  folder: Graph;
  checked: CheckedPlan;
}
