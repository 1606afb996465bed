/** Opens a connection and closes it again. */

import type { Driver, ServerInfo } from '../../connections/driver.js';
import type { EventListener } from '../events.js';
import { forReading, openWithRetries, type RetryPolicy, waitForServer } from '../session/connect.js';

export interface PingOptions {
  /** Further tries after a failure that may pass, 0 to 7; default 3. */
  retries?: number;
  /** Before the first further try, in milliseconds, 100 to 3000; default 500. It doubles each time. */
  delayMs?: number;
  /** Wait so long for a server that starts, in milliseconds, instead of a number of tries. */
  waitMs?: number | undefined;
}

/** @throws ConnectionError of the last try. */
export async function ping(
  driver: Driver,
  { retries = 3, delayMs = 500, waitMs }: PingOptions,
  { onEvent, signal }: { onEvent: EventListener; signal: AbortSignal | undefined },
): Promise<ServerInfo> {
  onEvent({ type: 'connecting', database: driver.description });
  const session = await openWithRetries(forReading(driver), 'kat ping', {
    ...(waitMs === undefined ? tries(retries, delayMs) : waitForServer(waitMs)),
    onEvent,
    signal,
  });
  try {
    onEvent({ type: 'connected', database: driver.description, server: session.server });
    return session.server;
  } finally {
    await session.close();
  }
}

function tries(retries: number, delayMs: number): RetryPolicy {
  return { retries, delayMs, isWorthRetrying: (error) => error.isTransient };
}
