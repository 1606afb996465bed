/** Runs steps in one session, one after the other. */

import type { Step } from '../../graph/plan.js';
import type { RunContext } from './run-context.js';
import { runTransactions } from './run-transactions.js';

/**
 * Steps of one mode and direction go together; those of a redo have the same ids in both directions, which must not be on their way
 * at once.
 * @throws what `runTransactions` and `runStatements` throw.
 */
export async function runSteps(context: RunContext, steps: readonly Step[]): Promise<void> {
  if (context.lockedSession.session.sqlite)
    return (await import('./sqlite/run-sqlite.js')).runSqliteSteps(context, steps);
  for (let start = 0, end = 0; start < steps.length; start = end) {
    const first = steps[start] as Step;
    const isAlike = ({ mode, direction }: Step) => mode === first.mode && direction === first.direction;
    end = start + 1;
    while (first.mode === 'transaction' && steps[end] && isAlike(steps[end] as Step)) end += 1;
    if (first.mode === 'transaction') await runTransactions(context, steps.slice(start, end));
    else await (await import('./run-statements.js')).runStatements(context, first);
  }
}
