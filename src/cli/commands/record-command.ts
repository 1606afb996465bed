/** Shared code of the commands that change records and run no SQL of migrations. */

import type { Kat } from '../../index.js';
import { present } from '../../present.js';
import type { CommandOption } from '../command.js';
import { confirm, yesOption } from '../confirm.js';
import { confirmEnvironment } from '../confirm-environment.js';
import type { Context } from '../context.js';
import { openProject } from '../open-project.js';
import { createRunScreen } from '../output/run/run-text.js';
import { lockOptions, type WaitFlags, waitSettings } from '../wait-options.js';

export interface RecordFlags extends WaitFlags {
  dryRun?: boolean;
  yes?: boolean;
}

export const recordOptions: readonly CommandOption[] = [
  { flags: '--dry-run', description: 'change nothing, and print what would be done [env: KAT_DRY_RUN]' },
  yesOption,
  ...lockOptions,
];

interface RecordManner<Plan> {
  /** The merged value of flag, environment and file. */
  dryRun: boolean;
  confirm(plan: Plan): Promise<boolean>;
}

interface RecordCommand<Plan, Result extends Plan & { isDryRun: boolean }> {
  carryOut(kat: Kat, manner: RecordManner<Plan>): Promise<Result>;
  /** The planned changes, as text. */
  show(plan: Plan): string;
  /** Whether somebody must agree. */
  needsConsent(plan: Plan): boolean;
  /** The confirmed action, as the start of a sentence. */
  action: string;
  /** The text after the changes. */
  summarize(result: Result): string;
  exitCode?(result: Result): number;
}

/** Opens the project with a screen for what happens meanwhile. @returns `isDryRun` merged of flag, environment and file */
export async function openForRecords(
  context: Context,
  { dryRun, ...waits }: Pick<RecordFlags, 'dryRun'> & WaitFlags,
) {
  let screen: ReturnType<typeof createRunScreen> | undefined;
  const { kat, config } = await openProject(context, {
    onEvent: (event) => screen?.(event),
    flags: { ...waitSettings(waits), ...present({ dryRun }) },
  });
  const { dryRun: isDryRun } = config.migration;
  screen = createRunScreen(context, { isDryRun, isVerbose: config.verbose, showsDirection: false });
  return { kat, config, isDryRun };
}

/** Shows what is to be done, asks where it must, does it, and says so. */
export async function runRecordCommand<Plan, Result extends Plan & { isDryRun: boolean }>(
  context: Context,
  { yes = false, ...flags }: RecordFlags,
  change: RecordCommand<Plan, Result>,
): Promise<{ document: Result; exitCode?: number }> {
  const { kat, config, isDryRun } = await openForRecords(context, flags);
  if (!isDryRun) await confirmEnvironment(context, config, { yes });
  if (isDryRun) context.write('DRY RUN: Nothing will be changed\n');
  let isShown = false;
  const ask = async (plan: Plan) => {
    context.write(change.show(plan));
    isShown = true;
    if (yes || !change.needsConsent(plan)) return true;
    return confirm(context, { deed: change.action, text: 'Go ahead?' });
  };
  try {
    const result = await change.carryOut(kat, { dryRun: isDryRun, confirm: ask });
    if (!isShown) context.write(change.show(result));
    context.write(change.summarize(result));
    const exitCode = change.exitCode?.(result);
    return { document: { ...result }, ...present({ exitCode }) };
  } finally {
    await kat.close();
  }
}
