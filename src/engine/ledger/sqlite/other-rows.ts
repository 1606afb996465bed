/** Proves that a transaction has left the rows of other migrations in a SQLite tracking table as they were. */

import type { Session } from '../../../connections/driver.js';
import { KatError } from '../../../errors.js';
import type { Ledger } from '../ledger.js';
import { formatTableName } from '../table-name.js';
import { quoteSqliteText } from './ledger-sql.js';

/**
 * The rows of the tracking table but for some, as one text to compare.
 * @param ids whose rows are left out.
 */
export async function readOtherRows(
  session: Session,
  { name }: Ledger,
  ids: readonly string[],
): Promise<string> {
  const row = 'json_array(id, name, migration_time, duration)';
  const others = `name NOT IN (${ids.map(quoteSqliteText).join(', ')})`;
  const [result] = await session.execute(
    `SELECT json_group_array(line) AS lines FROM (SELECT ${row} AS line FROM ${formatTableName(name)} WHERE ${others} ORDER BY id)`,
  );
  return result?.rows[0]?.lines ?? '';
}

/**
 * Call it at the end of a migration's transaction.
 * @param before what `readOtherRows` returned at its beginning.
 * @throws KatError SQL_ERROR when the migration or a trigger has added, changed or deleted rows of other migrations.
 */
export async function proveOtherRows(
  session: Session,
  ledger: Ledger,
  { ids, before }: { ids: readonly string[]; before: string },
): Promise<void> {
  if ((await readOtherRows(session, ledger, ids)) === before) return;
  throw new KatError('SQL_ERROR', 'other rows of the tracking table were added, changed or deleted', {
    help: 'Remove what writes into it from the migration, and triggers on it and on its log: only Kat writes there.',
  });
}
