/** What programs import as `kat-migrate/testing/vitest`: tests of Vitest with a fixture `db`. */

import { type TestAPI, test } from 'vitest';
import { keepDatabase } from './keep-database.js';
import {
  createTestDatabases,
  type TestDatabase,
  type TestDatabases,
  type TestDatabasesOptions,
} from './testing.js';

/** Migrations of any project. */
const prepareTimeoutMs = 600_000;

/** The fixtures of such a test. */
export interface DatabaseFixtures {
  /** A database of the test's own. */
  db: TestDatabase;
  /** For databases at other migrations. */
  databases: TestDatabases;
  databaseOptions: TestDatabasesOptions;
}

/**
 * The database of a test that fails is kept, and a line on stderr says where.
 * @throws KatError CONFIG_INVALID with every wrong option.
 * @example
 * const test = testWithDatabase({ migrations: 'migrations', on: 'pglite' });
 * test('has no users', async ({ db }) => expect(await db.query('SELECT id FROM users')).toEqual([]));
 */
export function testWithDatabase(options: TestDatabasesOptions): TestAPI<DatabaseFixtures> {
  createTestDatabases(options);
  const extended = test.extend<DatabaseFixtures>({
    databaseOptions: [options, { scope: 'file' }],
    databases: [
      async ({ databaseOptions }, use) => {
        const databases = createTestDatabases(databaseOptions);
        await use(databases);
        await databases.close();
      },
      { scope: 'file' },
    ],
    db: async ({ databases, task }, use) => {
      const db = await databases.database();
      await use(db);
      if (task.result?.state !== 'fail') return db.drop();
      await keepDatabase(db, task.name);
    },
  });
  // Within a test, or in its fixtures, it would count for the test's own time limit.
  extended.beforeAll(({ databases }) => databases.prepare(), prepareTimeoutMs);
  return extended;
}
