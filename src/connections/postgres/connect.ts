/** Opens a connection, trying with and without TLS as sslmode says. */

import type { Client, ClientConfig } from 'pg';
import { ConnectionError, KatError } from '../../errors.js';
import { present } from '../../present.js';
import type { ServerInfo, Session } from '../driver.js';
import { literalsBy } from '../literals.js';
import { createNoticeBuffer, type NoticeBuffer } from '../notice-buffer.js';
import { isServerMessage, type ServerMessage, toNotice } from '../server-message.js';
import { parseServerVersion } from '../server-version.js';
import { isTlsRefusal, toConnectionError } from './errors.js';
import { formatAddress, type Target } from './libpq.js';
import { planTls, type TlsChoice } from './tls.js';
import { orderWays, rememberConnection, rememberFailure } from './tls-memory.js';
import type { WireClient } from './wire.js';

/** A client that is connected, and what the server said meanwhile. */
export interface Connected {
  client: WireClient;
  server: ServerInfo;
  literals: Session['literals'];
  notices: NoticeBuffer;
}

/** @throws ConnectionError; KatError CONFIG_INVALID when a certificate file cannot be read. */
export async function connect(
  target: Target,
  applicationName: string,
  signal?: AbortSignal,
): Promise<Connected> {
  let first: unknown;
  for (const tls of orderWays(target, await planTls(target))) {
    try {
      const connected = await connectOnce(target, tls, { applicationName, signal });
      const warning = rememberConnection(target, tls);
      if (warning) connected.notices.add(warning);
      return connected;
    } catch (error) {
      rememberFailure(target, error);
      // The server's own refusal tells more than "no TLS here" does.
      if (first === undefined || isTlsRefusal(first)) first = error;
      if (!isWorthTheOtherWay(error, tls)) break;
    }
  }
  throw toConnectionError(first, { address: addressOf(target), database: target.database });
}

/**
 * Whether the next attempt of "allow" or "prefer" may fare better: when the two sides could not agree on TLS, or when
 * pg_hba.conf has no entry for this kind of connection. A wrong password is not tried twice, as accounts may get locked.
 */
function isWorthTheOtherWay(error: unknown, tls: TlsChoice): boolean {
  if (error instanceof KatError) return false;
  if (isServerMessage(error)) return error.code === '28000';
  return tls !== false && (isTlsRefusal(error) || isHandshakeFailure(error));
}

function isHandshakeFailure(error: unknown): boolean {
  const { code = '' } = error as { code?: string };
  return code.startsWith('ERR_SSL') || code.startsWith('ERR_TLS') || code === 'EPROTO';
}

function addressOf({ host, address, port }: Target): string {
  return formatAddress(address ?? host, port);
}

async function connectOnce(
  target: Target,
  tls: TlsChoice,
  { applicationName, signal }: { applicationName: string; signal: AbortSignal | undefined },
): Promise<Connected> {
  const { Client } = await import('pg');
  let isBound = !target.needsChannelBinding;
  const checkBinding = () => {
    if (!isBound) throw missingBinding(target);
  };
  const pgClient = new Client({
    ...clientConfig(target, tls, applicationName),
    // A function keeps `pg` from looking into the password file by itself, and the password from a server that may not have it.
    password: () => {
      checkBinding();
      return target.password ?? missingPassword(target);
    },
  });
  const client = pgClient as unknown as WireClient;
  client.connection.on('authenticationSASL', ({ mechanisms }) => {
    isBound ||= tls !== false && mechanisms.includes('SCRAM-SHA-256-PLUS');
  });
  const connected = await start(pgClient, client, signal);
  // The server may have let us in without asking for a password.
  if (!isBound) client.connection.stream.destroy();
  checkBinding();
  return connected;
}

function clientConfig(target: Target, tls: TlsChoice, applicationName: string): ClientConfig {
  const { address, host, port, user, database, options, connectTimeoutMs } = target;
  return {
    ...{ host: address ?? host, port, user, database, ssl: tls, sslnegotiation: 'postgres' },
    application_name: applicationName,
    enableChannelBinding: target.needsChannelBinding,
    keepAlive: true,
    keepAliveInitialDelayMillis: 30_000,
    connectionTimeoutMillis: connectTimeoutMs,
    ...present({ options }),
  };
}

async function start(
  pgClient: Client,
  client: WireClient,
  signal: AbortSignal | undefined,
): Promise<Connected> {
  const notices = createNoticeBuffer();
  let version = '';
  let literals: Session['literals'] = 'standard';
  client.connection.on('parameterStatus', ({ parameterName, parameterValue }) => {
    if (parameterName === 'server_version') version = parameterValue;
    if (parameterName === 'standard_conforming_strings') literals = literalsBy(parameterValue);
  });
  const onNotice = (message: ServerMessage) => notices.add(toNotice(message));
  client.on('notice', onNotice);
  // For the whole life of the client: an 'error' event without a listener ends the process.
  client.on('error', () => undefined);
  const giveUp = () => client.connection.stream.destroy();
  signal?.addEventListener('abort', giveUp);
  try {
    await pgClient.connect();
  } catch (error) {
    giveUp();
    throw error;
  } finally {
    signal?.removeEventListener('abort', giveUp);
  }
  client.off('notice', onNotice);
  return { client, server: parseServerVersion(version), literals, notices };
}

function missingPassword(target: Target): never {
  throw new ConnectionError(`could not connect to ${addressOf(target)}: the server asks for a password`, {
    help: target.warning
      ? `Make the password file private (chmod 600): ${target.warning.message}.`
      : `Give the password of "${target.user}" in the settings, in PGPASSWORD or in ~/.pgpass.`,
    isTransient: false,
  });
}

function missingBinding(target: Target): ConnectionError {
  return new ConnectionError(
    `could not connect to ${addressOf(target)}: the server does not offer channel binding`,
    {
      help: 'Use TLS and a password stored as scram-sha-256, or leave channel_binding=require out.',
      isTransient: false,
    },
  );
}
