/** Tells from texts alone which SQL cannot change the rows of a SQLite tracking table. */

import type { Session } from '../../../connections/driver.js';
import { readTokens } from '../../../connections/sqlite/tokens.js';
import { quoteSqliteText } from './ledger-sql.js';
import { ledgerColumnsSql } from './sqlite-ledger.js';

/**
 * Whether SQL may change rows of the table, or make something that does. SQLite builds no SQL from data, so a text reaches a
 * table only by its name, by a trigger that has the name, or by a virtual table (`a` owns the tables `a_data`, `a_stat` and so on).
 * Names that begin with `sqlite_` lead to the schema itself, where a table can be renamed under `PRAGMA writable_schema`.
 * What lies in comments or in longer quoted texts counts as well: a wrong yes costs time, a wrong no a row.
 */
export type ReachTest = (sql: string) => boolean;

export function createReachTest(table: string): ReachTest {
  const parts = table.split('_');
  const owners = parts.slice(1).map((_, index) => parts.slice(0, index + 1).join('_'));
  const names = [table, ...owners].map((name) => name.replaceAll('$', '\\$'));
  const pattern = new RegExp(`(?<![\\w$])(?:(?:${names.join('|')})(?![\\w$])|sqlite_)`, 'i');
  return (sql) => pattern.test(sql);
}

/**
 * Whether SQL that does not reach the table leaves its rows alone: the table is as Kat and Go's Kat make it, without references
 * that cascade, and no trigger reaches it.
 */
export async function isOutOfReach(session: Session, table: string, reaches: ReachTest): Promise<boolean> {
  const [own, main, temporary] = await session.execute(
    `SELECT sql FROM sqlite_master WHERE type = 'table' AND lower(name) = lower(${quoteSqliteText(table)});
     SELECT sql FROM sqlite_master WHERE type = 'trigger';
     SELECT sql FROM sqlite_temp_master WHERE type = 'trigger'`,
  );
  const triggers = [...(main?.rows ?? []), ...(temporary?.rows ?? [])];
  return (
    columnsOf(own?.rows[0]?.sql ?? '') === promisedColumns && !triggers.some(({ sql }) => reaches(sql ?? ''))
  );
}

/** What stands behind the table's name in CREATE TABLE, without blanks and comments. */
function columnsOf(sql: string): string {
  return tokensOf(sql).slice(3).join(' ');
}

function tokensOf(sql: string): string[] {
  return [...readTokens(sql)].map(({ value }) => value);
}

const promisedColumns = tokensOf(ledgerColumnsSql).join(' ');
