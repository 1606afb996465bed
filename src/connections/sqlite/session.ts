/** A SQLite session. Statements run in this thread, one after the other; between two of them others get their turn. */

import { statSync } from 'node:fs';
import { setImmediate as nextTurn, setTimeout as sleep } from 'node:timers/promises';
import { ConnectionError, SqlError } from '../../errors.js';
import type { NoticeListener, Session, SqliteFacts, SqlText, StatementResult } from '../driver.js';
import { type SqliteConnection, SqliteFailure, type SqliteValue } from './binding.js';
import { findErrorPlace } from './error-place.js';
import { isResultCode } from './result-codes.js';
import { type SqliteStatement, splitSqliteStatements } from './split-statements.js';

interface SqliteSessionOptions {
  connection: SqliteConnection;
  /** Of the database; undefined in memory. */
  file: string | undefined;
  version: string;
  /** Gives a connection without settings, attached databases and temporary tables in the place of this one. */
  renew(connection: SqliteConnection): Promise<SqliteConnection>;
  /** Called when the session is closed. */
  leave(connection: SqliteConnection): void;
}

interface Message {
  readonly text: string;
  readonly keptRows: number;
  /** How many of its statements have finished. */
  completed: number;
  /** How many of these no ROLLBACK takes back. */
  committed: number;
  isCancelled: boolean;
}

/** How long another connection's lock is waited for until a run says otherwise. */
const defaultBusyMs = 10_000;

/** Who waits asks again after up to twice this time: at random, so that nobody always comes too late. */
const pollMs = 10;

export class SqliteSession implements Session {
  readonly server;
  readonly processId = undefined;
  readonly literals = 'standard';
  readonly isBorrowed = false;
  readonly sqlite: { -readonly [Fact in keyof SqliteFacts]: SqliteFacts[Fact] };
  readonly #options: SqliteSessionOptions;
  #connection: SqliteConnection | undefined;
  /** Messages are taken in order. */
  #queue: Promise<unknown> = Promise.resolve();
  readonly #unanswered: Message[] = [];
  #closeReason: string | undefined;
  /** Which file the path led to when it was opened; undefined where there was none yet. */
  #opened: string | undefined;

  constructor(options: SqliteSessionOptions) {
    const { version, file, connection } = options;
    this.server = { version, versionNumber: versionNumberOf(version) };
    this.#options = options;
    this.#connection = connection;
    this.#opened = identify(file);
    this.sqlite = { file, busyMs: defaultBusyMs, connection: 1, renew: () => this.#renew() };
  }

  execute(sql: SqlText, _onNotice?: NoticeListener, keptRows = Infinity): Promise<StatementResult[]> {
    const text = typeof sql === 'string' ? sql : sql.join('');
    const message: Message = { text, keptRows, completed: 0, committed: 0, isCancelled: false };
    this.#unanswered.push(message);
    const answer = this.#queue.then(() => this.#execute(message));
    this.#queue = answer.catch(() => undefined).then(() => this.#unanswered.shift());
    return answer;
  }

  /** SQLite has no notices. */
  onNotice(): void {}

  /** A statement cannot be stopped, but what waits for a lock, and the rest of the message. */
  async cancel(): Promise<void> {
    const [running] = this.#unanswered;
    if (running) running.isCancelled = true;
  }

  async close(reason?: string): Promise<void> {
    const connection = this.#connection;
    if (!connection) return;
    this.#closeReason = reason;
    this.#connection = undefined;
    connection.rollBack();
    this.#options.leave(connection);
  }

  async #renew(): Promise<void> {
    const connection = this.#connection;
    if (!connection) throw closedSession(this.#closeReason);
    this.#connection = undefined;
    this.#connection = await this.#options.renew(connection);
    this.#opened = identify(this.sqlite.file);
    this.sqlite.connection += 1;
  }

  async #execute(message: Message): Promise<StatementResult[]> {
    const results: StatementResult[] = [];
    for (const statement of splitSqliteStatements(message.text)) {
      await nextTurn();
      results.push(await this.#run(statement, message));
      message.completed = results.length;
      if (!this.#connection?.isInTransaction()) message.committed = results.length;
    }
    return results;
  }

  async #run(statement: SqliteStatement, message: Message): Promise<StatementResult> {
    const { busyMs } = this.sqlite;
    const deadline = busyMs === 0 ? Infinity : performance.now() + busyMs;
    for (;;) {
      try {
        const rows = this.#runOnce(statement, message);
        return { tag: statement.head[0]?.value ?? '', rows: rows.map(toText) };
      } catch (error) {
        if (!(error instanceof SqliteFailure)) throw error;
        if (!isResultCode(error.code, 'BUSY') || performance.now() >= deadline)
          throw toSqlError(error, statement, message);
      }
      await sleep(2 * pollMs * Math.random());
    }
  }

  #runOnce({ head, text }: SqliteStatement, message: Message): Record<string, SqliteValue>[] {
    if (!this.#connection) throw closedSession(this.#closeReason);
    if (message.isCancelled) throw new SqliteFailure('SQLITE_INTERRUPT', 'interrupted');
    if (head[0]?.value.toUpperCase() === 'COMMIT') this.#refuseReplacedFile();
    return this.#connection.run(text, message.keptRows);
  }

  /** SQLite looks only when it begins a journal: a transaction that began before would commit into a file that is gone. */
  #refuseReplacedFile(): void {
    const { file } = this.sqlite;
    if (this.#opened === undefined || identify(file) === this.#opened) return;
    throw new SqliteFailure('SQLITE_READONLY_DBMOVED', `${file} was moved or replaced while it was in use`);
  }
}

/** Stays the same when a file is renamed, and not when another one takes its place. */
function identify(file: string | undefined): string | undefined {
  const found = file === undefined ? undefined : statSync(file, { bigint: true, throwIfNoEntry: false });
  return found && `${found.dev} ${found.ino}`;
}

/** As `sqlite3_libversion_number`: 3045001 is 3.45.1. */
function versionNumberOf(version: string): number {
  const [major = 0, minor = 0, patch = 0] = version.split('.').map(Number);
  return major * 1_000_000 + minor * 1_000 + patch;
}

function toText(row: Record<string, SqliteValue>): Record<string, string | null> {
  return Object.fromEntries(Object.entries(row).map(([name, value]) => [name, valueText(value)]));
}

/** Bytes as a literal of SQL. */
function valueText(value: SqliteValue): string | null {
  if (value === null || typeof value === 'string') return value;
  // Integers arrive as bigint.
  if (typeof value === 'number') return realText(value);
  if (typeof value === 'bigint') return String(value);
  const bytes = value instanceof ArrayBuffer ? new Uint8Array(value) : value;
  return `x'${Buffer.from(bytes).toString('hex')}'`;
}

/** As SQLite casts a real to text, which is never the text of an integer, but with every digit that it has. */
function realText(value: number): string {
  if (!Number.isFinite(value)) return value > 0 ? 'Inf' : '-Inf';
  const [digits = '', exponent] = String(value).split('e');
  return `${digits.includes('.') ? digits : `${digits}.0`}${exponent === undefined ? '' : `e${exponent}`}`;
}

function toSqlError({ code, message: words }: SqliteFailure, statement: SqliteStatement, message: Message) {
  const index = statement.start + findErrorPlace(statement, words);
  const position = countCharacters(message.text, index) + 1;
  return new SqlError(
    { severity: 'ERROR', sqlstate: code, message: words, position },
    { completedStatements: message.completed, committedStatements: message.committed, isSessionLost: false },
  );
}

/** How many characters stand before a UTF-16 index. A text of a hundred megabytes must not become an array. */
function countCharacters(text: string, index: number): number {
  let count = 0;
  for (let at = 0; at < index; at += (text.codePointAt(at) ?? 0) > 0xffff ? 2 : 1) count += 1;
  return count;
}

function closedSession(reason = 'the session was closed'): ConnectionError {
  return new ConnectionError(reason, { help: 'Open a new session.', isTransient: false });
}
