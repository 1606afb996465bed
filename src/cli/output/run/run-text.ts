/** The screen of `up` and `down`: the lines that users were promised. */

import type { EventListener, KatEvent, ServerSession } from '../../../engine/events.js';
import { describeLoss, type Loss } from '../../../engine/plan/loss.js';
import type { PlanToConfirm } from '../../../engine/run/run-result.js';
import { formatSession } from '../../../engine/session/session-text.js';
import type { FinishedStep } from '../../../errors.js';
import type { Direction } from '../../../graph/migration.js';
import { readableDuration } from '../../../graph/readable-duration.js';
import type { Context } from '../../context.js';
import { connectionText, failureTexts, throwawayText } from '../connection-text.js';
import { formatDuration } from '../duration.js';
import { upLintText } from '../lint-text.js';
import { untriedText } from '../rehearsal-text.js';
import { createActivityScreen, type ProgressMode } from './activity-screen.js';
import { type StepName, trackSteps } from './running-steps.js';

type Notice = Extract<KatEvent, { type: 'notice' }>['notice'];

const words = {
  up: { done: 'applied', todo: 'apply' },
  down: { done: 'rolled back', todo: 'roll back' },
} as const;

/** The line that a dry run begins with. */
export function dryRunHeading(
  directions: readonly Direction[],
  { isRehearsal, isOnCopy }: { isRehearsal: boolean; isOnCopy: boolean },
): string {
  const where = isOnCopy ? 'on a copy of the database' : 'in a transaction that is rolled back';
  const how = isRehearsal ? `, but executed ${where}` : '';
  return `DRY RUN: Migrations will not be ${directions.map((direction) => words[direction].done).join(' or ')}${how}\n`;
}

type Handlers = { [E in KatEvent as E['type']]?: (event: E) => void };

/**
 * Shows a run as it happens: results on stdout, everything else on stderr. A migration's id stands alone on its line
 * until it is done; what is said of it meanwhile follows on lines of its own.
 */
export function createRunScreen(
  context: Context,
  options: {
    isDryRun: boolean;
    /** Whether a dry run executes on a copy of the database. */
    isOnCopy?: boolean;
    isVerbose: boolean;
    showsDirection: boolean;
    progress?: ProgressMode;
  },
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
    if (!options.isDryRun || options.isVerbose) write(connectionText(event, context, options));
  };
  const nameOf = ({ id, direction }: StepName) =>
    options.showsDirection ? `${id} (${direction}) ` : `${id} `;
  const failureText = failureTexts(
    ({ error, retryInMs }) => `${error.message}; trying again in ${readableDuration(retryInMs)}`,
  );
  const isShown = ({ isRaised, severity, sqlstate }: Notice) =>
    options.isVerbose || isRaised || severity === 'WARNING' || sqlstate.startsWith('01');
  const drawn = {
    draw: (text: string) => {
      endLine();
      if (text === '') context.clearProgress();
      else context.showProgress(text);
    },
    say: remark,
  };
  const activities = createActivityScreen(drawn, {
    mode: options.progress ?? 'auto',
    isLive: context.showsProgress,
  });
  let total = 0;
  const steps = trackSteps();
  const begin = (step: StepName) => {
    endLine();
    steps.begin(step);
    write(nameOf(step));
  };
  const finish = (step: StepName) => {
    endLine();
    steps.end(step);
    activities.end(step.id);
  };
  const remarkOn = (step: StepName, lines: readonly string[]) =>
    remark(lines.map((line) => steps.indent(step) + line).join('\n'));
  const handlers: Handlers = {
    planned: ({ plan }) => {
      total = plan.steps.length;
    },
    activity: (event) => activities.show({ ...event, number: steps.numberOf(event), total }),
    connecting: connection,
    connected: connection,
    started: begin,
    succeeded: finish,
    failed: finish,
    validated: ({ id, direction }) =>
      write(`${id} ${style.cyan(`[DRY RUN] Would execute ${direction} migration for ${id}`)}\n`),
    rehearsed: (event) => {
      const { direction, durationMs } = event;
      steps.end(event);
      const how = options.isOnCopy ? 'on a copy' : 'and rolled it back';
      const deed = style.cyan(`[DRY RUN] Executed ${direction} migration ${how}`);
      write(`${deed} - ${formatDuration(durationMs)}\n`);
    },
    'not-tried': (step) => {
      if (!isLineOpen) write(nameOf(step));
      steps.end(step);
      write(`${style.yellow(`[DRY RUN] Not tried: ${untriedText(step)}`)}\n`);
    },
    notice: (event) => {
      const { notice } = event;
      if (isShown(notice)) remarkOn(event, [`${notice.severity}: ${notice.message}`]);
    },
    blocked: (event) =>
      remarkOn(
        event,
        event.blockers.map((blocker) => `Waiting for ${blockerText(blocker)}`),
      ),
    blocking: (event) =>
      remarkOn(
        event,
        event.waiting.map((session) => `Waits for this migration: ${blockerText(session)}`),
      ),
    retrying: (event) => {
      const { error, retryInMs, attempt } = event;
      remarkOn(event, [
        `${error.message}; trying again in ${readableDuration(retryInMs)} (try ${attempt} failed)`,
      ]);
    },
    'statement-finished': (event) => {
      const { statement, statements } = event;
      if (options.isVerbose) remarkOn(event, [`statement ${statement} of ${statements} done`]);
    },
    'connection-failed': (event) => {
      const text = failureText(event);
      if (text !== undefined) remark(text);
    },
    'waiting-for-lock': ({ holder }) =>
      remark(`Waiting for another runner${holder ? `: ${formatSession(holder)}` : ''}`),
    'throwaway-opened': (event) => remark(throwawayText(event)),
    linted: (report) => remark(upLintText(report, context)),
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
  /** The directions of the command, in execution order. */
  directions: readonly Direction[];
  isDryRun: boolean;
  migrations: readonly FinishedStep[];
}

/** The executed steps, or the planned ones. */
export function runSummary({ directions, isDryRun, migrations }: RunSummary, { style }: Context): string {
  const count = migrations.length;
  if (count === 0)
    return `No migration(s) to ${directions.map((direction) => words[direction].todo).join(' or ')}\n`;
  const done = directions
    .map((direction) => ({
      direction,
      count: migrations.filter((step) => step.direction === direction).length,
    }))
    .filter((part) => part.count > 0);
  const result = isDryRun
    ? `DRY RUN: Validated ${count} migrations without applying them`
    : style.green(
        `Successfully ${done.map((part) => `${words[part.direction].done} ${part.count} migrations`).join(' and ')}`,
      );
  const total = isDryRun
    ? `${count} migration(s) validated`
    : done.map((part) => `${part.count} migration(s) ${words[part.direction].done}`).join(', ');
  return [
    result,
    '',
    style.bold('Migration Summary'),
    isDryRun ? 'Validated migrations:' : 'Successful migrations:',
    ...migrations.map((step) => `  ${style.green('✓')} ${stepText(step)}`),
    '',
    `Total: ${total}`,
    '',
  ].join('\n');
}

/** The steps to confirm, in order, with the data that they destroy. */
export function planText({ steps, losses }: PlanToConfirm, { style }: Context): string {
  const lines = steps.map(({ id, direction }) =>
    direction === 'down' ? `  ${style.red('-')} ${id} (down)` : `  ${style.green('+')} ${id} (up)`,
  );
  return `${['Planned steps:', ...lines].join('\n')}\n${lossesText(losses, { style })}`;
}

/** A line for each loss. */
export function lossesText(losses: readonly Loss[], { style }: Pick<Context, 'style'>): string {
  return losses.map((loss) => `${style.red('Data loss:')} ${describeLoss(loss)}\n`).join('');
}

function stepText({ id, direction, durationMs }: FinishedStep): string {
  const text = `${id} (${direction})`;
  return durationMs === undefined ? text : `${text} - ${formatDuration(durationMs)}`;
}
