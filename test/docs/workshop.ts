/** A reader's desk: a home folder with an empty project, a shell in it, and the commands that a page may use. */

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  closeSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join, resolve } from 'node:path';
import { katCommand } from '../support/kat-command.js';
import { runInProcess } from '../support/kat-in-process.js';

/** What pages call the home folder; the project is the folder `shop` in it. */
const shownHome = '/home/ada';

/** Who commits, whatever the developer's own git is set to. */
const ada = {
  GIT_CONFIG_NOSYSTEM: '1',
  GIT_AUTHOR_NAME: 'Ada',
  GIT_AUTHOR_EMAIL: 'ada@example.com',
  GIT_COMMITTER_NAME: 'Ada',
  GIT_COMMITTER_EMAIL: 'ada@example.com',
};

/** What pages call the PostgreSQL server's port and database, and what they are in truth. */
interface ServerNames {
  port: number;
  name: string;
}

export interface WorkshopOptions {
  server?: ServerNames;
  /** Whether the page installs the package by itself, with the real npm and npx. */
  isEmpty?: boolean;
}

export interface Workshop {
  /** The project's folder. */
  project: string;
  /** @returns what was printed on stdout and stderr, in that order of time. */
  run(command: string): Promise<{ lines: string[]; exitCode: number }>;
  /** Writes a file of the project, or of the home folder when `path` begins with `~/`. One `*` must match one folder. */
  write(path: string, text: string): void;
  close(): void;
}

const root = resolve(import.meta.dirname, '../..');

export function openWorkshop(options: WorkshopOptions = {}): Workshop {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'kat-docs-')));
  const home = join(folder, 'home');
  const project = join(home, 'shop');
  const bin = join(folder, 'bin');
  mkdirSync(project, { recursive: true });
  if (!options.isEmpty) {
    installPackages(join(home, 'node_modules'));
    installCommands(bin);
  }
  const names = namesOf(home, options.server);
  const path = options.isEmpty ? (process.env.PATH ?? '') : searchPath(bin);
  // The real npx would speak of its own new versions.
  const environment = {
    ...ada,
    PATH: path,
    HOME: home,
    XDG_CACHE_HOME: process.env.XDG_CACHE_HOME,
    LC_ALL: 'C.UTF-8',
    NPM_CONFIG_UPDATE_NOTIFIER: 'false',
  };
  const shell = openShell(folder, project, environment);
  return {
    project,
    run: async (command) => {
      const { output, exitCode } = await shell(names.toReal(command));
      correctConfigs(project, names.toReal);
      return { lines: names.toShown(output).split('\n'), exitCode };
    },
    write: (path, text) => writeFile({ home, project }, path, names.toReal(text)),
    close: () => rmSync(folder, { recursive: true, force: true }),
  };
}

/** Makes `import … from 'kat-migrate'` and its optional companions work in the project, as after `npm install`. */
function installPackages(folder: string): void {
  for (const scope of ['@electric-sql', '@opentelemetry'])
    mkdirSync(join(folder, scope), { recursive: true });
  symlinkSync(root, join(folder, 'kat-migrate'));
  const traces = ['@opentelemetry/api', '@opentelemetry/sdk-trace-base'];
  for (const name of ['@electric-sql/pglite', ...traces, 'jiti', 'libsql', 'pg', 'vitest'])
    symlinkSync(join(root, 'node_modules', name), join(folder, name));
}

/** `kat` and `vitest` as npm links them, and an `npx` that knows nothing else: the real one is slow, and another test runs it. */
function installCommands(bin: string): void {
  mkdirSync(bin);
  symlinkSync(join(root, 'dist/kat.cjs'), join(bin, 'kat'));
  symlinkSync(join(root, 'node_modules/vitest/vitest.mjs'), join(bin, 'vitest'));
  symlinkSync(process.execPath, join(bin, 'node'));
  writeFileSync(join(bin, 'npx'), '#!/bin/sh\nexec "$@"\n', { mode: 0o755 });
}

function searchPath(bin: string): string {
  return [bin, '/usr/bin', '/bin'].join(delimiter);
}

interface Output {
  output: string;
  exitCode: number;
}

/** Runs one command after another; folder, exported variables and `$?` stay from one to the next. */
function openShell(folder: string, project: string, environment: NodeJS.ProcessEnv) {
  const state = join(folder, 'state.sh');
  const variables = join(folder, 'variables');
  const log = join(folder, 'output.txt');
  let lastExitCode = 0;
  writeFileSync(state, '');
  const runScript = async (command: string): Promise<Output> => {
    const script = `. '${state}'
(exit ${lastExitCode})
${command}
code=$?
{ export -p; printf "cd '%s'\\n" "$PWD"; } > '${state}'
env -0 > '${variables}'
exit $code`;
    // One file for both streams keeps their lines in the order in which they were written.
    const output = openSync(log, 'w');
    const child = spawn('sh', ['-c', script], {
      cwd: project,
      env: environment,
      stdio: ['ignore', output, output],
    });
    const [exitCode] = (await once(child, 'close')) as [number];
    closeSync(output);
    return { output: readFileSync(log, 'utf8'), exitCode };
  };
  const runKat = async (command: string): Promise<Output> => {
    const env = existsSync(variables) ? readVariables(variables) : environment;
    const args = command
      .replace(/^(?:npx )?kat ?/, '')
      .split(' ')
      .filter(Boolean);
    const cwd = env.PWD ?? project;
    const { stdout, code = -1 } = await runInProcess(await katCommand(), { args, cwd, env, isMerged: true });
    return { output: stdout, exitCode: code };
  };
  return async (command: string): Promise<Output> => {
    const ended = await (plainKat.test(command) ? runKat : runScript)(command);
    lastExitCode = ended.exitCode;
    return ended;
  };
}

/**
 * A command of which a shell changes nothing: it runs in this process, for a fifth of the CPU. `--up` takes a file of the folder that a
 * process is in.
 */
const plainKat = /^(?:npx )?kat(?: (?!--up )[\w@%+=:,./-]+)*$/;

function readVariables(file: string): NodeJS.ProcessEnv {
  const lines = readFileSync(file, 'utf8').split('\0').filter(Boolean);
  return Object.fromEntries(
    lines.map((line) => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)]),
  );
}

interface Names {
  toReal(text: string): string;
  toShown(text: string): string;
}

function namesOf(home: string, server: ServerNames | undefined): Names {
  const pairs: [shown: string, real: string][] = [[shownHome, home]];
  if (server) pairs.push(['5432', String(server.port)], ['myapp', server.name]);
  const replace = (text: string, from: string, to: string) =>
    text.replace(new RegExp(`(?<![\\w.])${from}(?!\\w)`, 'g'), to);
  return {
    toReal: (text) => pairs.reduce((result, [shown, real]) => replace(result, shown, real), text),
    toShown: (text) => pairs.reduce((result, [shown, real]) => replace(result, real, shown), text),
  };
}

/** `kat init` writes port and database by itself, as the page shows them. */
function correctConfigs(project: string, toReal: (text: string) => string): void {
  for (const name of readdirSync(project).filter((entry) => entry.endsWith('.conf.yaml'))) {
    const file = join(project, name);
    const text = readFileSync(file, 'utf8');
    if (toReal(text) !== text) writeFileSync(file, toReal(text));
  }
}

function writeFile({ home, project }: { home: string; project: string }, path: string, text: string): void {
  const file = path.startsWith('~/') ? join(home, path.slice(2)) : join(project, resolveStar(project, path));
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
}

/** The star stands for the beginning of the name of one folder, as in `migrations/*_create_users/up.sql`. */
function resolveStar(project: string, path: string): string {
  const [before, after] = path.split('*');
  if (before === undefined || after === undefined) return path;
  const [ending = '', ...file] = after.split('/');
  const parent = join(project, before);
  const folders = existsSync(parent) ? readdirSync(parent).filter((name) => name.endsWith(ending)) : [];
  const [folder, ...others] = folders;
  if (!folder || others.length > 0)
    throw new Error(`${path} matches ${folders.length} folders, and it must be one`);
  return join(before, folder, ...file);
}
