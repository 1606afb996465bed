/** Waits until a server takes connections. A database that does not exist yet is no reason to wait on. */

import type { Driver } from '../../connections/driver.js';
import { ping } from '../read/ping.js';
import type { ShortSessionOptions } from '../session/connect.js';
import { isMissing } from './missing-database.js';
import { defaultServerWaitMs, type ReachedServer, type WaitForServerOptions } from './result.js';

/** @throws ConnectionError when the time is over, and at once for what no waiting changes, such as a wrong password. */
export async function waitUntilReached(
  driver: Driver,
  { timeoutMs = defaultServerWaitMs }: WaitForServerOptions,
  options: ShortSessionOptions,
): Promise<ReachedServer> {
  const database = driver.description;
  const isAbsent = driver.isAbsent?.() === true;
  try {
    return { database, exists: !isAbsent, server: await ping(driver, { waitMs: timeoutMs }, options) };
  } catch (error) {
    if (isMissing(error)) return { database, exists: false };
    throw error;
  }
}
