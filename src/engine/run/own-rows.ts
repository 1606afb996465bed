/** Finds the rows that a run has written itself: an earlier step may move rows back into a table that a later step drops. */

import { quoteTextArray } from '../../quote.js';
import { executeInCatalog } from '../ledger/catalog-path.js';
import { logTableOf } from '../ledger/ledger.js';
import type { Writers } from '../plan/look-into.js';
import type { LockedSession } from '../session/locked-session.js';

/** The same writers, and the transactions in which this run has rolled back `ids`. */
export function withRowsOf(
  { session, ledger }: Pick<LockedSession, 'session' | 'ledger'>,
  ids: readonly string[],
  writers: Writers,
): Writers {
  if (ids.length === 0 || !ledger.hasLog) return writers;
  const read = async () => {
    const log = logTableOf(ledger);
    const [result] = await executeInCatalog(
      session,
      `SELECT DISTINCT xmin::pg_catalog.text AS writer FROM ${log} WHERE id IN (
         SELECT max(id) FROM ${log} WHERE direction = 'down' AND outcome = 'succeeded' AND migration = ANY (${quoteTextArray(ids)}) GROUP BY migration)`,
    );
    return (result?.rows ?? []).flatMap((row) => row.writer ?? []);
  };
  let own: Promise<string[]> | undefined;
  return {
    ...writers,
    creatorsOf: async (relation) => {
      own ??= read();
      return [...(await writers.creatorsOf(relation)), ...(await own)];
    },
  };
}
