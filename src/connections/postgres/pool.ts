/** Takes clients from the caller's pool, and stops waiting if the pool cannot provide one. */

import { ConnectionError } from '../../errors.js';
import { type Patience, withPatience } from '../patience.js';
import { toConnectionError } from './errors.js';
import type { WireClient } from './wire.js';

type PoolClient = WireClient & { release(destroy?: boolean): void };

/** The parts of a `pg` pool that Kat uses. */
export interface WirePool {
  options: { max?: number };
  /** Connected or connecting clients, the idle ones among them, and waiting requests. */
  totalCount: number;
  idleCount: number;
  waitingCount: number;
  connect(): Promise<PoolClient>;
}

export function maxOf({ options }: WirePool): number {
  return options.max ?? 10;
}

/** How many clients can be had at once. A call of `connect` in the same turn of the event loop gets one of these. */
export function countFree(pool: WirePool): number {
  return maxOf(pool) - pool.totalCount + pool.idleCount - pool.waitingCount;
}

/** How many clients of a pool Kat has, in all calls together. */
const taken = new WeakMap<WirePool, number>();

/**
 * @returns a client, and what gives it back, to be called once.
 * @throws ConnectionError when none becomes free, or the server cannot be reached; KatError CANCELLED.
 */
export async function takeClient(
  pool: WirePool,
  signal: AbortSignal | undefined,
): Promise<{ client: PoolClient; giveBack(destroy: boolean): void }> {
  const isFull = countFree(pool) <= 0;
  const pending = pool.connect();
  const patience: Patience = {
    signal,
    isHopeful: () => (taken.get(pool) ?? 0) > 0,
    what: 'a client of the pool',
    failure: (waitedMs) => noClient(pool, waitedMs),
  };
  try {
    const client = await (isFull ? withPatience(pending, patience) : pending);
    taken.set(pool, (taken.get(pool) ?? 0) + 1);
    const giveBack = (destroy: boolean) => {
      taken.set(pool, (taken.get(pool) ?? 1) - 1);
      client.release(destroy);
    };
    return { client, giveBack };
  } catch (error) {
    // A client that comes too late goes back at once.
    pending.then((client) => client.release()).catch(() => undefined);
    throw toConnectionError(error, {
      address: 'the server of the pool',
      database: 'the database of the pool',
    });
  }
}

function noClient(pool: WirePool, waitedMs: number): ConnectionError {
  return new ConnectionError(
    `no client of the pool became free in ${waitedMs / 1000} s: all ${maxOf(pool)} are in use`,
    { help: 'Release a client before you call Kat, or raise `max` of the pool.', isTransient: false },
  );
}
