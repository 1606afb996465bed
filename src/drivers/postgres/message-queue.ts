/** Sends messages over a `pg` client one behind the other, and tells a refused statement from a lost session. */

import { SqlError } from '../../errors.js';
import type { NoticeListener, StatementResult } from '../driver.js';
import { isServerMessage, type ServerMessage, toServerReport } from '../server-message.js';
import { toLostSession } from './errors.js';
import { createSimpleQuery, type SimpleQuery } from './simple-query.js';
import type { WireClient } from './wire.js';

export interface MessageQueue {
  /** @throws SqlError or ConnectionError, as `Session.execute`. */
  send(sql: string, onNotice?: NoticeListener): Promise<StatementResult[]>;
  /** Who listens to the notices of the message that the server is at. */
  activeListener(): NoticeListener | undefined;
  /** The transaction status of the last ReadyForQuery: I, T or E; undefined before the first. */
  status(): string | undefined;
  isLost(): boolean;
  isIdle(): boolean;
  /** Stops listening to the client; what is under way is given up. */
  detach(): void;
}

interface Entry {
  query: SimpleQuery;
  onNotice: NoticeListener | undefined;
  resolve(results: StatementResult[]): void;
  reject(error: Error): void;
}

/**
 * @param canWriteAhead whether a message may be sent while the one before it runs, which saves the waiting for its
 *   answer. Only on a client that nobody else uses: `pg` gives answers to queries by their order.
 */
export function createMessageQueue(client: WireClient, canWriteAhead: boolean): MessageQueue {
  const entries: Entry[] = [];
  let status: string | undefined;
  let lost: { error: unknown } | undefined;
  let lastWords: ServerMessage | undefined;

  const lose = (error: unknown) => {
    if (isServerMessage(error)) lastWords ??= error;
    lost ??= { error };
    for (const entry of entries.splice(0)) {
      const { failure } = entry.query;
      if (isServerMessage(failure)) lastWords ??= failure;
      entry.reject(isServerMessage(failure) ? refused(entry, true) : toLostSession(error, lastWords));
    }
  };
  // Comes before the client's own listener, so that a message which that one makes active is not taken for answered.
  const onReady = (message: { status: string }) => {
    status = message.status;
    if (!entries[0]?.query.isActive) return;
    const entry = entries.shift() as Entry;
    settle(entry);
    if (entries[0]) client.query(entries[0].query);
  };
  // A server that stops at once, or after a crash, says why in a warning (57P01, 57P02) and hangs up.
  const onNotice = (notice: ServerMessage) => {
    if (notice.code?.startsWith('57P')) lastWords = notice;
  };
  const onEnd = () => lose(new Error('the server closed it'));
  client.connection.prependListener('readyForQuery', onReady);
  client.on('notice', onNotice);
  client.on('error', lose);
  client.on('end', onEnd);

  return {
    send: (sql, onNotice) =>
      new Promise((resolve, reject) => {
        if (lost) return reject(toLostSession(lost.error, lastWords));
        // A server's error says nothing about the session yet: either it is ready for more, or its connection ends.
        const query = createSimpleQuery(sql, client.connection, () => {
          if (!isServerMessage(query.failure)) lose(query.failure);
        });
        entries.push({ query, onNotice, resolve, reject });
        if (entries.length === 1) client.query(query);
        else if (canWriteAhead) query.writeAhead();
      }),
    activeListener: () => (entries[0]?.query.isActive ? entries[0].onNotice : undefined),
    status: () => status,
    isLost: () => lost !== undefined,
    isIdle: () => entries.length === 0,
    detach: () => {
      client.connection.off('readyForQuery', onReady);
      client.off('notice', onNotice);
      client.off('error', lose);
      client.off('end', onEnd);
      lose(new Error('the session was closed'));
    },
  };
}

function settle(entry: Entry): void {
  if (entry.query.failure === undefined) entry.resolve(entry.query.results);
  else entry.reject(refused(entry, false));
}

function refused({ query }: Entry, isSessionLost: boolean): SqlError {
  return new SqlError(toServerReport(query.failure as ServerMessage), {
    completedStatements: query.results.length,
    isSessionLost,
    cause: query.failure,
  });
}
