/** The SQL between two schemas: what puts a change by hand back, and what takes it over. */

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Session } from '../../../src/connections/driver.js';
import { readSnapshot } from '../../../src/engine/snapshot/read-snapshot.js';
import { changeSchema } from '../../../src/sql/ddl/change-schema.js';
import { compareSnapshots } from '../../../src/sql/snapshot/compare.js';
import type { SchemaSnapshot } from '../../../src/sql/snapshot/snapshot.js';
import { databaseNames, openSnapshotDatabase, type SnapshotDatabase } from '../snapshot/databases.js';
import { mutations } from '../snapshot/mutations.js';

type Direction = 'back' | 'again';

/** What PostgreSQL has no statement for, or does by itself when an object is made again. */
const exceptions: readonly [sql: RegExp, directions: readonly Direction[]][] = [
  // The columns stay as if they had been declared.
  [/^ALTER TABLE app.dogs NO INHERIT/, ['back']],
  // No statement disables the triggers of one constraint.
  [/^ALTER TABLE app.orders DISABLE TRIGGER ALL/, ['again']],
  [/SET indisvalid = false/, ['again']],
  [/^CREATE INDEX only_parent ON ONLY/, ['again']],
  // Default privileges are given to what is made again.
  [/^DROP PROCEDURE/, ['back']],
  [/^CREATE OR REPLACE AGGREGATE/, ['back', 'again']],
  [/^DROP EXTENSION plpgsql/, ['back']],
  [/ADD VALUE 'fine'/, ['back']],
];

/** PGlite is PostgreSQL 18, and slower. */
const names = databaseNames.filter((name) => name !== 'PGlite');

describe.each(names)('the SQL between two schemas of %s', (name) => {
  let database: SnapshotDatabase;
  let before: SchemaSnapshot;

  beforeAll(async () => {
    database = await openSnapshotDatabase(name);
    before = await readSnapshot(database.session);
  });
  afterAll(() => database.close());

  it('puts each change back, and makes it again, with few exceptions', { timeout: 300_000 }, async () => {
    const { session } = database;
    const left: string[] = [];
    const expected: string[] = [];
    for (const { sql, since = 0 } of mutations) {
      if (since > before.major) continue;
      await session.execute('BEGIN; SAVEPOINT start');
      await session.execute(sql);
      const after = await readSnapshot(session);
      const back = await settle(session, after, before);
      await session.execute('ROLLBACK TO start');
      const again = await settle(session, before, after);
      await session.execute('ROLLBACK');
      if (back.length > 0) left.push(`back ${sql}`);
      if (again.length > 0) left.push(`again ${sql}`);
      const [, directions = []] = exceptions.find(([pattern]) => pattern.test(sql)) ?? [];
      expected.push(...directions.map((direction) => `${direction} ${sql}`));
    }
    expect(left).toEqual(expected);
  });
});

/** The sentences that are left after the SQL has run, or its error. */
async function settle(session: Session, from: SchemaSnapshot, to: SchemaSnapshot): Promise<string[]> {
  const { statements } = changeSchema(compareSnapshots(from, to), { before: from, after: to });
  try {
    for (const sql of statements) await session.execute(sql);
  } catch (error) {
    return [...statements, String(error)];
  }
  return compareSnapshots(await readSnapshot(session), to).map(({ sentence }) => sentence);
}
