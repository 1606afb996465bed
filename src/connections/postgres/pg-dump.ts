/** Has the server's own `pg_dump` write the schema down. */

import { type ExecFileException, execFile } from 'node:child_process';
import { KatError } from '../../errors.js';
import type { Dump, DumpRequest } from '../driver.js';
import type { Target } from './libpq.js';
import { programEnvironment } from './program-environment.js';

/** As long as a string of Node.js may be. */
const maxBytes = 2 ** 29;

/** @throws KatError as `Driver.dumpSchema` says. */
export async function runPgDump(target: Target, env: NodeJS.ProcessEnv, request: DumpRequest): Promise<Dump> {
  const program: Program = {
    path: request.program ?? 'pg_dump',
    env: programEnvironment(target, env),
    signal: request.signal,
    serverMajor: Math.floor(request.versionNumber / 10_000),
  };
  const version = await askVersion(program);
  return { text: await run(program, argumentsFor(request)), author: `pg_dump ${version}` };
}

interface Program {
  path: string;
  env: NodeJS.ProcessEnv;
  signal: AbortSignal | undefined;
  serverMajor: number;
}

/** An older pg_dump refuses a newer server; better said before it connects. */
async function askVersion(program: Program): Promise<string> {
  const [, version = '0'] = /(\d[\w.]*)/.exec(await run(program, ['--version'])) ?? [];
  if (Number.parseInt(version, 10) >= program.serverMajor) return version;
  throw new KatError(
    'USAGE',
    `pg_dump ${version} is older than the server, which is PostgreSQL ${program.serverMajor}`,
    { help: installHelp(program.serverMajor) },
  );
}

function installHelp(major: number): string {
  return `Install pg_dump ${major} or newer (postgresql-client-${major} on Debian and Ubuntu, postgresql${major} on Red Hat, postgresql@${major} of Homebrew), or name one with --pg-dump.`;
}

function argumentsFor(request: DumpRequest): string[] {
  return [
    ...['--schema-only', '--no-password', '--no-tablespaces', '--no-subscriptions', '--encoding=UTF8'],
    ...(request.withRoles ? [] : ['--no-owner', '--no-privileges']),
    ...request.schemas.map((schema) => `--schema=${schema}`),
    ...request.excludedSchemas.map((schema) => `--exclude-schema=${schema}`),
    ...request.excludedTables.map((table) => `--exclude-table=${table}`),
  ];
}

function run(program: Program, args: readonly string[]): Promise<string> {
  const { path, env, signal } = program;
  return new Promise((resolve, reject) => {
    const options = { env, maxBuffer: maxBytes, ...(signal ? { signal } : {}) };
    execFile(path, [...args], options, (error, stdout, stderr) => {
      if (error) reject(explain(program, error, stderr));
      else resolve(stdout);
    });
  });
}

function explain({ path, serverMajor, signal }: Program, error: ExecFileException, stderr: string): KatError {
  if (signal?.aborted) {
    return new KatError('CANCELLED', 'cancelled while pg_dump was running', {
      help: 'Nothing has been changed.',
    });
  }
  if (error.code === 'ENOENT' || error.code === 'EACCES') {
    return new KatError('USAGE', `the program ${path} cannot be found`, {
      help: installHelp(serverMajor),
      cause: error,
    });
  }
  const words = stderr.trim().replace(/^pg_dump: (error: )?/, '') || error.message;
  return new KatError('SQL_ERROR', `pg_dump failed: ${words}`, {
    help: 'Grant the role the missing privileges, or name readable schemas with --schema.',
    cause: error,
  });
}
