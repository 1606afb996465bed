/** Drivers over `pg` clients and pools that the caller of the library owns. */

import { ConnectionError, type KatError } from '../../errors.js';
import type { Driver, Session } from '../driver.js';
import { literalsBy } from '../literals.js';
import { createNoticeBuffer } from '../notice-buffer.js';
import { oneSessionAtATime } from '../one-session.js';
import { parseServerVersion } from '../server-version.js';
import { MessageQueue } from './message-queue.js';
import { countFree, maxOf, takeClient, type WirePool } from './pool.js';
import { createSession } from './session.js';
import type { WireClient } from './wire.js';

/** Whether this is a `Pool` of `pg`, of whatever copy of the package. */
export function isPool(connection: object): connection is WirePool {
  return 'totalCount' in connection && 'connect' in connection;
}

/** Whether this is a `Client` of `pg` (one of a pool, too), of whatever copy of the package. */
export function isClient(connection: object): connection is WireClient {
  return 'query' in connection && 'processID' in connection && 'connection' in connection;
}

/**
 * The driver takes clients from the pool and gives them back; one that is broken or in a transaction, to be thrown away. Who
 * has a client never waits for a second one: two who do that wait for each other.
 */
export function borrowPool(pool: WirePool): Driver {
  return {
    name: 'postgres',
    description: 'postgres (a pool of the caller)',
    get hasManySessions() {
      return countFree(pool) > 0;
    },
    whyOneSession: () =>
      maxOf(pool) > 1
        ? 'all other clients of the pool are in use, so Kat uses one connection and cannot name the sessions that block a migration'
        : undefined,
    open: async (_applicationName, signal) => {
      const { client, giveBack } = await takeClient(pool, signal);
      try {
        return await openOn(client, async (queue) => {
          giveBack(queue.isLost || !queue.isIdle || isInTransaction(queue));
        });
      } catch (error) {
        giveBack(true);
        throw error;
      }
    },
    close: async () => undefined,
  };
}

/** The driver's sessions leave the client connected, and out of a transaction that they began. Drivers of one client take turns. */
export function borrowClient(client: WireClient & { getTransactionStatus?(): string | null }): Driver {
  return {
    name: 'postgres',
    description: 'postgres (a connection of the caller)',
    hasManySessions: false,
    open: oneSessionAtATime(client, async (leave) => {
      if (client.processID === null)
        throw wrongUse('the client is not connected', 'Call its connect() first.');
      const wasInTransaction = ['T', 'E'].includes(client.getTransactionStatus?.() ?? 'I');
      return openOn(client, async (queue) => {
        try {
          if (!queue.isLost && isInTransaction(queue) && !wasInTransaction) await queue.send('ROLLBACK');
        } finally {
          leave();
        }
      });
    }),
    close: async () => undefined,
  };
}

async function openOn(client: WireClient, release: (queue: MessageQueue) => Promise<void>): Promise<Session> {
  if ((client as { pipeline?: boolean }).pipeline) {
    throw wrongUse(
      'a client with "pipeline: true" cannot be used',
      'Hand over a client without that option.',
    );
  }
  const queue = new MessageQueue(client, { canWriteAhead: false });
  try {
    const [version, strings] = await queue.send('SHOW server_version; SHOW standard_conforming_strings');
    const server = parseServerVersion(version?.rows[0]?.server_version ?? '');
    const literals = literalsBy(strings?.rows[0]?.standard_conforming_strings);
    return createSession(client, queue, {
      server,
      literals,
      notices: createNoticeBuffer(),
      isBorrowed: true,
      release,
    });
  } catch (error) {
    queue.detach();
    throw error;
  }
}

function isInTransaction(queue: MessageQueue): boolean {
  return queue.status === 'T' || queue.status === 'E';
}

function wrongUse(message: string, help: string): KatError {
  return new ConnectionError(message, { help, isTransient: false });
}
