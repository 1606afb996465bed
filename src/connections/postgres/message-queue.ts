/** Sends messages over a `pg` client one behind the other, and tells a refused statement from a lost session. */

import { SqlError } from '../../errors.js';
import { countCommittedStatements } from '../committed-statements.js';
import type { NoticeListener, SqlText, StatementResult } from '../driver.js';
import { isServerMessage, type ServerMessage, toServerReport } from '../server-message.js';
import { toLostSession } from './errors.js';
import { guardReader } from './guard-reader.js';
import { SimpleQuery } from './simple-query.js';
import type { WireClient } from './wire.js';

interface Entry {
  query: SimpleQuery;
  onNotice: NoticeListener | undefined;
  resolve(results: StatementResult[]): void;
  reject(error: Error): void;
}

/**
 * So many messages that are sent ahead go to the network together: each write is a call of the system and wakes the server, a
 * tenth of a millisecond where both are on one machine.
 */
const messagesAWrite = 8;

export class MessageQueue {
  /** The transaction status of the last ReadyForQuery: I, T or E; undefined before the first. */
  status: string | undefined;
  readonly #client: WireClient;
  readonly #canWriteAhead: boolean;
  readonly #entries: Entry[] = [];
  readonly #unguard: () => void;
  /** How many messages wait in the stream for others to go with. */
  #held = 0;
  #lost: { error: unknown } | undefined;
  /** The server's last message about the end of the session. */
  #lastWords: ServerMessage | undefined;

  /**
   * @param canWriteAhead whether a message may be sent while the one before it runs, which saves the waiting for its
   *   answer. Only on a client without other users: `pg` matches answers to queries by their order.
   */
  constructor(client: WireClient, { canWriteAhead }: { canWriteAhead: boolean }) {
    this.#client = client;
    this.#canWriteAhead = canWriteAhead;
    // Before the client's own listener, so that a message which that one makes active is not taken for answered.
    client.connection.prependListener('readyForQuery', this.#onReady);
    client.on('notice', this.#onNotice);
    client.on('error', this.#lose);
    client.on('end', this.#onEnd);
    this.#unguard = guardReader(client.connection.stream, this.#lose);
  }

  get isLost(): boolean {
    return this.#lost !== undefined;
  }

  get isIdle(): boolean {
    return this.#entries.length === 0;
  }

  /** Listener for the notices of the current message; undefined without a listener. */
  get activeListener(): NoticeListener | undefined {
    const [entry] = this.#entries;
    return entry?.query.isActive ? entry.onNotice : undefined;
  }

  /** @throws SqlError or ConnectionError, as `Session.execute`. */
  send(sql: SqlText, onNotice?: NoticeListener, keptRows = Infinity): Promise<StatementResult[]> {
    if (this.#lost) return Promise.reject(toLostSession(this.#lost.error, this.#lastWords));
    return new Promise((resolve, reject) => {
      // A server's error says nothing about the session yet: either it is ready for more, or its connection ends.
      const query: SimpleQuery = new SimpleQuery(sql, keptRows, () => {
        if (!isServerMessage(query.failure)) this.#lose(query.failure);
      });
      this.#entries.push({ query, onNotice, resolve, reject });
      if (this.#entries.length === 1) this.#client.query(query);
      else if (this.#canWriteAhead && this.#entries.at(-2)?.query.isSent) this.#writeAhead(query);
    });
  }

  /** Together with those that follow at once. */
  #writeAhead(query: SimpleQuery): void {
    const { connection } = this.#client;
    if (this.#held === 0) {
      connection.stream.cork();
      setImmediate(this.#release);
    }
    query.write(connection);
    this.#held += 1;
    if (this.#held === messagesAWrite) this.#release();
  }

  readonly #release = () => {
    if (this.#held === 0) return;
    this.#held = 0;
    this.#client.connection.stream.uncork();
  };

  /** Fails the pending and all later messages with this error. */
  giveUp(error: Error): void {
    this.#lose(error);
  }

  /** Stops listening to the client; what is under way is given up. */
  detach(): void {
    this.#unguard();
    this.#client.connection.off('readyForQuery', this.#onReady);
    this.#client.off('notice', this.#onNotice);
    this.#client.off('error', this.#lose);
    this.#client.off('end', this.#onEnd);
    this.giveUp(new Error('the session was closed'));
  }

  readonly #onReady = ({ status }: { status: string }) => {
    this.status = status;
    const [entry, next] = this.#entries;
    if (!entry?.query.isActive) return;
    this.#entries.shift();
    if (entry.query.failure === undefined) entry.resolve(entry.query.results);
    else entry.reject(refused(entry.query, false));
    if (next) this.#client.query(next.query);
  };

  /** A server that stops at once, or after a crash, says why in a warning (57P01, 57P02) and hangs up. */
  readonly #onNotice = (notice: ServerMessage) => {
    if (notice.code?.startsWith('57P')) this.#lastWords = notice;
  };

  readonly #onEnd = () => this.#lose(new Error('the server closed it'));

  readonly #lose = (error: unknown) => {
    if (isServerMessage(error)) this.#lastWords ??= error;
    this.#lost ??= { error };
    for (const { query, reject } of this.#entries.splice(0)) {
      const { failure } = query;
      if (isServerMessage(failure)) this.#lastWords ??= failure;
      reject(
        isServerMessage(failure)
          ? refused(query, true)
          : toLostSession(error, this.#lastWords, countCommittedStatements(query.results)),
      );
    }
  };
}

function refused({ failure, results }: SimpleQuery, isSessionLost: boolean): SqlError {
  return new SqlError(toServerReport(failure as ServerMessage), {
    completedStatements: results.length,
    committedStatements: countCommittedStatements(results),
    isSessionLost,
    cause: failure,
  });
}
