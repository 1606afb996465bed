/** Cancels a session's running statement by a cancel request on a separate connection. */

import type { ConnectionConfig } from 'pg';
import type { WireClient } from './wire.js';

/** The connection class of `pg` with what its published types leave out. */
interface CancelConnection {
  stream: { destroy(): void };
  connect(port: number | string, host?: string): void;
  requestSsl(): void;
  cancel(processId: number, secretKey: number): void;
  on(event: 'connect' | 'sslconnect' | 'end' | 'error', listener: () => void): unknown;
}

const timeoutMs = 5_000;

/**
 * Sends the request over the same kind of connection as the session's. Never throws.
 * @returns when the server has taken the request (it then closes the connection), or after 5 seconds.
 */
export async function requestCancel(client: WireClient): Promise<void> {
  const { processID, secretKey } = client;
  if (processID === null || secretKey === null) return;
  const { Connection } = await import('pg');
  const ssl = client.ssl as ConnectionConfig['ssl'];
  const connection = new Connection({ ssl }) as unknown as CancelConnection;
  await new Promise<void>((resolve) => {
    const timer = setTimeout(() => connection.stream.destroy(), timeoutMs);
    const finish = () => {
      clearTimeout(timer);
      resolve();
    };
    const request = () => connection.cancel(processID, secretKey);
    connection.on('connect', ssl ? () => connection.requestSsl() : request);
    connection.on('sslconnect', request);
    connection.on('error', finish);
    connection.on('end', finish);
    if (client.host.startsWith('/')) connection.connect(`${client.host}/.s.PGSQL.${client.port}`);
    else connection.connect(client.port, client.host);
  });
}
