/** Checks the migrations folder, and whether git has it. */

import type { Graph } from '../../graph/graph.js';
import { listIds } from '../../graph/list-ids.js';
import { findUncommitted } from '../../project/git/uncommitted.js';
import { type ValidateSetting, validate } from '../validate/validate.js';
import type { DoctorCheck } from './result.js';
import { failed, ok, runCheck, skipped, warning } from './single-check.js';

const counted = (count: number, noun: string) => `${count} ${noun}${count === 1 ? '' : 's'}`;

/** Reads the SQL of all migrations. */
export function checkMigrationsFolder(setting: ValidateSetting): Promise<DoctorCheck> {
  return runCheck('folder', async () => {
    const { migrations, counts } = await validate(setting, { offline: true, all: true });
    const help = 'Run `kat validate --offline --all` to see them.';
    if (counts.errors > 0) return failed(`${counted(counts.errors, 'error')} in the migrations folder`, help);
    if (counts.warnings > 0) return warning(`${counted(counts.warnings, 'warning')}, no errors`, help);
    return ok(`${counted(migrations, 'migration')} in ${setting.directory}`);
  });
}

/** @param graph undefined where the folder has errors. */
export function checkGit(directory: string, graph: Graph | undefined): Promise<DoctorCheck> {
  return runCheck('git', async () => {
    if (!graph) return skipped('the folder has errors');
    const found = await findUncommitted(
      directory,
      graph.migrations.map(({ id }) => id),
    );
    if ('reason' in found) return skipped(found.reason);
    if (found.folders.length === 0) return ok('all migrations are committed');
    return warning(
      `not committed: ${listIds(found.folders)}`,
      'Commit migrations before you apply them to a shared database.',
    );
  });
}
