/** Writes all migrations into one module, for programs that are deployed without the migrations folder. */

import { extname, resolve } from 'node:path';
import { KatError, type Problem } from '../../errors.js';
import { counted } from '../../graph/counted.js';
import { buildGraph } from '../../graph/graph.js';
import { isProgram, type Migration } from '../../graph/migration.js';
import { withPlainLineEnds } from '../../line-ends.js';
import { findSqlFile, loadMigrations, readSqlFile } from '../../project/folder/load.js';
import { saveOutput } from '../../project/save-output.js';
import { readText } from '../../project/source-text.js';
import type { BundleOptions, BundleResult, MigrationText } from './result.js';

/**
 * @throws KatError FILES_INVALID, GRAPH_INVALID for the folder; USAGE for another kind of file, and for `check` without one.
 */
export async function writeBundle(
  { directory, onStray }: { directory: string; onStray: (problem: Problem) => void },
  { file, check = false }: BundleOptions,
): Promise<BundleResult> {
  if (check && file === undefined) throw new KatError('USAGE', '`check` needs the `file` to compare');
  const begin = beginOf(file);
  const { migrations } = buildGraph(await loadMigrations(directory, onStray));
  refuseBundledPrograms(migrations);
  const text = formatBundle(begin, migrations.map(readTexts));
  const result = { migrations: migrations.map(({ id }) => id) };
  if (file === undefined) return { ...result, isValid: true, text };
  const path = resolve(file);
  if (check) return { ...result, isValid: isBundle(path, text), file: path };
  saveOutput(path, text);
  return { ...result, isValid: true, file: path, text };
}

function isBundle(path: string, text: string): boolean {
  const found = readText(path);
  return typeof found === 'string' && withPlainLineEnds(found) === text;
}

/** A program may import other files, which a bundle does not have. */
function refuseBundledPrograms(migrations: readonly Migration[]): void {
  const programs = migrations.filter(({ files }) => isProgram(files.up) || isProgram(files.down));
  if (programs.length === 0) return;
  throw new KatError(
    'USAGE',
    `a bundle holds SQL alone, and ${counted(programs.length, 'migration')} ${programs.length === 1 ? 'has' : 'have'} programs`,
    {
      problems: programs.map(({ id }) => ({ message: `${id} has a program`, migration: id })),
      help: 'Deploy the migrations folder with the program, or write these migrations in SQL.',
    },
  );
}

const note = '// Written by `kat bundle` from the migrations folder. Do not edit it.\n';

/** What stands before the list, by the extension of the file. */
const begins: Readonly<Record<string, string>> = {
  '.mjs': `${note}export default `,
  '.js': `${note}export default `,
  '.ts': `${note}export default `,
  '.cjs': `${note}module.exports = `,
  '.json': '',
};

/** @throws KatError USAGE */
function beginOf(file = '.mjs'): string {
  const begin = begins[extname(`x${file}`)];
  if (begin !== undefined) return begin;
  throw new KatError('USAGE', `a bundle cannot have the name ${JSON.stringify(file)}`, {
    help: `Use one of the extensions ${Object.keys(begins).join(', ')}.`,
  });
}

function readTexts({ id, files }: Migration): MigrationText {
  const down = findSqlFile(files.down);
  return {
    ...{ id, metadata: readPlain(files.metadata), up: readPlain(files.up) },
    ...(down === undefined ? {} : { down: withPlainLineEnds(down) }),
  };
}

/** The same bundle comes of every clone. */
function readPlain(file: string): string {
  return withPlainLineEnds(readSqlFile(file));
}

function formatBundle(begin: string, migrations: readonly MigrationText[]): string {
  const end = begin === '' ? '\n' : ';\n';
  return `${begin}${JSON.stringify(migrations, undefined, 2)}${end}`;
}
