/** Finds the folder of a user's libpq files. */

import { homedir } from 'node:os';
import { join } from 'node:path';

/** The path of `.pgpass` (`pgpass.conf` on Windows), `.pg_service.conf`. */
export function homeFile(env: NodeJS.ProcessEnv, name: '.pgpass' | '.pg_service.conf'): string {
  if (process.platform !== 'win32') return join(env.HOME || homedir(), name);
  return join(windowsFolder(env), name === '.pgpass' ? 'pgpass.conf' : name);
}

/** The path of a default certificate file, such as `root.crt`. */
export function certificateFile(env: NodeJS.ProcessEnv, name: string): string {
  if (process.platform === 'win32') return join(windowsFolder(env), name);
  return join(env.HOME || homedir(), '.postgresql', name);
}

function windowsFolder(env: NodeJS.ProcessEnv): string {
  return join(env.APPDATA || homedir(), 'postgresql');
}
