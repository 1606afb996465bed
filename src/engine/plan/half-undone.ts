/** Keeps half-done migrations from being built on, or from running again from their start. */

import { KatError } from '../../errors.js';
import type { Step } from '../../graph/plan.js';
import { readHalfDone } from '../ledger/journal.js';
import { logTableOf } from '../ledger/ledger.js';
import type { LockedSession } from '../session/locked-session.js';
import type { PlannedMove } from './plan-run.js';

/**
 * Half of a transactional migration would be done twice. Of a migration that is half rolled back a part is gone, although it
 * counts as applied until the last statement of its down.sql is done.
 * @throws KatError MIGRATION_HALF_DONE when a transactional step is half done already, or when a step goes up from a migration
 *   that the plan does not finish rolling back.
 */
export async function refuseHalfUndone(
  { session, ledger }: LockedSession,
  { graph, plan }: PlannedMove,
): Promise<void> {
  if (plan.steps.length === 0 || !ledger.hasLog) return;
  const halfDone = [...(await readHalfDone(session, logTableOf(ledger)))];
  refuseToRestart(plan.steps, new Map(halfDone));
  const up = plan.steps.filter(({ direction }) => direction === 'up').map(({ id }) => id);
  const down = new Set(plan.steps.filter(({ direction }) => direction === 'down').map(({ id }) => id));
  const needed = graph.ancestors(up);
  const stopped = halfDone.filter(
    ([id, { direction }]) => direction === 'down' && needed.has(id) && !down.has(id),
  );
  if (stopped.length > 0) throw halfUndone(stopped.map(([id, { finished }]) => ({ id, finished })));
}

/** A transactional migration has no place to go on from: it ended its own transaction, or ran statement by statement before. */
function refuseToRestart(steps: readonly Step[], halfDone: Awaited<ReturnType<typeof readHalfDone>>): void {
  const stopped = steps.filter(({ id, direction, mode }) => {
    const found = halfDone.get(id);
    return mode === 'transaction' && found?.direction === direction && found.finished > 0;
  });
  const [first] = stopped;
  if (!first) return;
  throw new KatError('MIGRATION_HALF_DONE', 'a half-done migration cannot run from its start again', {
    problems: stopped.map(({ id }) => ({
      message: `the first ${halfDone.get(id)?.finished} statement(s) of ${id} were committed by an earlier run`,
      migration: id,
    })),
    help: `Finish or undo them by hand, then run \`kat repair --done ${first.id}\` or \`kat repair --undone ${first.id}\`.`,
  });
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
