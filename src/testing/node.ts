/** What programs import as `kat-migrate/testing/node`: tests of `node:test` with a database for each. */

import { after, test } from 'node:test';
import { createTestDatabases, type TestDatabase, type TestDatabasesOptions } from './testing.js';

/** A test that gets a database of its own. */
export type NodeDatabaseTest = (
  name: string,
  work: (context: { db: TestDatabase; signal: AbortSignal }) => void | Promise<void>,
) => Promise<void>;

/**
 * The database of a test that fails is kept, and a line on stderr says where.
 * @throws KatError CONFIG_INVALID with every wrong option.
 * @example
 * const test = testWithDatabase({ migrations: 'migrations', on: 'pglite' });
 * test('has no users', async ({ db }) => assert.deepEqual(await db.query('SELECT id FROM users'), []));
 */
export function testWithDatabase(options: TestDatabasesOptions): NodeDatabaseTest {
  const databases = createTestDatabases(options);
  after(() => databases.close());
  return (name, work) => test(name, ({ signal }) => databases.use((db) => work({ db, signal }), name));
}
