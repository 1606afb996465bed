/** Reports migrations whose up.sql does not parse, because their dependencies are unknown. */

import type { Finding } from '../../findings.js';
import type { Graph } from '../../graph/graph.js';
import { notSql } from '../../sql/effects/effect.js';
import { examineSteps } from '../plan/check-plan.js';
import { findingOf } from '../validate/finding-of.js';
import type { ReadMigration } from './read-sql.js';

/** @param history migrations whose files are on the disk; those that could be read cost nothing */
export async function findUnreadable(graph: Graph, history: readonly ReadMigration[]): Promise<Finding[]> {
  const unreadable = history.filter(({ effects }) => effects.opaque.some(({ reason }) => reason === notSql));
  const steps = unreadable.map(({ id }) => ({ id, direction: 'up', mode: 'transaction' }) as const);
  const examined = await examineSteps({ graph, storedDowns: new Map() }, steps);
  return examined.flatMap(({ problems }) => problems.map((problem) => findingOf(problem)));
}
