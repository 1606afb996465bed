/** The reason why the guard cancelled a migration: other sessions waited for it. */

import { KatError } from '../../errors.js';
import type { ServerSession, WaitingSession } from '../events.js';
import type { WaitPolicy } from '../policy/waits.js';

const mostNamed = 5;

/** Others waited for a migration longer than allowed, or too many of them. The migration may succeed a little later. */
export class BlockingError extends KatError {
  /** @param waiting the one that waited longest comes first. */
  constructor(
    waiting: readonly WaitingSession[],
    limits: Pick<WaitPolicy, 'maxBlockMs' | 'maxBlockedSessions'>,
    cause?: unknown,
  ) {
    super('MIGRATION_FAILED', describeWaiting(waiting, limits), {
      help: 'Run it while fewer sessions use the same tables, split it into shorter migrations, or allow more with `--max-block` and `--max-blocked-sessions`.',
      cause,
    });
  }
}

function describeWaiting(
  waiting: readonly WaitingSession[],
  { maxBlockMs, maxBlockedSessions }: Pick<WaitPolicy, 'maxBlockMs' | 'maxBlockedSessions'>,
): string {
  const longestMs = waiting[0]?.waitedMs ?? 0;
  const isTooLong = maxBlockMs > 0 && longestMs > maxBlockMs;
  const areTooMany = maxBlockedSessions !== undefined && waiting.length > maxBlockedSessions;
  // The time is rounded, so that it may equal the limit that it exceeded.
  const limit =
    areTooMany && !isTooLong
      ? `max_blocked_sessions allows ${maxBlockedSessions}`
      : `max_block allows ${maxBlockMs / 1000} s`;
  const who = waiting.length === 1 ? '1 session' : `${waiting.length} sessions`;
  const named = waiting.slice(0, mostNamed).map(nameSession);
  const rest = waiting.length > mostNamed ? `, and ${waiting.length - mostNamed} more` : '';
  return `cancelled, because ${who} waited for it, the longest for ${(longestMs / 1000).toFixed(1)} s, and ${limit}: ${named.join(', ')}${rest}`;
}

function nameSession({ processId, applicationName, state }: ServerSession): string {
  const details = [applicationName, state].filter(Boolean).join(', ');
  return `process ${processId}${details && ` (${details})`}`;
}
