/** Reads and writes the files of a schema; in a folder, those that Kat has written and no longer needs are deleted. */

import { existsSync, mkdirSync, readdirSync, readFileSync, rmdirSync, rmSync } from 'node:fs';
import { dirname, join, sep } from 'node:path';
import { KatError } from '../../errors.js';
import { withPlainLineEnds } from '../../line-ends.js';
import { readSqlFile } from '../../project/folder/load.js';
import { saveFile } from '../../project/save-file.js';
import { compareLines } from './line-changes.js';
import { folderHeading, type SchemaTarget } from './schema-text.js';

/** Texts by absolute path. */
type Texts = ReadonlyMap<string, string>;

/** @throws KatError FILES_INVALID for files of others that would be replaced, before anything is written. */
export function writeSchemaFiles(target: SchemaTarget, texts: Texts): void {
  const inside = (file: string) => file.startsWith(target.path + sep);
  if (target.isFolder) refuseOthers([...texts.keys()].filter(inside));
  const stale = findOwnFiles(target).filter((file) => !texts.has(file));
  for (const [file, text] of texts) {
    if (target.isFolder) mkdirSync(dirname(file), { recursive: true });
    if (readText(file) !== text) saveFile(file, text);
  }
  for (const file of stale) {
    rmSync(file);
    if (readdirSync(dirname(file)).length === 0) rmdirSync(dirname(file));
  }
}

/** @returns lines that begin with `-` and `+`; in a folder a line with the path precedes those of each file. */
export function compareSchemaFiles(target: SchemaTarget, texts: Texts): string[] {
  const files = [...new Set([...texts.keys(), ...findOwnFiles(target)])].sort();
  return files.flatMap((file) => {
    const lines = compareLines(readText(file) ?? '', texts.get(file) ?? '');
    if (!target.isFolder || lines.length === 0) return lines;
    return [`@ ${file.slice(target.path.length + 1).replaceAll('\\', '/')}`, ...lines];
  });
}

/** Files of Kat's in the folder and the folders in it. */
function findOwnFiles({ isFolder, path }: SchemaTarget): string[] {
  if (!isFolder || !existsSync(path)) return [];
  const entries = readdirSync(path, { withFileTypes: true });
  const inside = entries
    .filter((entry) => entry.isDirectory())
    .flatMap(({ name }) => listFiles(join(path, name)));
  return [...listFiles(path), ...inside].filter((file) => file.endsWith('.sql') && isOwn(file));
}

function listFiles(folder: string): string[] {
  const entries = readdirSync(folder, { withFileTypes: true });
  return entries.filter((entry) => entry.isFile()).map(({ name }) => join(folder, name));
}

function isOwn(file: string): boolean {
  const start = readFileSync(file, 'utf8').slice(0, folderHeading.length + 1);
  return start.trimEnd() === folderHeading;
}

/** Line ends may be those of the clone. */
function readText(file: string): string | undefined {
  return existsSync(file) ? withPlainLineEnds(readSqlFile(file)) : undefined;
}

function refuseOthers(files: readonly string[]): void {
  const others = files.filter((file) => existsSync(file) && !isOwn(file));
  if (others.length === 0) return;
  throw new KatError('FILES_INVALID', 'the folder has files that Kat did not write', {
    problems: others.map((file) => ({
      message: `${file} does not begin with the line \`${folderHeading}\``,
    })),
    help: 'Nothing was written. Name another folder, or move these files.',
  });
}
