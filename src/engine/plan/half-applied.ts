/** Refuses to roll back an ancestor of a migration that is half applied. */

import { KatError } from '../../errors.js';
import { describeStop } from '../ledger/journal.js';
import type { PlannedMove, Stop } from './plan-run.js';

/**
 * The rollback may drop what the first statements of the half-done migration made, and `kat up` would not run these again.
 * @throws KatError MIGRATION_HALF_DONE
 */
export function refuseBelowHalfApplied(
  stops: ReadonlyMap<string, Stop>,
  { graph, plan }: Pick<PlannedMove, 'graph' | 'plan'>,
): void {
  const down = plan.steps.filter(({ direction }) => direction === 'down').map(({ id }) => id);
  const problems = [...stops].flatMap(([id, { direction, finished }]) => {
    if (direction !== 'up' || finished === 0 || !graph.has(id)) return [];
    const ancestors = graph.ancestors(id);
    const ancestor = down.find((one) => ancestors.has(one));
    if (ancestor === undefined) return [];
    const message = `${id} ${describeStop({ direction, finished })}, and ${ancestor} is its ancestor`;
    return [{ message, migration: id }];
  });
  const [first] = problems;
  if (!first) return;
  throw new KatError('MIGRATION_HALF_DONE', 'an ancestor of a half-done migration cannot be rolled back', {
    problems,
    help: `Run \`kat up --to ${first.migration}\` to finish it. Or undo its statements by hand and run \`kat repair --undone ${first.migration}\`. Nothing was executed.`,
  });
}
