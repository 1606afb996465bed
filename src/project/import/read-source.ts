/** Reads the migrations folder of another tool. */

import { KatError } from '../../errors.js';
import type { Placeholders } from './placeholders.js';
import { locateInSource, type SourceFolder, type SourceMigration, type SourceReading } from './source.js';
import { openSource } from './source-folder.js';
import { type ImportTool, loadAdapter } from './tools.js';

export interface SourceOptions {
  /** Values for the placeholders in the tool's SQL, by name. */
  placeholders?: Placeholders;
}

/**
 * Reads all migrations in `directory` as `tool` would, and changes nothing there.
 * @throws KatError FILES_INVALID when there is no such folder; USAGE when the tool's files cannot hold placeholders.
 */
export async function readSource(
  tool: ImportTool,
  directory: string,
  { placeholders = {} }: SourceOptions = {},
): Promise<SourceReading> {
  const { read, hasPlaceholders } = await loadAdapter(tool);
  if (!hasPlaceholders && Object.keys(placeholders).length > 0) throw noPlaceholders(tool);
  const folder = openSource(directory);
  const migrations = read(folder, placeholders);
  const { problems, warnings, root } = folder;
  refuseSharedKeys(folder, migrations);
  if (migrations.length === 0 && problems.length === 0) {
    throw new KatError('FILES_INVALID', `${root} has no migrations of ${tool}`, {
      problems: warnings,
      help: `Name the folder from which ${tool} reads its migrations. Nothing was written.`,
    });
  }
  return { migrations, problems, warnings };
}

function noPlaceholders(tool: ImportTool): KatError {
  return new KatError('USAGE', `the files of ${tool} have no placeholders`, {
    help: 'Leave --placeholder out.',
  });
}

/** By its key a migration is found in the tracking table. */
function refuseSharedKeys({ problems }: SourceFolder, migrations: readonly SourceMigration[]): void {
  const seen = new Map<string, string>();
  for (const { key, label, up } of migrations) {
    const earlier = seen.get(key);
    seen.set(key, label);
    if (earlier === undefined) continue;
    problems.push({
      message: `${earlier} and ${label} have the same number or name, so the other tool reads them as one migration`,
      location: locateInSource(up),
      help: 'Keep one of them, or give each a different number.',
    });
  }
}
