/** A session that reads several snapshots has the server plan the query once. */

import { expect, test } from 'vitest';
import type { Session } from '../../../src/connections/driver.js';
import { openDriver } from '../../../src/connections/open-connection.js';
import { readSnapshot } from '../../../src/engine/snapshot/read-snapshot.js';
import { freshDatabase, majors } from '../../support/database.js';
import { atEndOfFile } from '../../support/end-of-file.js';

async function openSession(major: number): Promise<Session> {
  const database = await freshDatabase(major);
  const driver = await openDriver({ driver: 'postgres', url: database.url });
  const session = await driver.open('test');
  atEndOfFile(async () => {
    await session.close();
    await database.drop();
  });
  return session;
}

const preparedIn = async (session: Session) => {
  const [found] = await session.execute(
    'SELECT name, generic_plans::int > 1 AS is_used FROM pg_prepared_statements',
  );
  return found?.rows;
};

test.each(majors())(
  'it sees what has changed meanwhile, as without a plan (PostgreSQL %s)',
  async (major) => {
    const session = await openSession(major);
    await session.execute('CREATE TABLE one (id int PRIMARY KEY)');
    const first = await readSnapshot(session, { isKept: true });
    await session.execute('SET search_path = one; CREATE SCHEMA two; CREATE TABLE two.three (a text)');
    const second = await readSnapshot(session, { isKept: true });
    expect(await preparedIn(session)).toEqual([{ name: 'kat_snapshot', is_used: 't' }]);
    expect(second).toEqual(await readSnapshot(session));
    expect(first.objects).not.toEqual(second.objects);
    const without = [{ schema: 'two', table: 'three' }];
    expect(await readSnapshot(session, { isKept: true, without })).toEqual(
      await readSnapshot(session, { without }),
    );
  },
);

test.each([
  ['no longer has the statement', 'DEALLOCATE ALL'],
  ['has one of that name', undefined],
])('where a pooler gives it a session that %s, it asks without', async (_, sql) => {
  const session = await openSession(majors().at(-1) as number);
  if (sql === undefined) await session.execute('PREPARE kat_snapshot AS SELECT 1');
  else await readSnapshot(session, { isKept: true });
  if (sql !== undefined) await session.execute(sql);
  await session.execute('CREATE TABLE one (id int PRIMARY KEY)');
  for (let round = 0; round < 2; round += 1) {
    expect((await readSnapshot(session, { isKept: true })).objects).toContainEqual(
      expect.objectContaining({ kind: 'table', name: 'one' }),
    );
  }
});
