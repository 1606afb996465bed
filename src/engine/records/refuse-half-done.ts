/** Refuses to stamp half-done migrations that nobody named: the record would hide which of their statements never ran. */

import { KatError } from '../../errors.js';
import { countedAre } from '../../graph/counted.js';
import { readHalfDone } from '../ledger/journal.js';
import { logTableOf } from '../ledger/ledger.js';
import type { DatabaseState } from '../plan/plan-run.js';

/**
 * @param ids those that come along.
 * @throws KatError MIGRATION_HALF_DONE when one of them stopped between two of its statements, in either direction.
 */
export async function refuseHalfDone(
  { session, ledger }: Pick<DatabaseState, 'session' | 'ledger'>,
  ids: readonly string[],
): Promise<void> {
  if (!ledger.hasLog || ids.length === 0) return;
  const stops = await readHalfDone(session, logTableOf(ledger));
  const stopped = ids.flatMap((id) => {
    const stop = stops.get(id);
    return stop ? [{ id, ...stop }] : [];
  });
  const [first] = stopped;
  if (!first) return;
  const { id, direction } = first;
  throw new KatError('MIGRATION_HALF_DONE', `${countedAre(stopped.length, 'migration')} half done`, {
    problems: stopped.map((one) => ({
      message: `${one.id} stopped in statement ${one.finished + 1} of its ${one.direction}.sql`,
      migration: one.id,
    })),
    help: `Run \`kat ${direction}${direction === 'down' ? ` ${id}` : ''}\` to continue. Or finish it by hand and run \`kat repair --done ${id}\`, or undo it by hand and run \`kat repair --undone ${id}\`. Nothing was recorded.`,
  });
}
