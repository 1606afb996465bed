/** Reads a folder of another tool, and tells of it in short. */

import { relative } from 'node:path';
import type { Problem } from '../../../src/errors.js';
import { readSource, type SourceOptions } from '../../../src/project/import/read-source.js';
import type { SourceMigration } from '../../../src/project/import/source.js';
import type { ImportTool } from '../../../src/project/import/tools.js';
import { makeFolder } from '../temporary.js';

export interface Told {
  migrations: SourceMigration[];
  /** `file:line:column message`. */
  problems: string[];
  warnings: string[];
}

/** @param files by their paths below the folder. */
export async function read(
  tool: ImportTool,
  files: Record<string, string>,
  options: SourceOptions = {},
): Promise<Told> {
  const root = makeFolder(files);
  const { migrations, problems, warnings } = await readSource(tool, root, options);
  const tell = ({ location, message }: Problem) =>
    location
      ? `${relative(root, location.file)}:${location.line}:${location.column} ${message.replaceAll(root, '')}`
      : message.replaceAll(root, '');
  return { migrations, problems: problems.map(tell), warnings: warnings.map(tell) };
}

/** `key <- parents`, in order. */
export function edges({ migrations }: Told): string[] {
  return migrations.map(({ key, parents }) => (parents.length > 0 ? `${key} <- ${parents.join(' ')}` : key));
}
