/** The screen of `up` and `down`: the lines that users were promised. */

import type { Notice } from '../../drivers/driver.js';
import type { KatEvent } from '../../engine/events.js';
import { formatHolder } from '../../engine/lock.js';
import type { FinishedStep } from '../../errors.js';
import type { Direction } from '../../graph/migration.js';
import type { Context } from '../context.js';
import { connectionText } from './connection-text.js';
import { formatDuration } from './duration.js';

const words = {
  up: { done: 'applied', todo: 'apply' },
  down: { done: 'rolled back', todo: 'roll back' },
} as const;

/** The line that a dry run begins with. */
export function dryRunHeading(direction: Direction): string {
  return `DRY RUN: Migrations will not be ${words[direction].done}\n`;
}

/**
 * Shows a run as it happens. Notices appear below the migration that caused them; NOTICE and the like only on request.
 * @returns the listener for the engine's events.
 */
export function createRunScreen(context: Context, options: { isDryRun: boolean; isVerbose: boolean }) {
  const { style } = context;
  const isShown = (notice: Notice) => options.isVerbose || notice.severity === 'WARNING';
  let notices: Notice[] = [];
  const endLine = () => {
    context.write('\n');
    for (const notice of notices) context.warn(`  ${notice.severity}: ${notice.message}`);
    notices = [];
  };
  return (event: KatEvent): void => {
    switch (event.type) {
      case 'started':
        return context.write(`${event.id} `);
      case 'succeeded':
      case 'failed':
        return endLine();
      case 'notice':
        if (isShown(event.notice)) notices.push(event.notice);
        return;
      case 'validated':
        return context.write(
          `${event.id} ${style.cyan(`[DRY RUN] Would execute ${event.direction} migration for ${event.id}`)}\n`,
        );
      case 'waiting-for-lock':
        return context.warn(waitingText(event));
      case 'warning':
        return context.warn([`Warning: ${event.message}`, event.help].filter(Boolean).join('. '));
      case 'connecting':
      case 'connected':
        if (options.isDryRun && !options.isVerbose) return;
        return context.write(connectionText(event, context, options.isVerbose));
      default:
        return;
    }
  };
}

function waitingText({ holder }: Extract<KatEvent, { type: 'waiting-for-lock' }>): string {
  return `Waiting for another runner${holder ? `: process ${formatHolder(holder)}` : ''}`;
}

export interface RunSummary {
  direction: Direction;
  isDryRun: boolean;
  migrations: readonly FinishedStep[];
}

/** What was done, or would be. Empty when there was nothing to do and a failure has said so already. */
export function runSummary(summary: RunSummary, context: Context): string {
  const { direction, isDryRun, migrations } = summary;
  const { style } = context;
  const { done, todo } = words[direction];
  const count = migrations.length;
  if (count === 0) return `No migration(s) to ${todo}\n`;
  const result = isDryRun
    ? `DRY RUN: Validated ${count} migrations without applying them`
    : `Successfully ${done} ${count} migrations`;
  return [
    isDryRun ? result : style.green(result),
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
  return durationMs === undefined
    ? `${id} (${direction})`
    : `${id} (${direction}) - ${formatDuration(durationMs)}`;
}
