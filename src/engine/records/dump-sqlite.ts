/** Gets the schema of a SQLite database as SQL that can be a migration: SQLite keeps the statements that made it. */

import type { Session } from '../../connections/driver.js';
import { asciiLower } from '../../connections/sqlite/ascii-lower.js';
import { KatError } from '../../errors.js';
import type { Ledger } from '../ledger/ledger.js';
import { findKatTables } from '../ledger/other-tables.js';
import { quoteSqliteText } from '../ledger/sqlite/ledger-sql.js';
import type { DumpOptions, SchemaDump } from './dump-schema.js';

/**
 * Without rows, without Kat's tables, also those of other projects, and without those that a virtual table creates. In the order in which the objects were created.
 * @throws KatError USAGE for an option that SQLite does not have.
 */
export async function dumpSqliteSchema(
  { session, ledger }: { session: Session; ledger: Ledger },
  { schemas = [], withRoles, pgDump }: DumpOptions,
): Promise<SchemaDump> {
  refuseOptions([
    ...(schemas.length > 0 ? ['--schema'] : []),
    ...(withRoles ? ['--privileges'] : []),
    ...(pgDump === undefined ? [] : ['--pg-dump']),
  ]);
  const kat = await findKatTables(session, ledger);
  const names = kat.map(({ table }) => quoteSqliteText(asciiLower(table)));
  const [result] = await session.execute(
    `SELECT sql FROM sqlite_master
     WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' AND lower(tbl_name) NOT IN (${names.join(', ')})
       AND tbl_name NOT IN (SELECT name FROM pragma_table_list WHERE schema = 'main' AND type = 'shadow')
     ORDER BY type <> 'table', rowid`,
  );
  const statements = (result?.rows ?? []).map(({ sql }) => `${sql};\n`);
  if (statements.length === 0) throw emptyDatabase();
  const author = `SQLite ${session.server.version}`;
  return { sql: statements.join(''), statements: statements.length, author, leftOut: [] };
}

function refuseOptions(given: readonly string[]): void {
  if (given.length === 0) return;
  throw new KatError('USAGE', `${given.join(' and ')} cannot be used with SQLite`, {
    help: 'Leave it out: SQLite has no schemas, roles or pg_dump.',
  });
}

function emptyDatabase(): KatError {
  return new KatError('USAGE', 'this database has no tables', {
    help: 'A baseline is for a database that has a schema already. Create the first migration with `kat add`.',
  });
}
