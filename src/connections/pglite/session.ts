/** A PGlite session; Kat or the caller may own the database. */

import { ConnectionError } from '../../errors.js';
import type { NoticeListener, ServerInfo, Session, SqlText, StatementResult } from '../driver.js';
import { literalsBy } from '../literals.js';
import { createNoticeBuffer } from '../notice-buffer.js';
import { type ServerMessage, toNotice } from '../server-message.js';
import { parseServerVersion } from '../server-version.js';
import { createWireEncoding, useUtf8 } from '../wire-encoding.js';
import { type DecodedMessage, encodeQuery, readResults } from './protocol.js';
import { createTurn, type RunInTurn, type TurnDatabase } from './transaction-turn.js';

/** The parts of PGlite that Kat uses. */
export interface PgliteDatabase extends TurnDatabase {
  readonly closed: boolean;
  execProtocol(
    message: Uint8Array,
    options: { throwOnError: boolean; onNotice(notice: ServerMessage): void },
  ): Promise<{ messages: DecodedMessage[] }>;
  runExclusive<T>(action: () => Promise<T>): Promise<T>;
  isInTransaction(): boolean;
}

export interface PgliteSessionOptions {
  /** Whether the caller of the library owns the database. */
  isBorrowed: boolean;
  /** Whether the database was in a transaction of its owner's before, which then stays open. */
  wasInTransaction: boolean;
  /** Run last when the session is closed, outside of any transaction of its own. */
  clean: readonly string[];
  /** Called with each message before it is sent. @throws what the message then fails with. */
  prepare(sql: SqlText): Promise<void>;
  /** Called when the session is closed. */
  leave(): void;
}

/** @throws ConnectionError when the database has stopped. */
export async function openPgliteSession(
  database: PgliteDatabase,
  options: PgliteSessionOptions,
): Promise<PgliteSession> {
  const session = new PgliteSession(database, options);
  const [version, strings] = await session.execute('SHOW server_version; SHOW standard_conforming_strings');
  session.server = parseServerVersion(version?.rows[0]?.server_version ?? '');
  session.literals = literalsBy(strings?.rows[0]?.standard_conforming_strings);
  return session;
}

export class PgliteSession implements Session {
  server: ServerInfo = { version: '', versionNumber: 0 };
  readonly processId = undefined;
  literals: Session['literals'] = 'standard';
  readonly isBorrowed: boolean;
  readonly #database: PgliteDatabase;
  readonly #options: PgliteSessionOptions;
  readonly #notices = createNoticeBuffer();
  readonly #encoding = createWireEncoding();
  readonly #runInTurn: RunInTurn;
  #lost: { error: unknown } | undefined;
  #closing: Promise<void> | undefined;

  constructor(database: PgliteDatabase, options: PgliteSessionOptions) {
    this.isBorrowed = options.isBorrowed;
    this.#database = database;
    this.#options = options;
    this.#runInTurn = options.wasInTransaction
      ? (action) => action()
      : createTurn(database, () => !this.isLost && database.isInTransaction());
  }

  /** Whether PGlite has ended for good; then nothing may be asked of it any more, or it never answers. */
  get isLost(): boolean {
    return this.#lost !== undefined || this.#database.closed;
  }

  execute(sql: SqlText, onNotice?: NoticeListener, keptRows?: number): Promise<StatementResult[]> {
    return this.#closing ? Promise.reject(closedSession()) : this.#execute(sql, onNotice, keptRows);
  }

  onNotice(listener: NoticeListener | undefined): void {
    this.#notices.listen(listener);
  }

  /** PGlite runs in this thread, so a running statement cannot be cancelled. */
  async cancel(): Promise<void> {}

  close(): Promise<void> {
    this.#closing ??= this.#leave().catch(() => undefined);
    return this.#closing;
  }

  async #leave(): Promise<void> {
    try {
      if (this.isLost) return;
      if (this.#database.isInTransaction() && !this.#options.wasInTransaction)
        await this.#execute('ROLLBACK');
      for (const sql of this.#options.clean) await this.#execute(sql);
    } finally {
      this.#options.leave();
    }
  }

  #execute(
    sql: SqlText,
    onNotice: NoticeListener = this.#notices.add,
    keptRows = Infinity,
  ): Promise<StatementResult[]> {
    const send = async () => {
      if (this.#lost) throw lostDatabase(this.#lost.error);
      await this.#options.prepare(sql);
      if (this.#encoding.isForeign) await this.#send(encodeQuery(useUtf8), onNotice);
      return readResults(await this.#send(encodeQuery(sql), onNotice), keptRows);
    };
    return this.#runInTurn(() => this.#database.runExclusive(send));
  }

  async #send(message: Uint8Array, listener: NoticeListener): Promise<DecodedMessage[]> {
    const onNotice = (notice: ServerMessage) => listener(toNotice(notice));
    try {
      const { messages } = await this.#database.execProtocol(message, { throwOnError: false, onNotice });
      for (const message of messages) {
        if (message.name === 'parameterStatus') {
          this.#encoding.follow(message.parameterName ?? '', message.parameterValue ?? '');
        }
      }
      return messages;
    } catch (error) {
      this.#lost = { error };
      throw lostDatabase(error);
    }
  }
}

function lostDatabase(cause: unknown): ConnectionError {
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new ConnectionError(`the embedded database has stopped: ${reason}`, {
    help: 'Run the command again: an interrupted database recovers when it is opened.',
    isTransient: false,
    cause,
  });
}

function closedSession(): ConnectionError {
  return new ConnectionError('the session was closed', { help: 'Open a new session.', isTransient: false });
}
