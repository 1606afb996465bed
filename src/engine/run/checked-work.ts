/** The checked steps of a run. */

import type { Graph } from '../../graph/graph.js';
import type { CheckedPlan } from '../plan/checked-plan.js';
import type { Loss } from '../plan/loss.js';
import type { PlannedMove } from '../plan/plan-run.js';

export interface CheckedWork extends PlannedMove {
  folder: Graph;
  checked: CheckedPlan;
  losses: readonly Loss[];
}
