/** Runs PgBouncer in front of a test server, where it is installed. */

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, chownSync, existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { findServerUser } from './binaries.js';
import { onProcessEnd } from './clean-up.js';
import type { TestDatabase } from './database.js';

/** A pool in front of one server. */
export interface Pool {
  urlOf(database: TestDatabase): string;
  close(): Promise<void>;
}

/** @returns the program's path; undefined where it is not installed. */
export function findPgbouncer(): string | undefined {
  const folders = [...(process.env.PATH ?? '').split(delimiter), '/usr/sbin', '/usr/local/sbin'];
  return folders.map((folder) => join(folder, 'pgbouncer')).find((path) => existsSync(path));
}

/** @param settings further lines of its configuration, such as `pool_mode`. */
export async function startPgbouncer(
  program: string,
  { host, port: serverPort, user, password }: TestDatabase,
  settings: Readonly<Record<string, string | number>>,
): Promise<Pool> {
  const folder = mkdtempSync(join(tmpdir(), 'kat-pool-'));
  const port = await findFreePort();
  const owner = findServerUser();
  const lines = {
    listen_addr: '127.0.0.1',
    listen_port: port,
    unix_socket_dir: '',
    auth_type: 'plain',
    ...settings,
  };
  const configuration = [
    '[databases]',
    `* = host=${host} port=${serverPort}`,
    '[pgbouncer]',
    `auth_file = ${join(folder, 'users.txt')}`,
    ...Object.entries(lines).map(([name, value]) => `${name} = ${value}`),
  ];
  writeFileSync(join(folder, 'users.txt'), `"${user}" "${password}"\n`);
  writeFileSync(join(folder, 'pgbouncer.ini'), `${configuration.join('\n')}\n`);
  chmodSync(folder, 0o700);
  // It refuses to run as root.
  for (const path of owner ? [folder, join(folder, 'users.txt'), join(folder, 'pgbouncer.ini')] : []) {
    chownSync(path, owner?.uid ?? 0, owner?.gid ?? 0);
  }
  const child = spawn(program, [join(folder, 'pgbouncer.ini')], {
    cwd: folder,
    stdio: ['ignore', 'ignore', 'pipe'],
    ...owner,
  });
  const removeHook = onProcessEnd(() => child.kill('SIGKILL'));
  await untilListening(child.stderr);
  return {
    urlOf: ({ name }) => `postgres://${user}:${password}@127.0.0.1:${port}/${name}`,
    close: async () => {
      child.kill('SIGTERM');
      if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
      removeHook();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

async function findFreePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const { port } = probe.address() as { port: number };
  probe.close();
  await once(probe, 'close');
  return port;
}

function untilListening(log: NodeJS.ReadableStream): Promise<void> {
  return new Promise((resolve, reject) => {
    let text = '';
    log.on('data', (chunk: Buffer) => {
      text += chunk.toString();
      if (text.includes('process up')) resolve();
    });
    log.on('end', () => reject(new Error(`PgBouncer did not start:\n${text}`)));
  });
}
