/** Shared code of the commands that run migrations. */

import { describeLoss } from '../../engine/plan/loss.js';
import type { ReviewedPlan } from '../../engine/plan/move-plan.js';
import type { Confirm, RunResult } from '../../engine/run/run-result.js';
import { MigrationError, UnconfirmedError } from '../../errors.js';
import type { Direction } from '../../graph/migration.js';
import type { Kat } from '../../index.js';
import { present } from '../../present.js';
import type { DatabaseConfig } from '../../project/config/config.js';
import type { DryRun, Jobs, UpLintPolicy } from '../../project/config/config-names.js';
import type { CommandOption } from '../command.js';
import { canAsk, confirm, nobodyToAsk, yesOption } from '../confirm.js';
import { confirmEnvironment } from '../confirm-environment.js';
import type { Context, Outcome } from '../context.js';
import { openProject } from '../open-project.js';
import { rehearsalSummary } from '../output/rehearsal-text.js';
import { type ProgressMode, progressModes } from '../output/run/activity-screen.js';
import { eventDocument } from '../output/run/event-document.js';
import { createRunScreen, dryRunHeading, lossesText, planText, runSummary } from '../output/run/run-text.js';
import { type ReviewFlags, reviewedPlan, reviewOptions } from '../reviewed-plan.js';
import { collectSooner } from '../tune-node.js';
import { type WaitFlags, waitOptions, waitSettings } from '../wait-options.js';

export interface RunFlags extends WaitFlags, ReviewFlags {
  dryRun?: string;
  yes?: boolean;
  progress?: ProgressMode;
  events?: boolean;
  /** How `up` treats lint findings in pending migrations. */
  lintOnUp?: UpLintPolicy;
  jobs?: Jobs;
}

/** @param deed what a dry run prints, behind `what would be`. */
export function dryRunOption(deed: string): CommandOption {
  return {
    flags: '-d, --dry-run[=depth]',
    description: `check the plan, change nothing, and print what would be ${deed}; \`--dry-run=rollback\` executes the plan in a transaction and rolls it back [env: KAT_DRY_RUN]`,
    choices: ['true', 'false', 'rollback'],
  };
}

/** How a run shows what it does. */
export const progressOptions: readonly CommandOption[] = [
  {
    flags: '--progress <mode>',
    description:
      'how to show the progress of long migrations: `auto` draws lines on a terminal, and elsewhere prints a line from time to time; `lines` always prints; `none` shows nothing (default: auto)',
    choices: progressModes,
  },
  {
    flags: '--events',
    description: 'print each event to stdout as one line of JSON; the last line is the document of `--json`',
  },
];

/** Options of commands that may take back much. */
export const cautionOptions: readonly CommandOption[] = [
  ...[yesOption, ...reviewOptions, ...waitOptions, ...progressOptions],
];

/** The settings of a run beside its move. */
interface RunManner {
  /** The merged value of flag, environment and file. */
  dryRun: DryRun;
  confirm: Confirm;
  plan: ReviewedPlan | undefined;
}

type MoveCommand = 'up' | 'down' | 'redo' | 'sync';

/** What each command does, in the order in which it does it. */
const directionsOf: Readonly<Record<MoveCommand, readonly [Direction, ...Direction[]]>> = {
  up: ['up'],
  down: ['down'],
  redo: ['down', 'up'],
  sync: ['down', 'up'],
};

/** @throws what the move throws; KatError USAGE and FILES_INVALID for a wrong plan. */
export async function runCommand(
  context: Context,
  command: MoveCommand,
  {
    dryRun,
    yes = false,
    lintOnUp,
    jobs,
    planId,
    plan: planFile,
    progress = 'auto',
    events = false,
    ...waits
  }: RunFlags,
  carryOut: (kat: Kat, manner: RunManner) => Promise<RunResult>,
): Promise<Outcome<MoveCommand>> {
  const plan = reviewedPlan(context, command, { planId, plan: planFile });
  const directions = directionsOf[command];
  let screen: ReturnType<typeof createRunScreen> | undefined;
  const { kat, config } = await openProject(context, {
    onEvent: (event) => {
      if (events) context.writeEvent(eventDocument(event));
      screen?.(event);
    },
    flags: {
      ...waitSettings(waits),
      ...present({ dryRun, lintOnUp, jobs }),
    },
  });
  collectSooner(config.migration.directory);
  const { dryRun: isDryRun, isRehearsal } = config.migration;
  if (!isDryRun)
    await confirmEnvironment(context, config, { yes, isReviewed: plan !== undefined, plans: command });
  const showsDirection = directions.length > 1;
  const isOnCopy = config.database.driver === 'sqlite';
  screen = createRunScreen(context, {
    isDryRun,
    isOnCopy,
    isVerbose: config.verbose,
    showsDirection,
    progress,
  });
  if (isDryRun) context.write(dryRunHeading(directions, { isRehearsal, isOnCopy }));
  const summarize = ({ migrations, untried = [] }: Omit<RunResult, 'isDryRun'>) => {
    const isTried = isRehearsal && migrations.length + untried.length > 0;
    const words = isTried
      ? rehearsalSummary({ migrations, untried }, context, { isOnCopy })
      : runSummary({ directions, isDryRun, migrations }, context);
    context.write(words);
  };
  try {
    const depth = isRehearsal ? 'rollback' : isDryRun;
    const result = await carryOut(kat, { dryRun: depth, confirm: confirmation(context, yes), plan });
    if (result.losses) context.write(lossesText(result.losses, context));
    summarize(result);
    const advice = memoryAdvice[config.database.driver];
    if (advice && config.database.path === undefined && result.migrations.length > 0 && !isDryRun)
      context.advise(advice);
    const [direction, ...others] = directions;
    return { document: { ...(others.length === 0 ? { direction } : {}), ...result } };
  } catch (error) {
    if (error instanceof MigrationError && error.finished.length > 0)
      summarize({ migrations: error.finished });
    throw error;
  } finally {
    await kat.close();
  }
}

const memoryAdvice: Readonly<Partial<Record<DatabaseConfig['driver'], string>>> = {
  pglite:
    'PGlite ran in memory, so all of this is gone now. Write `path: ./database` below `database:` to keep it.\n',
  sqlite:
    'SQLite ran in memory, so all of this is gone now. Write `path: app.db` below `database:` to keep it.\n',
};

function confirmation(context: Context, yes: boolean): Confirm {
  if (yes) return () => true;
  return (plan) => {
    context.write(planText(plan, context));
    if (canAsk(context)) return confirm(context, { deed: 'rolling back', text: 'Go ahead?' });
    const [loss] = plan.losses;
    const { message, help } = nobodyToAsk(loss ? `${describeLoss(loss)}: this` : 'rolling back', context);
    throw new UnconfirmedError('USAGE', message, { help, plan: { steps: plan.steps } });
  };
}
