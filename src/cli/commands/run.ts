/** What the commands that run migrations have in common. */

import type { Confirm } from '../../engine/run.js';
import type { RunResult } from '../../engine/run-result.js';
import { MigrationError } from '../../errors.js';
import type { Direction } from '../../graph/migration.js';
import type { Kat } from '../../index.js';
import type { CommandOption } from '../command.js';
import { confirm, yesOption } from '../confirm.js';
import type { Context, Outcome } from '../context.js';
import { openProject } from '../open-project.js';
import { createRunScreen, dryRunHeading, planText, runSummary } from '../output/run-text.js';
import { type WaitFlags, waitOptions, waitSettings } from '../wait-options.js';

export interface RunFlags extends WaitFlags {
  dryRun?: boolean;
  yes?: boolean;
}

/** @param deed what a dry run prints, behind `what would be`. */
export function dryRunOption(deed: string): CommandOption {
  return {
    flags: '--dry-run',
    description: `check everything, change nothing, and print what would be ${deed} [env: KAT_DRY_RUN]`,
  };
}

/** Options of commands that may take back much. */
export const cautionOptions: readonly CommandOption[] = [yesOption, ...waitOptions];

/** What a run is told beside its move. */
interface RunManner {
  /** What flag, environment and file say together. */
  dryRun: boolean;
  confirm: Confirm;
}

/** @param directions what the command does, in the order in which it does it. */
export async function runCommand(
  context: Context,
  directions: readonly [Direction, ...Direction[]],
  { dryRun, yes = false, ...waits }: RunFlags,
  carryOut: (kat: Kat, manner: RunManner) => Promise<RunResult>,
): Promise<Outcome> {
  let screen: ReturnType<typeof createRunScreen> | undefined;
  const { kat, config } = await openProject(context, {
    onEvent: (event) => screen?.(event),
    flags: { ...waitSettings(waits), ...(dryRun === undefined ? {} : { dryRun }) },
  });
  const { dryRun: isDryRun } = config.migration;
  const showsDirection = directions.length > 1;
  screen = createRunScreen(context, { isDryRun, isVerbose: config.verbose, showsDirection });
  if (isDryRun) context.write(dryRunHeading(directions));
  const summarize = (migrations: RunResult['migrations']) =>
    context.write(runSummary({ directions, isDryRun, migrations }, context));
  try {
    const { migrations } = await carryOut(kat, { dryRun: isDryRun, confirm: confirmation(context, yes) });
    summarize(migrations);
    const [direction, ...others] = directions;
    return { document: { ...(others.length === 0 ? { direction } : {}), isDryRun, migrations } };
  } catch (error) {
    if (error instanceof MigrationError && error.finished.length > 0) summarize(error.finished);
    throw error;
  } finally {
    await kat.close();
  }
}

function confirmation(context: Context, yes: boolean): Confirm {
  return async (plan) => {
    if (yes) return true;
    context.write(planText(plan, context));
    return confirm(context, { deed: 'rolling back', text: 'Go ahead?' });
  };
}
