/** Asks npm which version of Kat is the newest, so that the user's own registry and proxy are used. */

import { spawn } from 'node:child_process';
import { text } from 'node:stream/consumers';
import { KatError } from '../../errors.js';

const timeoutMs = 30_000;

/**
 * @returns a version such as `1.2.0`.
 * @throws KatError CONNECTION_FAILED when npm is missing, fails, does not answer within half a minute, or says something else.
 */
export async function findNewestVersion(env: NodeJS.ProcessEnv, signal: AbortSignal): Promise<string> {
  const child = spawn('npm', ['view', 'kat-migrate', 'version'], {
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
    // `timeout` would keep this process alive where npm did not even start.
    signal: AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]),
    // On Windows npm is a script, which only the shell can start; nothing here comes from outside.
    shell: process.platform === 'win32',
    windowsHide: true,
  });
  const ended = new Promise<string | undefined>((resolve) => {
    child.once('error', (error) => resolve(whyNot(error)));
    child.once('close', (code) => resolve(code === 0 ? undefined : `npm ended with ${code}`));
  });
  const [failure, stdout, stderr] = await Promise.all([ended, text(child.stdout), text(child.stderr)]);
  if (signal.aborted) throw new KatError('CANCELLED', 'cancelled while npm was asked');
  const found = stdout.trim();
  if (failure === undefined && /^\d+\.\d+\.\d+(?:-[\w.-]+)?$/.test(found)) return found;
  const [reason] = stderr
    .split('\n')
    .flatMap((line) => /^npm (?:error|ERR!) (?:code )?(.+)/.exec(line)?.[1] ?? []);
  throw new KatError(
    'CONNECTION_FAILED',
    `npm does not report the newest version: ${reason ?? failure ?? 'it printed none'}`,
    {
      help: 'Run `npm view kat-migrate version` to see all that npm says.',
    },
  );
}

function whyNot({ code, name, message }: NodeJS.ErrnoException): string {
  if (code === 'ENOENT') return 'npm is not installed';
  return name === 'AbortError' ? 'no answer in half a minute' : message;
}

/** Whether the first version is newer; a pre-release is older than its release. */
export function isNewer(version: string, than: string): boolean {
  const [one, other] = [parts(version), parts(than)];
  const index = one.numbers.findIndex((number, at) => number !== other.numbers[at]);
  if (index >= 0) return (one.numbers[index] ?? 0) > (other.numbers[index] ?? 0);
  return one.isRelease && !other.isRelease;
}

function parts(version: string): { numbers: number[]; isRelease: boolean } {
  const [core = '', ...rest] = version.split('-');
  return { numbers: core.split('.').map(Number), isRelease: rest.length === 0 };
}
