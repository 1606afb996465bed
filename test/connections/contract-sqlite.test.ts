/** Runs by `node:sqlite` or by `libsql`, whichever this Node.js has; `npm run test:sqlite` runs both. */

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { openDriver } from '../../src/connections/open-connection.js';
import { withSqlite } from '../support/sqlite.js';
import { type BusyStatement, describeDriver, type Kind, type Subject } from './contract.js';
import { sqlite } from './dialects/sqlite.js';

const inMemory: Kind = {
  ...{ dialect: sqlite, isBorrowed: false, hasProcesses: false, opensTwo: false },
  ...{ isAbsent: 'always', cancels: false, isLosable: false },
};

describeDriver('SQLite in memory', inMemory, async (): Promise<Subject> => {
  const driver = await openDriver({ driver: 'sqlite' });
  return { driver, dispose: driver.close };
});

for (const mode of ['DELETE', 'WAL']) {
  const inFile = { ...inMemory, opensTwo: true, isAbsent: mode === 'DELETE', cancels: true, isLosable: true };

  describeDriver(`SQLite in a file, journal mode ${mode}`, inFile, async (): Promise<Subject> => {
    const folder = mkdtempSync(join(tmpdir(), 'kat-sqlite-'));
    const path = join(folder, 'app.db');
    const driver = await openDriver({ driver: 'sqlite', path });
    if (mode === 'WAL') await withSqlite(path, (session) => session.execute('PRAGMA journal_mode = WAL'));
    return {
      ...{ driver, keepBusy: () => lockFile(path), lose: async () => rmSync(path) },
      dispose: async () => {
        await driver.close();
        rmSync(folder, { recursive: true });
      },
    };
  });
}

/** SQLite cannot be interrupted while it works, but while it waits for another connection. */
async function lockFile(path: string): Promise<BusyStatement> {
  const other = await openDriver({ driver: 'sqlite', path });
  const holder = await other.open('kat contract');
  await holder.execute('BEGIN IMMEDIATE');
  return {
    ...{ sql: 'BEGIN IMMEDIATE', code: 'SQLITE_INTERRUPT' },
    started: () => sleep(50),
    stop: () => holder.close(),
  };
}
