/** A session of PGlite, whoever owns the database. */

import { ConnectionError } from '../../errors.js';
import type { NoticeListener, ServerInfo, Session, StatementResult } from '../driver.js';
import { createNoticeBuffer } from '../notice-buffer.js';
import { type ServerMessage, toNotice } from '../server-message.js';
import { parseServerVersion } from '../server-version.js';
import { type DecodedMessage, encodeQuery, readResults } from './protocol.js';

/** What Kat uses of PGlite. */
export interface PgliteDatabase {
  readonly closed: boolean;
  execProtocol(
    message: Uint8Array,
    options: { throwOnError: boolean; onNotice(notice: ServerMessage): void },
  ): Promise<{ messages: DecodedMessage[] }>;
  runExclusive<T>(action: () => Promise<T>): Promise<T>;
  isInTransaction(): boolean;
}

export interface PgliteSession extends Session {
  /** Whether PGlite has ended for good; then nothing may be asked of it any more, or it never answers. */
  isLost(): boolean;
}

/**
 * @param isBorrowed whether the caller of the library owns the database.
 * @param release called once, when the session is closed.
 */
export async function createPgliteSession(
  database: PgliteDatabase,
  isBorrowed: boolean,
  release: (session: PgliteSession) => Promise<void>,
): Promise<PgliteSession> {
  const notices = createNoticeBuffer();
  let lost: unknown;
  let closing: Promise<void> | undefined;
  const send = async (sql: string, onNotice: NoticeListener = notices.add): Promise<StatementResult[]> => {
    if (lost !== undefined) throw lostDatabase(lost);
    const options = {
      throwOnError: false,
      onNotice: (notice: ServerMessage) => onNotice(toNotice(notice)),
    };
    const { messages } = await database.execProtocol(encodeQuery(sql), options).catch((error: unknown) => {
      lost = error;
      throw lostDatabase(error);
    });
    return readResults(messages);
  };
  const execute: Session['execute'] = (sql, onNotice) => database.runExclusive(() => send(sql, onNotice));
  const session: PgliteSession = {
    server: await readServer(execute),
    processId: undefined,
    isBorrowed,
    execute: (sql, onNotice) => (closing ? Promise.reject(closedSession()) : execute(sql, onNotice)),
    onNotice: notices.listen,
    // PGlite runs in this very thread: while it works, nobody could ask it to stop.
    cancel: async () => undefined,
    close: () => {
      closing ??= release({ ...session, execute }).catch(() => undefined);
      return closing;
    },
    isLost: () => lost !== undefined || database.closed,
  };
  return session;
}

async function readServer(execute: Session['execute']): Promise<ServerInfo> {
  const [result] = await execute('SHOW server_version');
  return parseServerVersion(result?.rows[0]?.server_version ?? '');
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
  return new ConnectionError('the session was closed', {
    help: 'Open a new session.',
    isTransient: false,
  });
}
