/** What programs import as `kat-migrate/testing`. */

export { createTestDatabases } from './create-test-databases.js';
export type { TestDatabasesOptions } from './options.js';
export type { TestClient, TestDatabase, TestDatabases, TestPglite, TestRow } from './test-database.js';
