/** A session over a connected `pg` client; Kat or the caller may own the client. */

import type { ServerInfo, Session } from '../driver.js';
import type { NoticeBuffer } from '../notice-buffer.js';
import { type ServerMessage, toNotice } from '../server-message.js';
import { createWireEncoding, useUtf8 } from '../wire-encoding.js';
import { requestCancel } from './cancel.js';
import type { MessageQueue } from './message-queue.js';
import type { ParameterStatus, WireClient } from './wire.js';

export interface SessionOptions {
  server: ServerInfo;
  notices: NoticeBuffer;
  isBorrowed: boolean;
  literals: Session['literals'];
  /** Ends the client or gives it back. Called once, before the session stops listening. */
  release(queue: MessageQueue): Promise<void>;
}

/** Makes a session of a client that is connected and idle. */
export function createSession(client: WireClient, queue: MessageQueue, options: SessionOptions): Session {
  const onNotice = (message: ServerMessage) => {
    const listener = queue.activeListener ?? options.notices.add;
    listener(toNotice(message));
  };
  client.on('notice', onNotice);
  const encoding = createWireEncoding();
  const onParameter = ({ parameterName, parameterValue }: ParameterStatus) =>
    encoding.follow(parameterName, parameterValue);
  client.connection.on('parameterStatus', onParameter);
  let closing: Promise<void> | undefined;
  const close = async () => {
    await options.release(queue).catch(() => undefined);
    client.off('notice', onNotice);
    client.connection.off('parameterStatus', onParameter);
    queue.detach();
  };
  return {
    server: options.server,
    processId: client.processID ?? undefined,
    isBorrowed: options.isBorrowed,
    literals: options.literals,
    execute: (sql, listener, keptRows) => {
      // In a transaction that has failed, the rollback brings it back.
      if (encoding.isForeign) queue.send(useUtf8).catch(() => undefined);
      return queue.send(sql, listener, keptRows);
    },
    onNotice: options.notices.listen,
    cancel: async () => {
      if (!queue.isLost) await requestCancel(client).catch(() => undefined);
    },
    close: (reason) => {
      if (reason !== undefined) queue.giveUp(new Error(reason));
      closing ??= close();
      return closing;
    },
  };
}
