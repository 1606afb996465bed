/** Describes the programs of a PostgreSQL server on this computer. */

import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';

/** Programs that can start a server. Paths are absolute. */
export interface ServerPrograms {
  initdb: string;
  postgres: string;
  /** Their folder. */
  folder: string;
  /** Such as `14.23`. */
  version: string;
}

/** @returns undefined for a folder without the programs, or with those of another major version. */
export async function readPrograms(folder: string, major: number): Promise<ServerPrograms | undefined> {
  const [initdb, postgres] = ['initdb', 'postgres'].map((name) => join(folder, programName(name)));
  if (!initdb || !postgres || !existsSync(initdb) || !existsSync(postgres)) return undefined;
  const [, version = ''] =
    /\(PostgreSQL\) (\d\S*)/.exec((await readOutput(postgres, '--version')) ?? '') ?? [];
  return Number.parseInt(version, 10) === major ? { initdb, postgres, folder, version } : undefined;
}

function programName(name: string): string {
  return process.platform === 'win32' ? `${name}.exe` : name;
}

/** @returns what a program prints; undefined where it cannot be run, or fails. */
export function readOutput(program: string, ...args: string[]): Promise<string | undefined> {
  return new Promise((resolve) => {
    execFile(program, args, { timeout: 10_000 }, (error, stdout) => resolve(error ? undefined : stdout));
  });
}
