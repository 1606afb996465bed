import { expect, it } from 'vitest';
import type { Session } from '../../../src/connections/driver.js';
import { openDriver } from '../../../src/connections/open-connection.js';
import type { Throwaway } from '../../../src/engine/throwaway/throwaway.js';
import { openTrialReader } from '../../../src/engine/verify/trial-reader.js';
import { freshDatabase, majors } from '../../support/database.js';
import { atEndOfFile } from '../../support/end-of-file.js';

async function openReader() {
  const database = await freshDatabase(majors().at(-1) as number);
  const driver = await openDriver({ driver: 'postgres', url: database.url });
  const reader = openTrialReader({ driver } as Throwaway, undefined);
  atEndOfFile(() => database.drop());
  return { database, reader };
}

const readPid = async (session: Session) =>
  (await session.execute('SELECT pg_backend_pid() AS pid'))[0]?.rows[0]?.pid;

it('reads on one session, and on another where a migration has ended that one', async () => {
  const { database, reader } = await openReader();
  const first = await reader.read(readPid);
  expect(await reader.read(readPid)).toBe(first);
  await database.query(`SELECT pg_terminate_backend(${first})`);
  const second = await reader.read(readPid);
  expect(second).not.toBe(first);
  expect(await reader.read(readPid)).toBe(second);
  await reader.close();
});

it('tells the failure of a query, and can be used afterwards, and after it was closed', async () => {
  const { reader } = await openReader();
  await expect(reader.read((session) => session.execute('SELECT nothing'))).rejects.toMatchObject({
    code: 'SQL_ERROR',
  });
  const first = await reader.read(readPid);
  await reader.close();
  expect(await reader.read(readPid)).not.toBe(first);
  await reader.close();
});
