/** Refuses half-done migrations: a stamp would hide which of their statements never ran, and a comparison blame them on somebody. */

import { KatError } from '../../errors.js';
import { countedAre } from '../../graph/counted.js';
import { describeStop, readHalfDone } from '../ledger/journal.js';
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
  const named = new Set(ids);
  const stopped = new Map([...stops].filter(([id]) => named.has(id)));
  const error = halfDoneError(stopped, 'Nothing was recorded.');
  if (error) throw error;
}

/** Migrations that stopped between two of their statements, by id. */
export type HalfDoneMigrations = Awaited<ReturnType<typeof readHalfDone>>;

/** @param outcome what became of the command, in a sentence. */
export function halfDoneError(halfDone: HalfDoneMigrations, outcome: string): KatError | undefined {
  const stopped = [...halfDone];
  const [first] = stopped;
  if (!first) return undefined;
  const [id, { direction }] = first;
  return new KatError('MIGRATION_HALF_DONE', `${countedAre(stopped.length, 'migration')} half done`, {
    problems: stopped.map(([migration, one]) => ({
      message: `${migration} ${describeStop(one)}`,
      migration,
    })),
    help: `Run \`kat ${direction}${direction === 'down' ? ` ${id}` : ''}\` to continue. Or finish it by hand and run \`kat repair --done ${id}\`, or undo it by hand and run \`kat repair --undone ${id}\`. ${outcome}`,
  });
}
