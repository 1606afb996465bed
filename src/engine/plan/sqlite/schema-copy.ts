/** Keeps the tables of a SQLite file without rows in memory, and changes them as a text does, to ask SQLite what its statements mean. */

import type { Driver, Session } from '../../../connections/driver.js';
import { asciiLower } from '../../../connections/sqlite/ascii-lower.js';
import type { SqliteStatement } from '../../../connections/sqlite/split-statements.js';
import { SqlError } from '../../../errors.js';
import { quoteIdentifier } from '../../../quote.js';
import { quoteSqliteText } from '../../ledger/sqlite/ledger-sql.js';
import { createdTable } from './statement-names.js';

/** A column as its table declares it. */
interface DeclaredColumn {
  /** In lower case. */
  name: string;
  /** As it is written; empty where there is none. */
  type: string;
  isNotNull: boolean;
}

/** What CREATE TABLE says of a table. */
export interface DeclaredTable {
  sql: string;
  columns: readonly DeclaredColumn[];
}

/** The file is read when something is asked for the first time. */
export class SchemaCopy {
  readonly #original: Session;
  #opened: { driver: Driver; session: Session } | undefined;
  /** What happens before something is asked. */
  #pending: ((session: Session) => Promise<unknown>)[] = [];

  constructor(original: Session) {
    this.#original = original;
  }

  /** Call it behind each statement, in their order. */
  async follow(statement: SqliteStatement): Promise<void> {
    if (!definitions.has(statement.head[0]?.value ?? '')) return;
    await this.#change((session) => isPossible(session, withoutRows(statement)));
  }

  /** Drops what ends with the session of a text. */
  async endText(): Promise<void> {
    await this.#change(async (session) => {
      const [result] = await session.execute('SELECT type, name FROM sqlite_temp_master');
      for (const { type, name } of result?.rows ?? [])
        await isPossible(session, `DROP ${type} IF EXISTS temp.${quoteIdentifier(name ?? '')}`);
    });
  }

  /** Whether a value is the same for each row of a table: SQLite understands it where no row is. */
  async isConstant(value: string): Promise<boolean> {
    return isPossible(await this.#open(), `EXPLAIN SELECT ${value}`);
  }

  /** @param key as `SessionTables` has it. @returns undefined for a table that is not there. */
  async findTable(key: string): Promise<DeclaredTable | undefined> {
    const session = await this.#open();
    const [schema, name] = key.startsWith('temp.') ? ['temp', key.slice('temp.'.length)] : ['main', key];
    const [result] = await session.execute(
      `SELECT m.sql AS sql, c.name AS name, c.type AS type, c."notnull" AS not_null
       FROM ${schema}.sqlite_master m, pragma_table_info(m.name, '${schema}') c
       WHERE m.type = 'table' AND lower(m.name) = ${quoteSqliteText(name)} ORDER BY c.cid`,
    );
    const rows = result?.rows ?? [];
    const columns = rows.map((row) => ({
      ...{ name: asciiLower(row.name ?? ''), type: row.type ?? '', isNotNull: row.not_null === '1' },
    }));
    return rows[0] && { sql: rows[0].sql ?? '', columns };
  }

  async close(): Promise<void> {
    await this.#opened?.session.close();
    await this.#opened?.driver.close();
    this.#opened = undefined;
  }

  async #change(change: (session: Session) => Promise<unknown>): Promise<void> {
    if (this.#opened) await change(this.#opened.session);
    else this.#pending.push(change);
  }

  async #open(): Promise<Session> {
    if (this.#opened) return this.#opened.session;
    const { createSqliteDriver } = await import('../../../connections/sqlite/sqlite-driver.js');
    const driver = createSqliteDriver({ driver: 'sqlite' });
    const session = await driver.open('kat');
    this.#opened = { driver, session };
    await copySchema(this.#original, session);
    for (const change of this.#pending) await change(session);
    this.#pending = [];
    return session;
  }
}

const definitions: ReadonlySet<string> = new Set(['ALTER', 'CREATE', 'DROP']);

/** The tables of a virtual table are there when their turn comes. RENAME asks nothing of views that miss a table. */
async function copySchema(original: Session, copy: Session): Promise<void> {
  await copy.execute('PRAGMA foreign_keys = OFF; PRAGMA legacy_alter_table = ON');
  const [result] = await original.execute(
    `SELECT sql FROM sqlite_master WHERE type IN ('table', 'view') AND sql IS NOT NULL AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' ORDER BY rowid`,
  );
  for (const { sql } of result?.rows ?? []) await isPossible(copy, sql ?? '');
}

/** CREATE TABLE … AS computes nothing. */
function withoutRows({ text, head }: SqliteStatement): string {
  const created = createdTable(head);
  const as = created && head[created.end];
  if (as?.value !== 'AS' || as.kind !== 'word') return text;
  return `${text.slice(0, as.end - (head[0]?.start ?? 0))} SELECT * FROM (${text.slice(as.end - (head[0]?.start ?? 0))}\n) LIMIT 0`;
}

/** Executes a statement, and changes nothing if it fails. */
async function isPossible(session: Session, statement: string): Promise<boolean> {
  try {
    await session.execute(statement);
    return true;
  } catch (error) {
    if (!(error instanceof SqlError) || error.isSessionLost) throw error;
    return false;
  }
}
