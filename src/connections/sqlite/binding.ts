/** Loads SQLite: the one inside of Node.js where it has one, else that of the package `libsql`. */

import { ConnectionError } from '../../errors.js';
import { nameResultCode } from './result-codes.js';

/** Values as the bindings return them. */
export type SqliteValue = string | number | bigint | Uint8Array | ArrayBuffer | null;

/** One open database. Every call keeps this thread until SQLite has finished. */
export interface SqliteConnection {
  /**
   * Executes one statement.
   * @returns its rows, as many as are to be kept.
   * @throws SqliteFailure
   */
  run(sql: string, keptRows: number): Record<string, SqliteValue>[];
  isInTransaction(): boolean;
  /** Ends an open transaction, if there is one. */
  rollBack(): void;
  close(): void;
}

/** An error of SQLite's, the same from both bindings. */
export class SqliteFailure extends Error {
  /** Such as `SQLITE_BUSY`. */
  readonly code: string;

  constructor(code: string, message: string) {
    super(message);
    this.code = code;
  }
}

interface Binding {
  open(path: string): Database;
}

/** What `node:sqlite` and `libsql` have in common. */
interface Database {
  prepare(sql: string): Statement;
  exec(sql: string): unknown;
  close(): void;
  /** Of `libsql`. */
  readonly inTransaction?: boolean;
  /** Of `node:sqlite` in Node.js 22.16 and later. */
  readonly isTransaction?: boolean;
}

interface Statement {
  iterate(): Iterable<Record<string, SqliteValue>>;
  /** Of `libsql`. */
  safeIntegers?(toggle: boolean): unknown;
  /** Of `node:sqlite`. */
  setReadBigInts?(toggle: boolean): unknown;
}

let binding: Binding | undefined;

/**
 * @param path absolute, or `:memory:`.
 * @throws SqliteFailure; ConnectionError when this Node.js has no SQLite and `libsql` is not installed.
 */
export async function openConnection(path: string): Promise<SqliteConnection> {
  binding ??= loadNodeSqlite() ?? (await loadLibsql());
  const { open } = binding;
  const database = translated(() => open(path));
  const prepare = createPreparer(database);
  return {
    run: (sql, keptRows) => translated(() => runStatement({ database, prepare }, sql, keptRows)),
    isInTransaction: () => isInTransaction(database),
    rollBack: () => rollBack(database),
    close: () => {
      // `libsql` keeps a closed database, and its locks, until its statements are collected as garbage.
      rollBack(database);
      database.close();
    },
  };
}

function isInTransaction(database: Database): boolean {
  return database.isTransaction ?? database.inTransaction ?? !canBegin(database);
}

/** There is no transaction in a transaction. BEGIN alone takes no lock. */
function canBegin(database: Database): boolean {
  try {
    database.exec('BEGIN');
  } catch {
    return false;
  }
  database.exec('ROLLBACK');
  return true;
}

function rollBack(database: Database): void {
  try {
    database.exec('ROLLBACK');
  } catch {
    // There was no transaction.
  }
}

/**
 * What meets a lock. A prepared statement of `libsql` that failed at a lock stays open until it is executed to its end, or collected
 * as garbage: DROP TABLE and COMMIT fail meanwhile. `exec` leaves none.
 */
const transactionControl = /^(?:BEGIN|COMMIT|ROLLBACK)\b/i;

/** Uses a statement. @throws what that throws. */
type Preparer = (sql: string, use: (statement: Statement) => void) => void;

/** A statement that failed is used again when the same SQL is tried again, as whoever waits for a lock does. */
function createPreparer(database: Database): Preparer {
  let failed: { sql: string; statement: Statement } | undefined;
  return (sql, use) => {
    const statement = failed?.sql === sql ? failed.statement : database.prepare(sql);
    failed = { sql, statement };
    use(statement);
    failed = undefined;
  };
}

function runStatement(
  { database, prepare }: { database: Database; prepare: Preparer },
  sql: string,
  keptRows: number,
): Record<string, SqliteValue>[] {
  // A prepared statement also keeps its text twice until it is collected: a migration of 100 MB would take 200 MB more.
  if (keptRows === 0 || transactionControl.test(sql)) {
    database.exec(sql);
    return [];
  }
  const kept: Record<string, SqliteValue>[] = [];
  prepare(sql, (statement) => {
    statement.safeIntegers?.(true);
    statement.setReadBigInts?.(true);
    for (const row of statement.iterate()) if (kept.length < keptRows) kept.push(row);
  });
  return kept;
}

/** Node.js 22.13 and later have it without a flag. Up to version 24 it warns that it is experimental. */
function loadNodeSqlite(): Binding | undefined {
  const { emitWarning } = process;
  process.emitWarning = () => undefined;
  try {
    const found: unknown = process.getBuiltinModule?.('node:sqlite');
    if (!hasDatabaseSync(found)) return undefined;
    return { open: (path) => new found.DatabaseSync(path, { timeout: 0 }) };
  } finally {
    process.emitWarning = emitWarning;
  }
}

function hasDatabaseSync(
  found: unknown,
): found is { DatabaseSync: new (path: string, options: { timeout: number }) => Database } {
  return typeof found === 'object' && found !== null && 'DatabaseSync' in found;
}

async function loadLibsql(): Promise<Binding> {
  try {
    const { default: Libsql } = await import('libsql');
    return { open: (path) => new Libsql(path) as unknown as Database };
  } catch (cause) {
    throw new ConnectionError(
      `Node.js ${process.versions.node} has no SQLite, and the package libsql cannot be loaded`,
      {
        help: 'Use Node.js 22.13 or newer, or run `npm install libsql` in this project.',
        isTransient: false,
        cause,
      },
    );
  }
}

function translated<T>(work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw toFailure(error);
  }
}

/** `node:sqlite` has `errcode`, `libsql` has `code`, but only a number at the end of its text where it cannot open a file. */
function toFailure(error: unknown): unknown {
  if (!(error instanceof Error)) return error;
  const { errcode, code } = error as { errcode?: unknown; code?: unknown };
  if (typeof errcode === 'number') return new SqliteFailure(nameResultCode(errcode), error.message);
  if (typeof code === 'string' && code.startsWith('SQLITE_')) return new SqliteFailure(code, error.message);
  const opening = /^ConnectionFailed\("Unable to open connection to local database .*: (\d+)"\)$/s.exec(
    error.message,
  );
  if (opening) return new SqliteFailure(nameResultCode(Number(opening[1])), 'unable to open database file');
  return error;
}
