/** Reads from the log how long migrations took when they were applied before. */

import type { Session } from '../../connections/driver.js';
import { quoteTextArray } from '../../quote.js';
import { type Ledger, logTableOf } from '../ledger/ledger.js';
import { eq } from '../ledger/operators.js';

/** Milliseconds by id. */
export type Durations = ReadonlyMap<string, number>;

/** @returns the longest time of each of these migrations that the log knows; empty without a log. */
export async function readDurations(
  session: Session,
  ledger: Ledger,
  ids: readonly string[],
): Promise<Durations> {
  if (!ledger.hasLog) return new Map();
  const [result] = await session.execute(`SELECT migration, pg_catalog.max(duration_ms) AS duration_ms
FROM ${logTableOf(ledger)}
WHERE outcome ${eq} 'succeeded' AND direction ${eq} 'up' AND migration ${eq} ANY (${quoteTextArray(ids)})
GROUP BY migration`);
  const rows = result?.rows ?? [];
  return new Map(rows.map(({ migration, duration_ms }) => [migration ?? '', Number(duration_ms)] as const));
}
