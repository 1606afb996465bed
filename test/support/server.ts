/** Runs throwaway PostgreSQL servers for tests, as root or as an ordinary user, with nothing installed but npm packages. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { setTimeout } from 'node:timers/promises';
import { programPath } from './binaries.js';
import { onProcessEnd } from './clean-up.js';
import {
  createDataFolder,
  type DataFolder,
  type DataFolderOptions,
  serverEnvironment,
} from './data-folder.js';

/** How to reach a test server. Plain data, so that it can travel between processes. */
export interface ServerAddress {
  major: number;
  host: string;
  port: number;
  user: string;
  password: string;
  /** The folder of its Unix socket; empty where there are none. */
  socketDir: string;
}

/** `fast` ends all sessions with 57P01, `immediate` and `kill` with nothing, as in a crash. */
type StopMode = 'fast' | 'immediate' | 'kill';

export interface TestServer extends ServerAddress {
  /** The data folder. */
  data: string;
  /** Stops the server and keeps its data. */
  stop(mode?: StopMode): Promise<void>;
  /** Starts it again on the same port. */
  start(): Promise<void>;
  /** Stops it and removes everything. */
  close(): Promise<void>;
}

const stopSignals = { fast: 'SIGINT', immediate: 'SIGQUIT', kill: 'SIGKILL' } as const;

export interface ServerOptions extends DataFolderOptions {
  /**
   * Lets no file of the server grow beyond so many bytes, as a full disk would (not on Windows). What does not fit is
   * written in part, which PostgreSQL takes for a full disk (53100), unless the limit lies between two of its pages.
   */
  maxFileBytes?: number;
}

/** Where a server lives and how it is started. */
interface Place extends DataFolder {
  maxFileBytes: number | undefined;
}

/** Starts a server of its own for one test, which may kill or restart it; about a second. Close it at the end. */
export async function startServer(major: number, options: ServerOptions = {}): Promise<TestServer> {
  const place = { ...(await createDataFolder(major, options)), maxFileBytes: options.maxFileBytes };
  let child: ChildProcess | undefined;
  const removeHook = onProcessEnd(() => {
    child?.kill('SIGQUIT');
    removeFolder(place);
  });
  const stop = async (mode: StopMode = 'fast') => {
    if (child) await endProcess(child, mode);
    child = undefined;
  };
  const start = async (port: number) => {
    child = await launchWhenFree(place, port);
  };
  const port = await startOnFreePort(start);
  return {
    ...{ major, host: '127.0.0.1', port, user: 'postgres', password: 'postgres', data: place.data },
    socketDir: process.platform === 'win32' ? '' : place.folder,
    stop,
    start: () => start(port),
    close: async () => {
      await stop();
      removeHook();
      removeFolder(place);
    },
  };
}

async function startOnFreePort(start: (port: number) => Promise<void>): Promise<number> {
  for (let attempt = 1; ; attempt++) {
    const port = await findFreePort();
    try {
      await start(port);
      return port;
    } catch (error) {
      // Somebody may take the port between our looking and the server's binding.
      if (attempt === 5 || !String(error).includes('Address already in use')) throw error;
    }
  }
}

async function findFreePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const address = probe.address();
  probe.close();
  await once(probe, 'close');
  if (address === null || typeof address === 'string') throw new Error('no TCP port to be had');
  return address.port;
}

/** After SIGKILL the server's sessions live on for a moment, and it refuses to start beside them. */
async function launchWhenFree(place: Place, port: number): Promise<ChildProcess> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await launch(place, port);
    } catch (error) {
      if (attempt === 100 || !String(error).includes('is still in use')) throw error;
      await setTimeout(100);
    }
  }
}

/** The shell's unit of a file's size is 512 bytes, and `exec` makes the server the child itself. */
function commandLine({ native, data, maxFileBytes }: Place, port: number): [program: string, args: string[]] {
  const program = programPath(native, 'postgres');
  const args = ['-D', data, '-p', String(port)];
  if (maxFileBytes === undefined) return [program, args];
  return ['sh', ['-c', `ulimit -f ${Math.ceil(maxFileBytes / 512)}; exec "$0" "$@"`, program, ...args]];
}

async function launch(place: Place, port: number): Promise<ChildProcess> {
  const { data, user } = place;
  const child = spawn(...commandLine(place, port), {
    cwd: data,
    env: serverEnvironment(),
    stdio: ['ignore', 'ignore', 'pipe'],
    ...user,
  });
  await new Promise<void>((resolve, reject) => {
    let log = '';
    const fail = () => reject(new Error(`the test server did not start:\n${log}`));
    child.once('error', reject);
    child.once('exit', fail);
    child.stderr.on('data', (chunk: Buffer) => {
      log = (log + chunk.toString()).slice(-10_000);
      if (!/ready to accept (read-only )?connections/.test(log)) return;
      child.off('exit', fail);
      resolve();
    });
  });
  child.stderr.removeAllListeners('data').resume();
  return child;
}

async function endProcess(child: ChildProcess, mode: StopMode): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exited = once(child, 'exit');
  child.kill(stopSignals[mode]);
  await exited;
}

function removeFolder({ folder }: DataFolder): void {
  rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
}
