/** Runs Go's Kat 0.2, which the environment variable KAT_GO_KAT names; `npm run test:go-kat` builds it. */

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import type { Project } from '../kat-project.js';

/** The path of the program; undefined where the tests do without it. */
export const goKat = process.env.KAT_GO_KAT;

/** What became of one run; the colours are taken out of its output. */
export interface GoRun {
  code: number | null;
  output: string;
}

/** Runs it in a project; a text is taken apart at its blanks. */
export async function runGoKat(
  { folder, home }: Pick<Project, 'folder' | 'home'>,
  args: string | readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<GoRun> {
  if (goKat === undefined) throw new Error("KAT_GO_KAT names no program of Go's Kat");
  const child = spawn(goKat, typeof args === 'string' ? args.split(' ') : args, {
    cwd: folder,
    env: { PATH: process.env.PATH ?? '', HOME: home, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: 30_000,
    killSignal: 'SIGKILL',
  });
  const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'close')]);
  // biome-ignore lint/suspicious/noControlCharactersInRegex: colours begin with one
  return { code: child.exitCode, output: `${stdout}${stderr}`.replace(/\u001b\[[\d;]*m/g, '') };
}
