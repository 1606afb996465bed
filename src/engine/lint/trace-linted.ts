/** Runs the linted migrations after all earlier ones on an embedded database, and reports the effects. */

import { isProgram, type Migration } from '../../graph/migration.js';
import { readSqlFile } from '../../project/folder/load.js';
import type { Trace, TracedMigration } from '../trace/result.js';
import type { LintWork } from './lint-files.js';

/** @throws KatError CONFIG_INVALID where there is no embedded database; CANCELLED. */
export async function traceLinted(
  { migrations, linted }: Pick<LintWork, 'migrations' | 'linted'>,
  signal: AbortSignal | undefined,
): Promise<Trace> {
  const { traceMigrations } = await import('../trace/trace.js');
  const last = migrations.findLastIndex(({ id }) => linted.has(id));
  const traced = migrations.slice(0, last + 1).map((migration) => asTraced(migration, linted));
  return traceMigrations(traced, signal);
}

function asTraced({ id, files, noTransaction }: Migration, linted: ReadonlySet<string>): TracedMigration {
  const up = isProgram(files.up) ? '' : readSqlFile(files.up);
  return { id, up, isTransactional: !noTransaction, isChosen: linted.has(id) };
}
