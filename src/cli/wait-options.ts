/** The flags about waiting, which the commands that run migrations share; durations like 500ms, 10s or 1h30m. */

import type { ConfigFlags } from '../project/config/config.js';
import { durationHelp, parseDuration } from '../project/duration.js';
import type { CommandOption } from './command.js';
import { wholeNumber } from './numbers.js';

export interface WaitFlags {
  lockWait?: string;
  lockTimeout?: string;
  statementTimeout?: string;
  retryFor?: string;
  maxBlock?: string;
  maxBlockedSessions?: number;
}

function durationText(text: string): string {
  const milliseconds = parseDuration(text);
  if (milliseconds === undefined) throw new Error(`Give ${durationHelp}.`);
  if (milliseconds > 2_147_483_647) throw new Error('Give at most 24 days.');
  return text;
}

/** Those that matter where no migration runs. */
export const lockOptions: readonly CommandOption[] = [
  {
    flags: '--lock-wait <duration>',
    description: 'how long to wait for another runner (default: 1m) [env: KAT_LOCK_WAIT]',
    parse: durationText,
  },
  {
    flags: '--lock-timeout <duration>',
    description: 'how long a statement may wait for a lock (default: 5s) [env: KAT_LOCK_TIMEOUT]',
    parse: durationText,
  },
];

export const waitOptions: readonly CommandOption[] = [
  ...lockOptions,
  {
    flags: '--statement-timeout <duration>',
    description: "how long a statement may run (default: the server's setting) [env: KAT_STATEMENT_TIMEOUT]",
    parse: durationText,
  },
  {
    flags: '--retry-for <duration>',
    description: 'how long to retry after a lock timeout or deadlock (default: 1m) [env: KAT_RETRY_FOR]',
    parse: durationText,
  },
  {
    flags: '--max-block <duration>',
    description:
      'how long other sessions may wait for a migration before it is cancelled, rolled back and retried (default: no limit) [env: KAT_MAX_BLOCK]',
    parse: durationText,
  },
  {
    flags: '--max-blocked-sessions <number>',
    description:
      'how many sessions may wait for a migration at once before it is cancelled, rolled back and retried (default: any number) [env: KAT_MAX_BLOCKED_SESSIONS]',
    parse: wholeNumber(1),
  },
];

const defaultWaitMs = 60_000;

/** For commands that may be started before their database. */
export const serverWaitOption: CommandOption = {
  flags: '--wait[=duration]',
  description: 'wait for a starting database server, such as `--wait=30s`; without a value, up to 1m',
  parse: (text) => {
    if (text === 'true') return defaultWaitMs;
    const ms = parseDuration(text);
    if (ms === undefined) throw new Error(`Give ${durationHelp}.`);
    return ms;
  },
};

/** The given flags, as configuration that overrides environment and file. */
export function waitSettings(flags: WaitFlags): ConfigFlags {
  const { lockWait, lockTimeout, statementTimeout, retryFor, maxBlock, maxBlockedSessions } = flags;
  const waits = { lockWait, lockTimeout, statementTimeout, retryFor, maxBlock, maxBlockedSessions };
  const given = Object.entries(waits);
  return Object.fromEntries(given.filter(([, value]) => value !== undefined));
}
