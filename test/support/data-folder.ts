/** Makes the data folder of a throwaway PostgreSQL server: initdb, configuration, certificates. */
import { execFile } from 'node:child_process';
import {
  appendFileSync,
  chmodSync,
  chownSync,
  copyFileSync,
  existsSync,
  mkdtempSync,
  readFileSync,
  statfsSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { findPostgres, findServerUser, programPath, type ServerUser } from './binaries.js';
import { claimFolder, removeOrphans } from './clean-up.js';

export interface DataFolderOptions {
  /** Keeps fsync on, for tests of what survives a crash of the machine. */
  durable?: boolean;
  /** Offers TLS with the certificate in test/support/tls, which is valid for the name `localhost` only. */
  tls?: boolean;
  /** Lines put on top of pg_hba.conf. */
  hba?: readonly string[];
  /** Further lines of postgresql.conf. */
  settings?: Readonly<Record<string, string>>;
  /** Further arguments of initdb. */
  initdb?: readonly string[];
}

/** A folder that a server can be started on. */
export interface DataFolder {
  /** Holds the data folder and the socket. */
  folder: string;
  data: string;
  native: string;
  user: ServerUser | undefined;
}

/** The files of the TLS fixture, by name: ca.crt, other-ca.crt, server.crt, server.key, client.crt, client.key. */
export function tlsFixture(name: string): string {
  return join(import.meta.dirname, 'tls', name);
}

/** The environment of the server's programs: nothing of ours but the search path. */
export function serverEnvironment(): NodeJS.ProcessEnv {
  return { PATH: process.env.PATH, LC_ALL: 'C', TZ: 'UTC', SystemRoot: process.env.SystemRoot };
}

/** Makes a fresh data folder; about a second. Superuser `postgres`, password `postgres`. */
export async function createDataFolder(major: number, options: DataFolderOptions = {}): Promise<DataFolder> {
  const user = findServerUser();
  const native = findPostgres(major, user);
  const parent = parentFolder();
  removeOrphans(parent, 'kat-pg-');
  const folder = mkdtempSync(join(parent, `kat-pg-${major}-`));
  claimFolder(folder);
  const passwordFile = join(folder, 'password');
  writeFileSync(passwordFile, 'postgres');
  for (const path of user ? [folder, passwordFile] : []) give(path, user);
  const data = join(folder, 'data');
  await runInitdb(native, { cwd: folder, ...user }, [
    ...['-D', data, `--pwfile=${passwordFile}`],
    ...(options.initdb ?? []),
  ]);
  configure({ folder, data, native, user }, options);
  return { folder, data, native, user };
}

async function runInitdb(native: string, spawnOptions: { cwd: string }, args: string[]): Promise<void> {
  const fixed = ['--no-sync', '-U', 'postgres', '-A', 'scram-sha-256', '-E', 'UTF8', '--locale=C'];
  await promisify(execFile)(programPath(native, 'initdb'), [...fixed, ...args], {
    ...spawnOptions,
    env: serverEnvironment(),
  });
}

/** In memory where there is plenty: a disk takes most of the time that a new database takes. */
function parentFolder(): string {
  return freeBytes(sharedMemory) > 4 * 2 ** 30 ? sharedMemory : shortTemporaryFolder();
}

/** Linux's file system in memory; containers often have little of it. */
const sharedMemory = '/dev/shm';

function freeBytes(folder: string): number {
  if (!existsSync(folder)) return 0;
  const { bavail, bsize } = statfsSync(folder);
  return bavail * bsize;
}

/** A socket's path may have about 100 bytes, and the temporary folder of macOS takes half of that. */
function shortTemporaryFolder(): string {
  return tmpdir().length > 60 && process.platform !== 'win32' ? '/tmp' : tmpdir();
}

function give(path: string, user: ServerUser | undefined): void {
  if (user) chownSync(path, user.uid, user.gid);
}

function configure(target: DataFolder, options: DataFolderOptions): void {
  const settings: Record<string, string> = {
    max_connections: '200',
    listen_addresses: '127.0.0.1',
    max_wal_size: '128MB',
    unix_socket_directories: process.platform === 'win32' ? '' : target.folder,
    ...(options.durable ? {} : { fsync: 'off', full_page_writes: 'off', synchronous_commit: 'off' }),
    ...(options.tls ? { ssl: 'on', ssl_ca_file: 'ca.crt' } : {}),
    ...options.settings,
  };
  const lines = Object.entries(settings).map(
    ([name, value]) => `${name} = '${value.replaceAll("'", "''")}'\n`,
  );
  appendFileSync(join(target.data, 'postgresql.conf'), lines.join(''));
  const hba = join(target.data, 'pg_hba.conf');
  writeFileSync(hba, [...(options.hba ?? []), readFileSync(hba, 'utf8')].join('\n'));
  if (options.tls) installCertificate(target);
}

function installCertificate({ data, user }: DataFolder): void {
  for (const name of ['ca.crt', 'server.crt', 'server.key']) {
    const path = join(data, name);
    copyFileSync(tlsFixture(name), path);
    chmodSync(path, 0o600);
    give(path, user);
  }
}
