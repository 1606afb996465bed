/** What `createTestDatabases` takes, and its checks. */

import { checkFields, refuse, type Shape } from '../engine/options/check-fields.js';
import { choice, filledText, folder, texts, type ValueKind } from '../engine/options/value-kinds.js';

export interface TestDatabasesOptions {
  /** The migrations folder, as a path or a `file:` URL. */
  migrations: string | URL;
  /** The URL of a PostgreSQL server whose role may create databases, or `pglite`: in memory. */
  on: string;
  /** Executed behind the migrations, once for each template: SQL, or the `file:` URL of an SQL file. */
  seed?: string | URL;
  /** Roles that the migrations need. Missing ones are created, and stay on the server. */
  roles?: readonly string[];
  /** The tracking table. Default `migrations`. */
  tableName?: string;
  /**
   * `clone`: each test has a database of its own. `rollback`: the tests share one, each in a transaction that is rolled back. Then
   * only one test may run at a time. Default `clone`.
   */
  mode?: 'clone' | 'rollback';
}

const place: ValueKind = {
  expected: "'pglite' or a URL such as 'postgres://user@host/postgres'",
  accepts: (value) =>
    typeof value === 'string' && /^(?:pglite$|postgres(?:ql)?(?:\+ssl)?:\/\/.)/i.test(value),
};

const seed: ValueKind = {
  expected: 'SQL as a string, or a URL of the protocol file:',
  accepts: (value) => (value instanceof URL ? folder.accepts(value) : filledText.accepts(value)),
};

const shape: Shape<TestDatabasesOptions> = {
  migrations: folder,
  on: place,
  seed,
  roles: texts,
  tableName: filledText,
  mode: choice(['clone', 'rollback']),
};

/** @throws KatError CONFIG_INVALID with everything that is wrong. */
export function checkTestOptions(options: TestDatabasesOptions): void {
  const subject = { name: 'createTestDatabases', value: options };
  refuse('CONFIG_INVALID', checkFields(subject, shape, ['migrations', 'on']));
}
