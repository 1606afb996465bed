/** Executes one statement of a migration that may rebuild tables. */

import type { Session } from '../../../connections/driver.js';
import type { SqliteStatement } from '../../../connections/sqlite/split-statements.js';
import { SqlError } from '../../../errors.js';
import { quoteIdentifier } from '../../../quote.js';
import { quoteSqliteText } from '../../ledger/sqlite/ledger-sql.js';
import { renameOf } from '../../plan/sqlite/statement-names.js';
import type { ActionWatch } from './foreign-key-actions.js';
import { readPragma } from './read-pragma.js';

/**
 * RENAME of a rebuilt table leaves views, triggers and references of other tables as they are: they mean the table that takes
 * its place. Without `legacy_alter_table`, SQLite rewrites them, or fails because they name a missing table
 * (https://www.sqlite.org/pragma.html#pragma_legacy_alter_table).
 * @param rebuilt in lower case. @throws what the session and the watch throw.
 */
export async function executeStatement(
  session: Session,
  statement: SqliteStatement,
  { rebuilt, watch }: { rebuilt: readonly string[]; watch: ActionWatch },
): Promise<void> {
  const [rename] = renameOf(statement.head);
  const run = () => watch.execute(statement);
  const isOfRebuilt = rename && [rename.from, rename.to].some((table) => rebuilt.includes(table));
  if (!isOfRebuilt || (await readPragma(session, 'legacy_alter_table')) === '1') await run();
  else if (!rebuilt.includes(rename.from) && (await isReferenced(session, rename.from)))
    await renameWithReferences(session, run);
  else await withLegacyRename(session, run);
}

async function withLegacyRename(session: Session, run: () => Promise<void>): Promise<void> {
  await session.execute('PRAGMA legacy_alter_table = ON');
  try {
    await run();
  } finally {
    await session.execute('PRAGMA legacy_alter_table = OFF');
  }
}

/** A reference to the name that the new table has until its rename, such as its own. @param table in lower case. */
async function isReferenced(session: Session, table: string): Promise<boolean> {
  const [result] = await session.execute(
    `SELECT 1 AS found FROM main.sqlite_master m, pragma_foreign_key_list(m.name, 'main') f
     WHERE m.type = 'table' AND instr(lower(m.sql), 'references') > 0 AND lower(f."table") = ${quoteSqliteText(table)} LIMIT 1`,
  );
  return (result?.rows.length ?? 0) > 0;
}

/**
 * With `legacy_alter_table` and foreign keys off, references keep the former name. Otherwise, RENAME fails while a view or a
 * trigger names the table that is missing until then. So these are dropped for the rename where it fails.
 */
async function renameWithReferences(session: Session, rename: () => Promise<void>): Promise<void> {
  try {
    return await rename();
  } catch (error) {
    if (!(error instanceof SqlError) || error.isSessionLost) throw error;
  }
  const [result] = await session.execute(
    `SELECT type, name, sql FROM main.sqlite_master WHERE type IN ('view', 'trigger') ORDER BY type = 'trigger', rowid`,
  );
  const dependents = result?.rows ?? [];
  for (const { type, name } of dependents)
    await session.execute(`DROP ${type} IF EXISTS main.${quoteIdentifier(name ?? '')}`);
  await rename();
  for (const { sql } of dependents) await session.execute(sql ?? '');
}
