/** Makes git ask Kat when it merges a schema file. */

import { existsSync, realpathSync } from 'node:fs';
import { dirname, join, relative, sep } from 'node:path';
import { KatError } from '../../errors.js';
import { readRegularFile } from '../../regular-file.js';
import { changeFile } from '../change-file.js';
import { findRepositoryRoot } from '../folder/repository-root.js';
import { runGit } from './run-git.js';

export interface MergeDriver {
  /** Absolute; git names it to Kat. */
  configFile: string;
  /** Absolute: a file, or a folder of files. */
  path: string;
  isFolder: boolean;
  /** Absolute: the ids beside it. */
  idsFile: string;
}

/**
 * Writes `.gitattributes` at the top of the working tree, which the team shares, and the configuration of this clone. Leaves both as they
 * are where they say so already.
 * @returns what was written, in words.
 * @throws KatError USAGE outside of a repository; FILES_INVALID.
 */
export async function installMergeDriver({
  configFile,
  path,
  isFolder,
  idsFile,
}: MergeDriver): Promise<string[]> {
  const top = findRepositoryRoot(realpathSync(dirname(configFile)));
  if (top === undefined) throw noRepository();
  const [config, place, ids] = [configFile, path, idsFile].map((one) => pathInside(top, one)) as [
    string,
    string,
    string,
  ];
  const driver = driverName(dirname(config), isFolder);
  const patterns = [
    isFolder ? `${attributePattern(place)}/**` : attributePattern(place),
    attributePattern(ids),
  ];
  const folder = isFolder ? ` --dir ${shellQuote(place)}` : '';
  const options = `--config ${shellQuote(config)}${folder} --merge-driver %O %A %B %P`;
  return [
    ...writeAttributes(
      join(top, '.gitattributes'),
      patterns.map((pattern) => `${quotePattern(pattern)} merge=${driver}`),
    ),
    ...(await setConfig(top, `merge.${driver}.name`, 'schema of the merged migrations')),
    ...(await setConfig(
      top,
      `merge.${driver}.driver`,
      `${katCommand(top, dirname(configFile))} schema ${options}`,
    )),
  ];
}

/** One for each project of a repository. */
function driverName(project: string, isFolder: boolean): string {
  const parts = ['kat-schema', ...(isFolder ? ['dir'] : []), ...(project === '.' ? [] : [project])];
  return parts.join('-').replace(/[^\w.-]+/g, '-');
}

function pathInside(top: string, path: string): string {
  const found = relative(top, join(realpathSync(dirname(path)), path.slice(dirname(path).length)));
  if (found.startsWith(`..${sep}`)) throw outside(path, top);
  return found.split(sep).join('/');
}

/** As `gitattributes(5)` reads patterns: special characters get a backslash. */
function attributePattern(path: string): string {
  return `/${path.replace(/[\\*?[]/g, '\\$&')}`;
}

/** Blanks need quotes, as in C. */
function quotePattern(pattern: string): string {
  return /[\s"]/.test(pattern) ? `"${pattern.replace(/["\\]/g, '\\$&')}"` : pattern;
}

/** git runs the driver with its shell, at the top of the working tree. */
function katCommand(top: string, project: string): string {
  for (let folder = realpathSync(project); ; folder = dirname(folder)) {
    const command = join(folder, 'node_modules', '.bin', 'kat');
    if (existsSync(command)) return shellQuote(relative(top, command).split(sep).join('/'));
    if (folder === top || dirname(folder) === folder) return 'kat';
  }
}

/** git replaces `%` and a letter in a driver's command. */
function shellQuote(text: string): string {
  const quoted = /^[\w./-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
  return quoted.replaceAll('%', '%%');
}

function writeAttributes(file: string, lines: readonly string[]): string[] {
  const text = existsSync(file) ? readRegularFile(file).toString('utf8') : '';
  const known = new Set(text.split(/\r?\n/));
  const missing = lines.filter((line) => !known.has(line));
  if (missing.length === 0) return [];
  const gap = text === '' || text.endsWith('\n') ? '' : '\n';
  const added = Buffer.from(`${gap}${missing.map((line) => `${line}\n`).join('')}`);
  changeFile(file, (bytes) => `${bytes}${added.toString('latin1')}`);
  return missing.map((line) => `.gitattributes: ${line}`);
}

async function setConfig(top: string, name: string, value: string): Promise<string[]> {
  const { stdout } = await runGit(top, ['config', '--local', '--get', name]);
  if (stdout.toString('utf8').trimEnd() === value) return [];
  const { code, stderr } = await runGit(top, ['config', '--local', name, value]);
  if (code !== 0)
    throw new KatError('FILES_INVALID', `git cannot write its configuration: ${stderr.trim()}`, {
      help: 'Correct the problem that git reports, and run the command again.',
    });
  return [`git config: ${name} = ${value}`];
}

function noRepository(): KatError {
  return new KatError('USAGE', 'the project is not in a git repository', {
    help: 'Run the command in a clone, or run `git init` first.',
  });
}

function outside(path: string, top: string): KatError {
  return new KatError('USAGE', `${path} is outside of the repository ${top}`, {
    help: 'Name a file in the repository: `--file FILE`.',
  });
}
