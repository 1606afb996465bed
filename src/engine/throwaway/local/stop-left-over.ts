/** Stops a server that a killed run has left. */

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { readOutput } from './server-programs.js';

/** How often the end of the server is looked for, and how many times. */
const [pauseMs, looks] = [50, 200];

/**
 * The first line of `postmaster.pid` is the server's process. Its number may be that of another program by now, so its command line must
 * name the data folder.
 * @param folder that the server was started in
 */
export async function stopLeftOverServer(folder: string): Promise<void> {
  const data = join(folder, 'data');
  const pid = Number.parseInt(readFileSync(join(data, 'postmaster.pid'), 'utf8'), 10);
  if (!(await isServerOf(pid, data))) return;
  process.kill(pid, 'SIGQUIT');
  for (let look = 0; look < looks && (await isServerOf(pid, data)); look += 1) await sleep(pauseMs);
}

async function isServerOf(pid: number, data: string): Promise<boolean> {
  if (!(pid > 1)) return false;
  return (commandLine(pid) ?? (await readOutput('ps', '-o', 'command=', '-p', String(pid))) ?? '').includes(
    data,
  );
}

/** Linux has it in a file, and may have no `ps`. */
function commandLine(pid: number): string | undefined {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8');
  } catch {
    return undefined;
  }
}
