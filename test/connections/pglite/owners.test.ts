/** One owner of a database folder at a time, whoever it is. */

import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  cpSync,
  linkSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { text } from 'node:stream/consumers';
import { build } from 'esbuild';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { openDriver } from '../../../src/connections/open-connection.js';
import { takeFolderLock } from '../../../src/connections/pglite/folder-lock.js';
import { findLocks, isLockName, noteOpening, writeLock } from '../../../src/connections/pglite/lock-file.js';
import { renewLock } from '../../../src/connections/pglite/lock-renewal.js';
import { awaitFirstOpening, makeDatabase } from '../../../src/connections/pglite/new-database.js';
import { findHolder } from '../../../src/connections/pglite/open-files.js';
import { refuseOtherOwner } from '../../../src/connections/pglite/other-owner.js';
import { lookAt, markThisProcess } from '../../../src/connections/pglite/process-mark.js';
import { findServerUser } from '../../support/binaries.js';
import { eventually } from '../../support/eventually.js';
import { emptyPglite } from '../../support/pglite.js';
import { one } from '../contract.js';

let parent: string;
let folder: string;
let children: ChildProcess[];
beforeEach(() => {
  parent = realpathSync(mkdtempSync(join(tmpdir(), 'kat-owners-')));
  folder = join(parent, 'db');
  children = [];
});
afterEach(async () => {
  for (const child of children) await end(child);
  rmSync(parent, { recursive: true });
});

/** A program of somebody else's that opens the folder, says so, and goes on. */
const application = `
import { PGlite } from '@electric-sql/pglite';
const database = await PGlite.create(process.argv[1]);
await database.exec('CREATE TABLE IF NOT EXISTS theirs (x int)');
process.send('open');
setInterval(() => {}, 1e6);
`;

/** A run of Kat that holds the folder. */
const otherKat = `
import { createKat } from './dist/index.js';
const kat = createKat({ migrations: process.argv[2], database: { driver: 'pglite', path: process.argv[1] } });
await kat.up();
process.send('open');
setInterval(() => {}, 1e6);
`;

describe('an application that has the folder open', () => {
  test('keeps Kat out, which names the process, and is not harmed', async () => {
    const child = await start(application);
    symlinkSync(folder, join(parent, 'link'));
    for (const path of [folder, join(parent, 'link')]) {
      await expect(open(path)).rejects.toMatchObject({
        ...{ code: 'CONNECTION_FAILED', isTransient: true },
        message: `the database in ${folder} is open in process ${child.pid} (node)`,
      });
    }
    expect(readdirSync(folder).filter(isLockName)).toEqual([]);
  });

  test('keeps Kat out also from looking', async () => {
    await start(application);
    const driver = await openDriver({ driver: 'pglite', path: folder });
    await expect(driver.openForReading?.('kat')).rejects.toMatchObject({ isTransient: true });
  });

  test('lets Kat in once it is killed, although it left postmaster.pid', async () => {
    await end(await start(application));
    expect(readdirSync(folder)).toContain('postmaster.pid');
    expect(await ask("SELECT to_regclass('theirs')")).toBe('theirs');
  });

  test('may be this very process', async () => {
    const database = await emptyPglite({ dataDir: folder });
    await expect(open(folder)).rejects.toMatchObject({
      ...{ message: expect.stringContaining('this process'), isTransient: false },
      help: expect.stringContaining('createKat({ database })'),
    });
    await database.close();
    expect(await ask('SELECT 1')).toBe('1');
  });

  test('may be a PostgreSQL server', async () => {
    mkdirSync(folder);
    const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1e6)'], { stdio: 'ignore' });
    children.push(child);
    writeFileSync(join(folder, 'PG_VERSION'), '18\n');
    writeFileSync(join(folder, 'postmaster.pid'), `${child.pid}\n${folder}\n`);
    await expect(open(folder)).rejects.toMatchObject({
      message: expect.stringContaining(`is open in process ${child.pid} (node)`),
    });
    expect(readdirSync(folder).sort()).toEqual(['PG_VERSION', 'postmaster.pid']);
  });
});

describe('another run of Kat', () => {
  test('keeps this one out, and lets it in once it is killed', async () => {
    const child = await start(otherKat);
    await expect(open(folder)).rejects.toMatchObject({
      ...{ code: 'CONNECTION_FAILED', isTransient: true },
      message: `the database in ${folder} is in use by process ${child.pid} (node)`,
    });
    await end(child);
    expect(await ask('SELECT 1')).toBe('1');
    expect(readdirSync(folder).filter(isLockName)).toEqual([]);
  });

  test('of this process keeps a second one out', async () => {
    const first = await openDriver({ driver: 'pglite', path: folder });
    await first.open('kat');
    await expect(open(folder)).rejects.toMatchObject({
      message: expect.stringContaining('this process'),
    });
    await first.close();
    expect(await ask('SELECT 1')).toBe('1');
  });

  test('whose number another process has now is dead', async () => {
    await bringDatabase();
    writeLock(folder, { ...markThisProcess(), started: '1' });
    expect(await ask('SELECT 1')).toBe('1');
  });

  test.each([
    ['of another computer', { host: 'db-7', space: 'another boot pid:[4026531836]' }],
    ['of another container', { host: 'db-7', space: markThisProcess().space.replace(/\d+\]/, '1]') }],
  ])('%s counts until its lock expires', async (_title, place) => {
    await bringDatabase();
    const lock = writeLock(folder, { ...markThisProcess(), ...place });
    await expect(open(folder)).rejects.toMatchObject({
      ...{ message: expect.stringContaining(`process ${process.pid} on db-7`), isTransient: true },
      help: expect.stringMatching(/expires in \d+ seconds\.$/),
    });
    const longAgo = new Date(Date.now() - 31_000);
    utimesSync(lock.path, longAgo, longAgo);
    expect(await ask('SELECT 1')).toBe('1');
    expect(findLocks(folder)).toEqual([]);
  });

  test('that wrote half of its lock counts, too', async () => {
    mkdirSync(folder);
    writeFileSync(join(folder, 'kat-1-0123abcd.lock'), '{"host":');
    await expect(open(folder)).rejects.toMatchObject({ isTransient: true });
  });
});

test('a lock is renewed while its process does nothing else, and says when somebody removed it', async () => {
  mkdirSync(folder);
  const lock = writeLock(folder, markThisProcess());
  const renewal = renewLock(lock.path);
  await eventually('the lock file to be renewed', () => statSync(lock.path).mtimeMs > lock.renewedMs);
  expect(findLocks(folder)).toMatchObject([{ owner: lock.owner }]);
  expect(renewal.isLost).toBe(false);
  rmSync(lock.path);
  await eventually('the loss of the lock to be noticed', () => renewal.isLost);
  renewal.stop();
}, 30_000);

test('a run whose lock another process removed writes nothing more, not even when it closes', async () => {
  const driver = await openDriver({ driver: 'pglite', path: folder });
  const session = await driver.open('kat');
  await session.execute('CREATE TABLE t (); CHECKPOINT');
  for (const { path } of findLocks(folder)) rmSync(path);
  await expect(session.execute('SELECT 1')).rejects.toThrow('another process took the database');
  const control = join(folder, 'global/pg_control');
  const before = readFileSync(control);
  await driver.close();
  expect(readFileSync(control)).toEqual(before);
});

test.runIf(process.platform === 'linux')(
  'a process that opened the files by another path is seen',
  async () => {
    mkdirSync(join(folder, 'base/5'), { recursive: true });
    writeFileSync(join(folder, 'base/5/1259'), '');
    mkdirSync(join(parent, 'elsewhere/base/5'), { recursive: true });
    linkSync(join(folder, 'base/5/1259'), join(parent, 'elsewhere/base/5/1259'));
    writeFileSync(join(parent, 'elsewhere/base/5/1260'), '');
    const holdOpen = "fs.openSync(process.argv[1], 'r'); console.log('open'); setInterval(() => 0, 1000)";
    for (const [name, holder] of [
      ['1260', 'none'],
      ['1259', 'it'],
    ] as const) {
      const path = join(parent, 'elsewhere/base/5', name);
      const child = spawn(process.execPath, ['--eval', holdOpen, path], {
        stdio: ['ignore', 'pipe', 'inherit'],
      });
      children.push(child);
      await once(child.stdout, 'data');
      expect(findHolder(folder, process.getuid?.() ?? 0)).toEqual(
        holder === 'it' ? { pid: child.pid } : 'none',
      );
    }
  },
);

test.runIf(process.platform === 'linux')(
  'a process that has ended, and is not reaped, holds nothing',
  async () => {
    mkdirSync(folder);
    // The shell's child ends, and what the shell becomes never asks for it.
    const zombie = 'sleep 0 & exec sleep 60';
    const script = join(parent, 'find.mjs');
    await build({
      stdin: {
        contents: `import { spawn } from 'node:child_process';
        import { findHolder } from ${JSON.stringify(resolve('src/connections/pglite/open-files.ts'))};
        const child = spawn('sh', ['-c', ${JSON.stringify(zombie)}], { stdio: 'ignore' });
        setTimeout(() => {
          console.log(JSON.stringify(findHolder(process.argv[2], process.getuid())));
          child.kill('SIGKILL');
        }, 500);`,
        resolveDir: process.cwd(),
      },
      ...{ outfile: script, bundle: true, platform: 'node', format: 'esm' },
    });
    chmodSync(parent, 0o755);
    expect(JSON.parse(runUnprivileged([script, folder]))).toBe('none');
  },
);

test.runIf(process.platform === 'linux')(
  'a process that has ended, and is not reaped, owns nothing',
  async () => {
    mkdirSync(folder);
    // As in a container whose first process asks for no child.
    const child = spawn('sh', ['-c', 'sleep 60 & echo $!; exec sleep 60'], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    children.push(child);
    const [line] = await once(child.stdout, 'data');
    const pid = Number(line);
    const started = readFileSync(`/proc/${pid}/stat`, 'utf8').split(' ')[21] ?? '';
    const mark = { ...markThisProcess(), pid, started };
    expect(lookAt(mark)).toBe('running');
    const lock = writeLock(folder, mark);
    noteOpening(lock);
    writeFileSync(join(folder, 'postmaster.pid'), `${pid}\n${folder}\n`);
    expect(() => refuseOtherOwner(folder, [])).toThrow('is open in process');
    process.kill(pid);
    await eventually('the end of the process', async () => lookAt(mark) === 'ended');
    expect(readFileSync(`/proc/${pid}/stat`, 'utf8')).toContain(') Z ');
    expect(() => refuseOtherOwner(folder, [])).not.toThrow();
    const taken = takeFolderLock(folder);
    expect(taken.abandoned).toMatchObject([{ owner: { pid } }]);
    taken.release();
  },
);

/** Root may look at every process. Its Node.js may be where nobody else can run it. */
function runUnprivileged(args: readonly string[]): string {
  const run = (user: object) => execFileSync(process.execPath, args, { encoding: 'utf8', ...user });
  try {
    return run(findServerUser() ?? {});
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EACCES') throw error;
    return run({});
  }
}

test('what a dead run of Kat opened and left is its own, and nothing newer', async () => {
  mkdirSync(folder);
  const lock = writeLock(folder, { ...markThisProcess(), space: 'another boot' });
  noteOpening(lock);
  writeFileSync(join(folder, 'postmaster.pid'), '-42\n/pglite/data\n');
  expect(() => refuseOtherOwner(folder, findLocks(folder))).not.toThrow();
  expect(findLocks(folder)).toMatchObject([{ hasOpened: true, owner: { space: 'another boot' } }]);
});

describe('an empty folder', () => {
  /** What an application leaves that has just made its database. */
  async function makeTheirs(path: string): Promise<void> {
    const database = await emptyPglite({ dataDir: path });
    await database.exec('CREATE TABLE theirs (x int)');
    await database.close();
  }

  test('that another program fills meanwhile is left to that program', async () => {
    mkdirSync(folder);
    const theirs = join(parent, 'theirs');
    await makeTheirs(theirs);
    const made = makeDatabase({ path: folder, sinceMs: Date.now() }, async (staging) => {
      for (const place of [staging, folder]) cpSync(theirs, place, { recursive: true });
    });
    await expect(made).rejects.toMatchObject({
      ...{ code: 'CONNECTION_FAILED', isTransient: true },
      message: `another program is creating or dropping a database in ${folder}`,
    });
    expect(readdirSync(folder).sort()).toEqual(readdirSync(theirs).sort());
  });

  test('gets a whole database, also where a run was killed while it made one', async () => {
    mkdirSync(join(folder, 'kat-new', 'base'), { recursive: true });
    await open(folder);
    expect(readdirSync(folder)).toContain('PG_VERSION');
    expect(readdirSync(folder)).not.toContain('kat-new');
  });

  test('that has the first files of a database is not touched', async () => {
    mkdirSync(join(folder, 'pg_wal'), { recursive: true });
    await expect(open(folder)).rejects.toMatchObject({
      ...{ code: 'CONNECTION_FAILED', isTransient: true },
      message: `another program is creating or dropping a database in ${folder}`,
    });
    expect(readdirSync(folder)).toEqual(['pg_wal']);
  });

  test('that has a new database is left alone until its program has opened it', async () => {
    mkdirSync(join(folder, 'global'), { recursive: true });
    writeFileSync(join(folder, 'global', 'pg_control'), '');
    writeFileSync(join(folder, 'PG_VERSION'), '18\n');
    utimesSync(join(folder, 'global', 'pg_control'), 1, 1);
    const states: string[] = [];
    const waiting = awaitFirstOpening(folder).then(() => states.push('opened'));
    await Promise.resolve();
    writeFileSync(join(folder, 'postmaster.pid'), '-42\n');
    states.push('written');
    await waiting;
    expect(states).toEqual(['written', 'opened']);
    rmSync(join(folder, 'postmaster.pid'));
    utimesSync(join(folder, 'PG_VERSION'), 1, 1);
    await awaitFirstOpening(folder);
  });
});

test('a folder that cannot recover says why, and leaves nothing that keeps the process alive', async () => {
  await end(await start(application));
  for (const name of readdirSync(join(folder, 'pg_wal')))
    rmSync(join(folder, 'pg_wal', name), { recursive: true });
  const program = `${otherKat.slice(0, otherKat.indexOf('await'))}console.error((await kat.ping().catch((error) => error)).message);`;
  const child = spawn(process.execPath, ['--input-type=module', '--eval', program, folder, folder], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  children.push(child);
  const [said] = await Promise.all([text(child.stderr), once(child, 'exit')]);
  expect(said).toMatch(/^cannot open the database .*: could not locate .* checkpoint record/);
});

/** In the folder, from the kept one: in a folder that is empty Kat would run initdb. */
async function bringDatabase(): Promise<void> {
  await (await emptyPglite({ dataDir: folder })).close();
}

async function start(program: string): Promise<ChildProcess> {
  if (program === application) await bringDatabase();
  mkdirSync(join(parent, 'migrations'));
  const args = ['--input-type=module', '--eval', program, folder, join(parent, 'migrations')];
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
  children.push(child);
  expect(await once(child, 'message')).toEqual(['open', undefined]);
  return child;
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.kill('SIGKILL');
  await once(child, 'exit');
}

async function open(path: string): Promise<void> {
  const driver = await openDriver({ driver: 'pglite', path });
  try {
    await driver.open('kat');
  } finally {
    await driver.close();
  }
}

async function ask(sql: string): Promise<unknown> {
  const driver = await openDriver({ driver: 'pglite', path: folder });
  const answer = await one(await driver.open('kat'), sql);
  await driver.close();
  return answer;
}
