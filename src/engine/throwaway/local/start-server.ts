/** Starts a PostgreSQL server for one run, on a data folder of its own. */

import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { chmodSync, chownSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import type { DatabaseSettings } from '../../../connections/driver.js';
import { KatError } from '../../../errors.js';
import { createTemporaryFolder } from '../temporary-folder.js';
import type { ServerPrograms } from './server-programs.js';
import { findServerUser, type ServerUser } from './server-user.js';

export interface LocalServer {
  /** Of its superuser, without a database name. */
  settings: DatabaseSettings;
  /** Stops the server, and removes its files. Never throws. */
  stop(): Promise<void>;
}

/** What a server is started with. */
interface Place {
  programs: ServerPrograms;
  /** Holds the data folder. */
  folder: string;
  data: string;
  user: ServerUser | undefined;
  password: string;
}

const superuser = 'postgres';

/**
 * The server is reached by a Unix socket that nobody else can open, or, on Windows, from this computer alone.
 * @throws KatError USAGE where the server does not start: with its own reason.
 */
export async function startLocalServer(programs: ServerPrograms): Promise<LocalServer> {
  const user = await findServerUser(programs);
  if (typeof user === 'string') throw doesNotStart(programs, user);
  const folder = createTemporaryFolder('server');
  const password = randomBytes(16).toString('hex');
  // The folder itself is ours; another user may only pass through it.
  if (user) chmodSync(dirname(folder.path), 0o711);
  const place = { programs, folder: folder.path, data: join(folder.path, 'data'), user, password };
  try {
    await createDataFolder(place);
    const port = process.platform === 'win32' ? await findFreePort() : 5432;
    const child = await launch(place, port);
    const endAtOnce = () => {
      child.kill('SIGQUIT');
      folder.remove();
    };
    process.once('exit', endAtOnce);
    return {
      settings: {
        driver: 'postgres',
        host: hostOf(place),
        port,
        user: superuser,
        password,
        sslmode: 'disable',
      },
      stop: async () => {
        process.off('exit', endAtOnce);
        await endProcess(child);
        folder.remove();
      },
    };
  } catch (error) {
    folder.remove();
    throw error instanceof KatError ? error : doesNotStart(programs, reasonOf(error));
  }
}

/** The socket is in the data folder, which PostgreSQL opens to nobody but its own user. */
function hostOf({ data }: Place): string {
  return process.platform === 'win32' ? '127.0.0.1' : data;
}

async function createDataFolder({ programs, folder, data, user, password }: Place): Promise<void> {
  const passwordFile = join(folder, 'password');
  mkdirSync(data, { mode: 0o700 });
  writeFileSync(passwordFile, password, { mode: 0o600 });
  if (user) for (const path of [folder, data, passwordFile]) chownSync(path, user.uid, user.gid);
  const fixed = ['--no-sync', '-U', superuser, '-A', 'scram-sha-256', '-E', 'UTF8', '--locale=C'];
  await promisify(execFile)(programs.initdb, [...fixed, '-D', data, `--pwfile=${passwordFile}`], {
    ...{ cwd: folder, env: serverEnvironment(), ...user },
  });
  rmSync(passwordFile);
}

/** Nothing of ours: variables such as PGDATA would decide for the server. */
function serverEnvironment(): NodeJS.ProcessEnv {
  const { PATH, SystemRoot } = process.env;
  return { PATH, SystemRoot, LC_ALL: 'C', TZ: 'UTC' };
}

/** Nothing must survive a crash here. */
const fast = { fsync: 'off', full_page_writes: 'off', synchronous_commit: 'off' };

/** In a process group of its own, so that Ctrl-C in the terminal does not stop the server in the middle of the work. */
async function launch(place: Place, port: number): Promise<ChildProcess> {
  const { programs, data, user } = place;
  const isWindows = process.platform === 'win32';
  const settings = {
    ...fast,
    listen_addresses: isWindows ? '127.0.0.1' : '',
    unix_socket_directories: isWindows ? '' : data,
  };
  const options = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
  const child = spawn(programs.postgres, ['-D', data, '-p', String(port), ...options], {
    ...{
      cwd: data,
      env: serverEnvironment(),
      stdio: ['ignore', 'ignore', 'pipe'],
      detached: !isWindows,
      ...user,
    },
  });
  await untilReady(child, programs);
  return child;
}

function untilReady(child: ChildProcess, programs: ServerPrograms): Promise<void> {
  return new Promise((resolve, reject) => {
    let log = '';
    const fail = () => reject(doesNotStart(programs, lastFatal(log)));
    child.once('error', reject);
    child.once('exit', fail);
    child.stderr?.on('data', (chunk: Buffer) => {
      log = (log + chunk.toString()).slice(-10_000);
      if (!log.includes('ready to accept connections')) return;
      child.off('exit', fail);
      child.stderr?.removeAllListeners('data').resume();
      resolve();
    });
  });
}

/** `immediate` shutdown: nothing has to be kept. */
async function endProcess(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exited = once(child, 'exit');
  child.kill('SIGQUIT');
  await exited;
}

async function findFreePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const address = probe.address();
  probe.close();
  await once(probe, 'close');
  return typeof address === 'object' && address ? address.port : 5432;
}

function doesNotStart({ folder, version }: ServerPrograms, reason: string): KatError {
  return new KatError('USAGE', `the server of PostgreSQL ${version} in ${folder} does not start: ${reason}`);
}

function lastFatal(log: string): string {
  return /(?:FATAL|PANIC): +(.*)/.exec(log)?.[1] ?? 'it ended at once';
}

/** Of initdb, the last line is what it failed for. */
function reasonOf(error: unknown): string {
  const { stderr, message } = error as { stderr?: string; message: string };
  return stderr?.trim().split('\n').at(-1) ?? message;
}
