/** The screen of `up` and `down`: the lines that users were promised. */

import type { EventListener, KatEvent, ServerSession } from '../../engine/events.js';
import { formatSession } from '../../engine/server-sessions.js';
import type { FinishedStep } from '../../errors.js';
import type { Direction } from '../../graph/migration.js';
import type { Context } from '../context.js';
import { connectionText } from './connection-text.js';
import { formatDuration } from './duration.js';

type Notice = Extract<KatEvent, { type: 'notice' }>['notice'];

const words = {
  up: { done: 'applied', todo: 'apply' },
  down: { done: 'rolled back', todo: 'roll back' },
} as const;

/** The line that a dry run begins with. */
export function dryRunHeading(direction: Direction): string {
  return `DRY RUN: Migrations will not be ${words[direction].done}\n`;
}

type Handlers = { [E in KatEvent as E['type']]?: (event: E) => void };

/**
 * Shows a run as it happens: results on stdout, everything else on stderr. A migration's id stands alone on its line
 * until it is done; what is said of it meanwhile follows on lines of its own.
 */
export function createRunScreen(
  context: Context,
  options: { isDryRun: boolean; isVerbose: boolean },
): EventListener {
  const { style } = context;
  let isLineOpen = false;
  const write = (text: string) => {
    isLineOpen = !text.endsWith('\n');
    context.write(text);
  };
  const endLine = () => {
    if (isLineOpen) write('\n');
  };
  const remark = (text: string) => {
    endLine();
    context.warn(text);
  };
  const connection = (event: Extract<KatEvent, { type: 'connecting' | 'connected' }>) => {
    if (!options.isDryRun || options.isVerbose) write(connectionText(event, context, options.isVerbose));
  };
  const isShown = (notice: Notice) => options.isVerbose || notice.severity === 'WARNING';
  const handlers: Handlers = {
    connecting: connection,
    connected: connection,
    started: ({ id }) => write(`${id} `),
    succeeded: endLine,
    failed: endLine,
    validated: ({ id, direction }) =>
      write(`${id} ${style.cyan(`[DRY RUN] Would execute ${direction} migration for ${id}`)}\n`),
    notice: ({ notice }) => {
      if (isShown(notice)) remark(`  ${notice.severity}: ${notice.message}`);
    },
    blocked: ({ blockers }) =>
      remark(blockers.map((blocker) => `  Waiting for ${blockerText(blocker)}`).join('\n')),
    retrying: ({ error, retryInMs, attempt }) =>
      remark(`  ${error.message}; trying again in ${formatDuration(retryInMs)} (try ${attempt} failed)`),
    'statement-finished': ({ statement, statements }) => {
      if (options.isVerbose) remark(`  statement ${statement} of ${statements} done`);
    },
    'connection-failed': ({ error, retryInMs }) =>
      remark(`${error.message}; trying again in ${formatDuration(retryInMs)}`),
    'waiting-for-lock': ({ holder }) =>
      remark(`Waiting for another runner${holder ? `: ${formatSession(holder)}` : ''}`),
    warning: ({ message, help }) => remark(`Warning: ${help ? `${message}. ${help}` : message}`),
  };
  return (event) => {
    const handle = handlers[event.type] as ((event: KatEvent) => void) | undefined;
    handle?.(event);
  };
}

function blockerText(session: ServerSession): string {
  return session.statement ? `${formatSession(session)}: ${session.statement}` : formatSession(session);
}

export interface RunSummary {
  direction: Direction;
  isDryRun: boolean;
  migrations: readonly FinishedStep[];
}

/** What was done, or would be. */
export function runSummary({ direction, isDryRun, migrations }: RunSummary, { style }: Context): string {
  const { done, todo } = words[direction];
  const count = migrations.length;
  if (count === 0) return `No migration(s) to ${todo}\n`;
  const result = isDryRun
    ? `DRY RUN: Validated ${count} migrations without applying them`
    : style.green(`Successfully ${done} ${count} migrations`);
  return [
    result,
    '',
    style.bold('Migration Summary'),
    isDryRun ? 'Validated migrations:' : 'Successful migrations:',
    ...migrations.map((step) => `  ${style.green('✓')} ${stepText(step)}`),
    '',
    `Total: ${count} migration(s) ${isDryRun ? 'validated' : done}`,
    '',
  ].join('\n');
}

function stepText({ id, direction, durationMs }: FinishedStep): string {
  const text = `${id} (${direction})`;
  return durationMs === undefined ? text : `${text} - ${formatDuration(durationMs)}`;
}
