/** Keeps migrations from being applied on top of one whose rollback stopped between its statements. */

import { KatError } from '../../errors.js';
import { readHalfDone } from '../ledger/journal.js';
import { logTableOf } from '../ledger/ledger.js';
import type { Workplace } from '../session/locked-session.js';
import type { PlannedMove } from './plan-run.js';

/**
 * Part of what such a migration did is gone, although it counts as applied until the last statement of its down.sql is done.
 * @throws KatError MIGRATION_HALF_DONE when a step goes up from one that the plan does not finish rolling back.
 */
export async function refuseHalfUndone(
  { session, ledger }: Workplace,
  { graph, plan }: PlannedMove,
): Promise<void> {
  const up = plan.steps.filter(({ direction }) => direction === 'up').map(({ id }) => id);
  if (up.length === 0 || !ledger.hasLog) return;
  const down = new Set(plan.steps.filter(({ direction }) => direction === 'down').map(({ id }) => id));
  const needed = graph.ancestors(up);
  const halfDone = [...(await readHalfDone(session, logTableOf(ledger)))];
  const stopped = halfDone.filter(
    ([id, { direction }]) => direction === 'down' && needed.has(id) && !down.has(id),
  );
  if (stopped.length > 0) throw halfUndone(stopped.map(([id, { finished }]) => ({ id, finished })));
}

function halfUndone(stopped: readonly { id: string; finished: number }[]): KatError {
  const [first] = stopped;
  return new KatError(
    'MIGRATION_HALF_DONE',
    'what is to be applied follows a migration that is half rolled back',
    {
      problems: stopped.map(({ id, finished }) => ({
        message: `${id} stopped in statement ${finished + 1} of its down.sql`,
        migration: id,
      })),
      help: `Run \`kat down ${first?.id}\` to go on with its rollback, or settle it with \`kat repair\`.`,
    },
  );
}
