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

  it.each(changesOfPartitions)('puts back and makes again: %s', async (sql) => {
    const { session } = database;
    await session.execute('BEGIN; SAVEPOINT start');
    await session.execute(sql);
    const after = await readSnapshot(session);
    expect(await settle(session, after, before)).toEqual([]);
    await session.execute('ROLLBACK TO start');
    expect(await settle(session, before, after)).toEqual([]);
    await session.execute('ROLLBACK');
  });

  it.each(changesOfTriggers)('puts back and makes again, and loads: %s', async (sql) => {
    const { session } = database;
    const create =
      'CREATE TRIGGER note_events BEFORE INSERT ON app.events FOR EACH ROW EXECUTE FUNCTION app.touch()';
    await session.execute(`BEGIN; ${create}; SAVEPOINT start`);
    const old = await readSnapshot(session);
    await session.execute(sql);
    const next = await readSnapshot(session);
    expect(await settle(session, next, old)).toEqual([]);
    await session.execute('ROLLBACK TO start');
    expect(await settle(session, old, next)).toEqual([]);
    await session.execute('ROLLBACK; BEGIN');
    expect(await settle(session, before, next)).toEqual([]);
    await session.execute('ROLLBACK');
  });

  it.each(changesOfPartitions)('makes from nothing: %s', async (sql) => {
    const { session } = database;
    await session.execute(`BEGIN; ${sql}`);
    const next = await readSnapshot(session);
    await session.execute('ROLLBACK; BEGIN; DROP TABLE app.events, app.animals CASCADE');
    const old = await readSnapshot(session);
    expect(await settle(session, old, next)).toEqual([]);
    await session.execute('ROLLBACK');
  });

  it('has no statement that keeps the triggers of a key disabled, and checks the key to enable them', async () => {
    const { session } = database;
    await session.execute('BEGIN');
    await session.execute('ALTER TABLE app.orders DISABLE TRIGGER ALL');
    const after = await readSnapshot(session);
    const [kept, put] = [changeOf(before, after), changeOf(after, before)];
    expect(kept.statements.filter((one) => one.includes('orders_user'))).toEqual([]);
    expect(put.statements).toContainEqual(expect.stringMatching(/ADD CONSTRAINT orders_user FOREIGN KEY/));
    await session.execute('ROLLBACK');
  });
});

/** Where a partition leaves, comes, or has something of its own: its parts follow by themselves or need statements. */
const changesOfPartitions = [
  'ALTER TABLE app.events DETACH PARTITION app.events_2024',
  'ALTER TABLE app.events DETACH PARTITION app.events_2024; DROP INDEX app.events_2024_payload_idx',
  'ALTER TABLE app.events DETACH PARTITION app.events_2024; DROP TABLE app.events_2024',
  'DROP INDEX app.events_payload',
  "ALTER TABLE app.events_2024 ALTER payload SET DEFAULT '{}'",
  'ALTER TABLE app.events_2024 ALTER payload SET NOT NULL',
  'ALTER TABLE app.events_2024 ALTER payload SET STATISTICS 300, ALTER payload SET STORAGE EXTERNAL',
  "ALTER TABLE app.events ALTER payload SET DEFAULT '{}'",
  `ALTER TABLE app.events ALTER payload SET DEFAULT '{}'; ALTER TABLE app.events_2024 ALTER payload SET DEFAULT '[]'`,
  'ALTER TABLE app.events ALTER payload SET NOT NULL',
  'ALTER TABLE app.dogs ALTER legs SET DEFAULT 4',
  'ALTER TABLE app.dogs ALTER legs SET NOT NULL',
];

/** Of a trigger that partitions have from their parent. */
const changesOfTriggers = [
  'ALTER TABLE app.events_2024 DISABLE TRIGGER note_events',
  'ALTER TABLE app.events DISABLE TRIGGER note_events; ALTER TABLE app.events_2024 ENABLE ALWAYS TRIGGER note_events',
  'ALTER TABLE app.events DISABLE TRIGGER note_events; ALTER TABLE app.events_2024 ENABLE TRIGGER note_events',
  'ALTER TABLE app.events_2024 DISABLE TRIGGER note_events; DROP TRIGGER note_events ON app.events',
];

function changeOf(from: SchemaSnapshot, to: SchemaSnapshot) {
  return changeSchema(compareSnapshots(from, to), { before: from, after: to });
}

/** The sentences that are left after the SQL has run, or its error. */
async function settle(session: Session, from: SchemaSnapshot, to: SchemaSnapshot): Promise<string[]> {
  const { statements } = changeOf(from, to);
  try {
    for (const sql of statements) await session.execute(sql);
  } catch (error) {
    return [...statements, String(error)];
  }
  return compareSnapshots(await readSnapshot(session), to).map(({ sentence }) => sentence);
}
