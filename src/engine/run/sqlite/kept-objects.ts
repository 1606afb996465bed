/**
 * Keeps what hangs on a table that a migration rebuilds: its triggers, which go with DROP TABLE, and the number that
 * AUTOINCREMENT has reached, which the copied rows may not show any more.
 */

import type { Session } from '../../../connections/driver.js';
import { asciiLower } from '../../../connections/sqlite/ascii-lower.js';
import { KatError, SqlError } from '../../../errors.js';
import { quoteSqliteText } from '../../ledger/sqlite/ledger-sql.js';
import type { TableChanges } from '../../plan/sqlite/table-changes.js';

interface KeptObjects {
  /** Call it behind the migration's statements, in the same transaction. */
  restore(): Promise<void>;
}

/** Call it before the migration's statements, in their transaction. */
export async function keepOfRebuilt(
  session: Session,
  { rebuilt, droppedTriggers }: TableChanges,
): Promise<KeptObjects> {
  if (rebuilt.length === 0) return { restore: async () => undefined };
  const tables = `(${rebuilt.map(quoteSqliteText).join(', ')})`;
  const triggers = await readTriggers(session, tables);
  const numbers = await readNumbers(session, tables);
  return {
    restore: async () => {
      const now = (await readTriggers(session, tables)).map(({ name }) => name);
      const there = new Set([...now, ...droppedTriggers]);
      for (const trigger of triggers) if (!there.has(trigger.name)) await recreate(session, trigger);
      for (const number of numbers) await raise(session, number);
    },
  };
}

interface Trigger {
  /** In lower case. */
  name: string;
  sql: string;
}

async function recreate(session: Session, { name, sql }: Trigger): Promise<void> {
  try {
    await session.execute(sql);
  } catch (cause) {
    if (!(cause instanceof SqlError)) throw cause;
    throw new KatError(
      'SQL_ERROR',
      `the trigger ${name} of a rebuilt table cannot be created again: ${cause.message}`,
      {
        help: `Write DROP TRIGGER ${name} into the migration, and create the trigger that fits the new table.`,
        cause,
      },
    );
  }
}

async function readTriggers(session: Session, tables: string): Promise<Trigger[]> {
  const [result] = await session.execute(
    `SELECT lower(name) AS name, sql FROM sqlite_master WHERE type = 'trigger' AND lower(tbl_name) IN ${tables}`,
  );
  return (result?.rows ?? []).map(({ name, sql }) => ({ name: name ?? '', sql: sql ?? '' }));
}

interface ReachedNumber {
  table: string;
  reached: string;
}

/** `sqlite_sequence` is there only while some table has AUTOINCREMENT. */
async function readNumbers(session: Session, tables: string): Promise<ReachedNumber[]> {
  const [found] = await session.execute(
    "SELECT 1 AS is_there FROM sqlite_master WHERE name = 'sqlite_sequence'",
  );
  if (found?.rows.length === 0) return [];
  const [result] = await session.execute(
    `SELECT name, seq FROM sqlite_sequence WHERE lower(name) IN ${tables}`,
  );
  return (result?.rows ?? []).map(({ name, seq }) => ({ table: name ?? '', reached: seq ?? '0' }));
}

/** A row is there once a table with AUTOINCREMENT has had one; a table that was empty gets its row anew. */
async function raise(session: Session, { table, reached }: ReachedNumber): Promise<void> {
  const name = quoteSqliteText(asciiLower(table));
  await session.execute(`UPDATE sqlite_sequence SET seq = max(seq, ${reached}) WHERE lower(name) = ${name}`);
  await session.execute(
    `INSERT INTO sqlite_sequence (name, seq) SELECT name, ${reached} FROM sqlite_master
     WHERE type = 'table' AND lower(name) = ${name} AND sql LIKE '%AUTOINCREMENT%'
       AND NOT EXISTS (SELECT 1 FROM sqlite_sequence s WHERE lower(s.name) = ${name})`,
  );
}
