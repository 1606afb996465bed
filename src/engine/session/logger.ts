/** Formats events as messages for a program's own logger. */

import { counted } from '../../graph/counted.js';
import { printableLine } from '../../outside-text.js';
import type { KatEvent } from '../events.js';
import { formatSession } from './session-text.js';

/** The interface of most logging libraries and of the console. */
export interface Logger {
  debug(message: string): void;
  info(message: string): void;
  warn(message: string): void;
  error(message: string): void;
}

type Wording = { [E in KatEvent as E['type']]: (event: E) => [level: keyof Logger, message: string] };

const wording: Wording = {
  connecting: ({ database }) => ['debug', `connecting to ${database}`],
  'connection-failed': ({ error, retryInMs, attempt, attempts, remainingMs }) => [
    'warn',
    `${error.message}; try ${attempt}${attempts === undefined ? '' : ` of ${attempts}`}, next in ${retryInMs} ms${
      remainingMs === undefined ? '' : `, for ${remainingMs} ms more`
    }`,
  ],
  connected: ({ database, server }) => ['debug', `connected to ${database}, server ${server.version}`],
  'waiting-for-lock': ({ holder, waitedMs }) => [
    'info',
    `waiting for another runner${holder ? `: ${formatSession(holder)}` : ''}, ${waitedMs} ms so far`,
  ],
  planned: ({ plan }) => ['debug', `${counted(plan.steps.length, 'step')} to take`],
  linted: ({ counts }) => [
    'warn',
    `lint found ${counted(counts.errors, 'error')}, ${counted(counts.warnings, 'warning')}`,
  ],
  started: ({ id, direction }) => ['debug', `${id} (${direction}) begins`],
  notice: ({ id, notice }) => [
    notice.severity === 'WARNING' ? 'warn' : 'debug',
    `${id}: ${notice.severity}: ${notice.message}`,
  ],
  blocked: ({ id, blockers }) => ['info', `${id} waits for ${blockers.map(formatSession).join('; ')}`],
  activity: ({ id, runningMs, progress }) => [
    'debug',
    `${id} runs for ${runningMs} ms${progress ? `: ${progress.phase}` : ''}`,
  ],
  blocking: ({ id, waiting }) => ['warn', `${waiting.map(formatSession).join('; ')} waits for ${id}`],
  retrying: ({ id, error, retryInMs, attempt }) => [
    'warn',
    `${id}: ${error.message}; try ${attempt} failed, next in ${retryInMs} ms`,
  ],
  'statement-finished': ({ id, statement, statements }) => [
    'debug',
    `${id}: statement ${statement} of ${statements} done`,
  ],
  succeeded: ({ id, direction, durationMs }) => [
    'info',
    `${id} (${direction}) done in ${durationMs.toFixed(3)} ms`,
  ],
  validated: ({ id, direction }) => ['info', `${id} (${direction}) would run`],
  rehearsed: ({ id, direction, durationMs }) => [
    'info',
    `${id} (${direction}) succeeded in ${durationMs.toFixed(3)} ms, and was rolled back`,
  ],
  'not-tried': ({ id, direction, reason }) => ['info', `${id} (${direction}) was not tried: ${reason}`],
  failed: ({ id, direction, error }) => ['error', `${id} (${direction}) failed: ${error.message}`],
  'throwaway-opened': ({ place, version }) => [
    'info',
    `throwaway database on PostgreSQL ${version}: ${place}`,
  ],
  progress: ({ task, done, total }) => ['debug', `${task} (${done} of ${total})`],
  warning: ({ message }) => ['warn', message],
};

/** Passes one event to a logger. @returns what the logger's function returns, such as a promise. */
export function logEvent(logger: Logger, event: KatEvent): unknown {
  const word = wording[event.type] as (event: KatEvent) => [keyof Logger, string];
  const [level, message] = word(event);
  return logger[level](printableLine(message)) as unknown;
}
