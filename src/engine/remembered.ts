/** What the log holds of applied migrations as they were then: it undoes what the folder no longer can. */

import type { Session } from '../drivers/driver.js';
import type { RememberedMigration } from '../graph/missing.js';
import { type Ledger, logTableOf } from './ledger.js';
import { isSettled } from './log.js';
import { quoteTextArray } from './quote.js';

export interface Remembered extends RememberedMigration {
  /** Of its up.sql. */
  checksum: string | undefined;
  /** Its down.sql; undefined where it had none. */
  downSql: string | undefined;
}

/**
 * The last time that each of `ids` was applied or recorded as applied; those that the log does not know are left out.
 * One query, whatever the number of ids.
 */
export async function readRemembered(
  session: Session,
  ledger: Ledger,
  ids: readonly string[],
): Promise<Map<string, Remembered>> {
  if (!ledger.hasLog || ids.length === 0) return new Map();
  const [result] = await session.execute(
    `SELECT DISTINCT ON (migration) migration, checksum, down_sql, no_transaction,
            pg_catalog.array_to_json(parents) AS parents
     FROM ${logTableOf(ledger)}
     WHERE migration = ANY (${quoteTextArray(ids)}) AND direction = 'up' AND ${isSettled}
     ORDER BY migration, id DESC`,
  );
  return new Map(
    (result?.rows ?? []).map(({ migration, checksum, down_sql, no_transaction, parents }) => [
      migration ?? '',
      {
        id: migration ?? '',
        parents: JSON.parse(parents ?? '[]') as string[],
        noTransaction: no_transaction === 't',
        checksum: checksum ?? undefined,
        downSql: down_sql ?? undefined,
      },
    ]),
  );
}
