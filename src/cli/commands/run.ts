/** What `up` and `down` have in common. */

import type { RunResult } from '../../engine/run-result.js';
import { MigrationError } from '../../errors.js';
import type { Direction } from '../../graph/migration.js';
import type { Kat } from '../../index.js';
import type { Context, Outcome } from '../context.js';
import { openProject } from '../open-project.js';
import { createRunScreen, dryRunHeading, runSummary } from '../output/run-text.js';
import { type WaitFlags, waitSettings } from '../wait-options.js';

export interface RunFlags extends WaitFlags {
  dryRun?: boolean;
}

/** @param carryOut runs the engine; `dryRun` is what flag, environment and file say together. */
export async function runCommand(
  context: Context,
  direction: Direction,
  { dryRun, ...waits }: RunFlags,
  carryOut: (kat: Kat, dryRun: boolean) => Promise<RunResult>,
): Promise<Outcome> {
  let screen: ReturnType<typeof createRunScreen> | undefined;
  const { kat, config } = await openProject(context, {
    onEvent: (event) => screen?.(event),
    flags: { ...waitSettings(waits), ...(dryRun === undefined ? {} : { dryRun }) },
  });
  const { dryRun: isDryRun } = config.migration;
  screen = createRunScreen(context, { isDryRun, isVerbose: config.verbose });
  if (isDryRun) context.write(dryRunHeading(direction));
  try {
    const result = await carryOut(kat, isDryRun);
    context.write(runSummary(result, context));
    return { document: { direction, isDryRun, migrations: result.migrations } };
  } catch (error) {
    if (error instanceof MigrationError && error.finished.length > 0) {
      context.write(runSummary({ direction, isDryRun, migrations: error.finished }, context));
    }
    throw error;
  } finally {
    await kat.close();
  }
}
