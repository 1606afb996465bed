/** The driver for PostgreSQL servers. */

import type { DatabaseSettings, Driver, Session } from '../driver.js';
import { connect } from './connect.js';
import { databaseUrl } from './database-url.js';
import { describeTarget, resolveTarget } from './libpq.js';
import { MessageQueue } from './message-queue.js';
import { createSession } from './session.js';
import type { WireClient } from './wire.js';

const goodbyeMs = 2_000;

/**
 * Decides where to connect to; nothing is connected yet.
 * @throws KatError CONFIG_INVALID when the settings make no sense.
 */
export function createPostgresDriver(settings: DatabaseSettings, env: NodeJS.ProcessEnv): Driver {
  const target = resolveTarget(settings, env);
  let { warning } = target;
  const open = async (applicationName: string, signal?: AbortSignal): Promise<Session> => {
    const { client, server, literals, notices } = await connect(target, applicationName, signal);
    if (warning) notices.add(warning);
    warning = undefined;
    const queue = new MessageQueue(client, { canWriteAhead: true });
    return createSession(client, queue, {
      server,
      notices,
      isBorrowed: false,
      literals,
      release: () => sayGoodbye(client),
    });
  };
  return {
    name: 'postgres',
    description: describeTarget(target),
    hasManySessions: true,
    // As long as it may take to let us in; 0 waits for ever.
    ...(target.connectTimeoutMs > 0 ? { answerTimeoutMs: target.connectTimeoutMs } : {}),
    open,
    dumpSchema: async (request) => {
      const { runPgDump } = await import('./pg-dump.js');
      return runPgDump(target, env, request);
    },
    whole: { name: target.database, url: (options) => databaseUrl({ settings, env, target }, options) },
    close: async () => undefined,
  };
}

/** Ends the connection in an orderly way, or by force if the server does not answer. */
async function sayGoodbye(client: WireClient): Promise<void> {
  const timer = setTimeout(() => client.connection.stream.destroy(), goodbyeMs);
  await client.end();
  clearTimeout(timer);
}
