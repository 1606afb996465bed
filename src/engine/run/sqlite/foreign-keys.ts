/**
 * Keeps the rows of child tables while a migration rebuilds their parent. With foreign keys on, DROP TABLE deletes all rows first,
 * which cascades (https://www.sqlite.org/lang_droptable.html), and the setting cannot be changed inside a transaction
 * (https://www.sqlite.org/pragma.html#pragma_foreign_keys). So it is switched off before BEGIN, and all rows are checked before COMMIT.
 */

import type { Session } from '../../../connections/driver.js';
import { asciiLower } from '../../../connections/sqlite/ascii-lower.js';
import type { SqliteStatement } from '../../../connections/sqlite/split-statements.js';
import { KatError } from '../../../errors.js';
import { listIds } from '../../../graph/list-ids.js';
import { quoteSqliteText } from '../../ledger/sqlite/ledger-sql.js';
import { createdTable } from '../../plan/sqlite/statement-names.js';
import { findTableChanges, type TableChanges } from '../../plan/sqlite/table-changes.js';
import { readPragma } from './read-pragma.js';

export interface ForeignKeyGuard {
  /**
   * Call it before COMMIT.
   * @param later statements of the same migration, which drop or make the tables that they name.
   * @throws KatError SQL_ERROR that names the rows and tables whose parent is missing now.
   */
  check(later?: readonly SqliteStatement[]): Promise<void>;
  /** Call it after COMMIT or ROLLBACK. */
  restore(): Promise<void>;
}

/** Switches nothing and checks nothing. */
export const unguarded: ForeignKeyGuard = { check: async () => undefined, restore: async () => undefined };

/** Call it outside of a transaction. */
export async function guardForeignKeys(session: Session, changes: TableChanges): Promise<ForeignKeyGuard> {
  const changed = [...changes.dropped, ...changes.renames.map(({ from }) => from)];
  if (changed.length === 0 || (await readPragma(session, 'foreign_keys')) !== '1') return unguarded;
  const before = await whileLocked(session, async () => {
    const parents = new Set([...(await readParents(session)), ...changes.referenced]);
    return changed.some((table) => parents.has(table)) ? await readViolations(session) : undefined;
  });
  if (!before) return unguarded;
  await session.execute('PRAGMA foreign_keys = OFF');
  return {
    check: async (later = []) => {
      const settled = findSettled(later);
      const after = await readViolations(session);
      refuseNew(
        before,
        [...after.values()].filter((one) => !isSettled(one, settled)),
      );
    },
    restore: async () => {
      await session.execute('PRAGMA foreign_keys = ON');
    },
  };
}

/** With `libsql`, a read that fails at a lock makes DROP TABLE fail later. So the lock is taken before the reads. */
async function whileLocked<T>(session: Session, read: () => Promise<T>): Promise<T> {
  await session.execute('BEGIN IMMEDIATE');
  try {
    return await read();
  } finally {
    await session.execute('ROLLBACK');
  }
}

/** The PRAGMA costs thirty times as much as the search for the word that every foreign key has. */
const foreignKeysSql = `sqlite_master m, pragma_foreign_key_list(m.name) f
  WHERE m.type = 'table' AND instr(lower(m.sql), 'references') > 0`;

/** In lower case, as SQLite's names have no case. */
async function readParents(session: Session): Promise<string[]> {
  const [result] = await session.execute(`SELECT DISTINCT lower(f."table") AS parent FROM ${foreignKeysSql}`);
  return (result?.rows ?? []).map(({ parent }) => parent ?? '');
}

interface Violation {
  /** The violation, in words. */
  text: string;
  /** Rows of a table WITHOUT ROWID all look the same. */
  count: number;
  /** The table of the foreign key. */
  child: string;
  /** Of a foreign key whose parent table does not exist. */
  missing?: string;
}

/** By their words. */
type Violations = ReadonlyMap<string, Violation>;

async function readViolations(session: Session): Promise<Violations> {
  const found = new Map<string, Violation>();
  const add = (violation: Omit<Violation, 'count'>) => {
    const count = (found.get(violation.text)?.count ?? 0) + 1;
    found.set(violation.text, { ...violation, count });
  };
  const [rows] = await session.execute('PRAGMA foreign_key_check');
  for (const { table, rowid, parent } of rows?.rows ?? [])
    add({
      text: `row ${rowid ?? '(without rowid)'} of ${table} has no parent in ${parent}`,
      child: table ?? '',
    });
  const [tables] = await session.execute(
    `SELECT DISTINCT m.name AS child, f."table" AS parent FROM ${foreignKeysSql} AND lower(f."table") NOT IN (SELECT lower(name) FROM sqlite_master WHERE type = ${quoteSqliteText('table')})`,
  );
  for (const { child, parent } of tables?.rows ?? []) {
    const names = { child: child ?? '', missing: parent ?? '' };
    add({ text: `${child} references ${parent}, which does not exist`, ...names });
  }
  return found;
}

/** The tables, in lower case, that later statements drop, make or rename. */
function findSettled(later: readonly SqliteStatement[]): ReadonlySet<string> {
  const { dropped, renames } = findTableChanges(later);
  const created = later.flatMap(({ head }) => createdTable(head)?.name ?? []);
  return new Set([...dropped, ...renames.map(({ to }) => to), ...created.map(asciiLower)]);
}

/** A reference without rows harms nothing until then. */
function isSettled({ child, missing }: Violation, settled: ReadonlySet<string>): boolean {
  return missing !== undefined && [child, missing].some((table) => settled.has(asciiLower(table)));
}

const mostNamed = 10;

function refuseNew(before: Violations, after: readonly Violation[]): void {
  const isNew = ({ text, count }: Violation) => count > (before.get(text)?.count ?? 0);
  const found = after.filter(isNew);
  const added = found.map(({ text }) => text);
  if (added.length === 0) return;
  const children = listIds([...new Set(found.map(({ child }) => child))]);
  const more = added.length > mostNamed ? `, and ${added.length - mostNamed} more` : '';
  throw new KatError(
    'SQL_ERROR',
    `foreign keys do not hold any more: ${added.slice(0, mostNamed).join('; ')}${more}`,
    {
      help: `Copy or delete these rows in the migration, or change ${children} as well: a table that refers to another one is dropped first.`,
    },
  );
}
