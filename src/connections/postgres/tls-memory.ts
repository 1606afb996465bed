/** Remembers for each target whether its server has TLS, for the connections that follow. */

import type { Notice } from '../driver.js';
import { isTlsRefusal } from './errors.js';
import { formatAddress, type Target } from './libpq.js';
import type { TlsChoice } from './tls.js';

interface Memory {
  /** When the server said that it has no TLS; undefined if the last connection failed or was encrypted. */
  refusedAt?: number | undefined;
  /** Whether any connection was encrypted. */
  wasEncrypted?: boolean;
}

/** To ask once more costs a connection, and a run opens several within moments. */
const refusalCountsMs = 30_000;

const memories = new WeakMap<Target, Memory>();

/** The ways to connect, those without TLS first where the server has just refused it. */
export function orderWays(target: Target, ways: readonly TlsChoice[]): TlsChoice[] {
  const { refusedAt } = memoryOf(target);
  const isRefused = refusedAt !== undefined && performance.now() - refusedAt < refusalCountsMs;
  if (!isRefused) return [...ways];
  return [...ways].sort((one, other) => Number(one !== false) - Number(other !== false));
}

export function rememberFailure(target: Target, error: unknown): void {
  memoryOf(target).refusedAt = isTlsRefusal(error) ? performance.now() : undefined;
}

/**
 * @returns a warning for a connection without TLS after one with it, which `prefer` allows. Each such connection has it, as few of a
 *   program's sessions report warnings.
 */
export function rememberConnection(target: Target, tls: TlsChoice): Notice | undefined {
  const memory = memoryOf(target);
  if (tls !== false) {
    Object.assign(memory, { refusedAt: undefined, wasEncrypted: true });
    return undefined;
  }
  return memory.wasEncrypted && target.sslmode === 'prefer' ? downgraded(target) : undefined;
}

function memoryOf(target: Target): Memory {
  const known = memories.get(target) ?? {};
  memories.set(target, known);
  return known;
}

function downgraded({ host, address, port }: Target): Notice {
  return {
    severity: 'WARNING',
    sqlstate: '01000',
    message: `the connection to ${formatAddress(address ?? host, port)} is not encrypted any more, because it could not be made with TLS`,
    hint: 'Use sslmode=require or verify-full, so that Kat connects only with TLS.',
    isRaised: false,
  };
}
