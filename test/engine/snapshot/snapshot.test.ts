import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Session } from '../../../src/connections/driver.js';
import { readRows } from '../../../src/engine/snapshot/read-rows.js';
import { readSnapshot } from '../../../src/engine/snapshot/read-snapshot.js';
import { compareSnapshots } from '../../../src/sql/snapshot/compare.js';
import type { SchemaDifference } from '../../../src/sql/snapshot/difference.js';
import type { SchemaSnapshot } from '../../../src/sql/snapshot/snapshot.js';
import { databaseNames, openSnapshotDatabase, type SnapshotDatabase } from './databases.js';
import { mutations, noChanges } from './mutations.js';

function summarize({ change, object, properties }: SchemaDifference): string {
  const names = properties.map(({ property }) => property).join(', ');
  return `${change} ${object}${names === '' ? '' : `: ${names}`}`;
}

async function findAfter(session: Session, before: SchemaSnapshot, sql: string): Promise<string[]> {
  await session.execute('BEGIN');
  try {
    await session.execute(sql);
    const differences = compareSnapshots(before, await readSnapshot(session));
    return differences.filter(({ within }) => within === undefined).map(summarize);
  } catch (error) {
    return [String(error)];
  } finally {
    await session.execute('ROLLBACK');
  }
}

describe.each(databaseNames)('a snapshot of %s', (name) => {
  let database: SnapshotDatabase;
  let before: SchemaSnapshot;
  const major = () => before.major;

  beforeAll(async () => {
    database = await openSnapshotDatabase(name);
    before = await readSnapshot(database.session);
  });
  afterAll(() => database.close());

  it('shows each change of an object, and nothing else', async () => {
    const wrong: Record<string, unknown> = {};
    for (const { sql, found, since = 0 } of mutations) {
      if (since > major()) continue;
      const seen = await findAfter(database.session, before, sql);
      if (JSON.stringify(seen.toSorted()) !== JSON.stringify([...found].sort())) wrong[sql] = seen;
    }
    expect(wrong).toEqual({});
    expect(mutations.length).toBeGreaterThan(100);
  });

  it('is the same where nothing changed', async () => {
    const wrong: Record<string, unknown> = {};
    for (const sql of noChanges) {
      const seen = await findAfter(database.session, before, sql);
      if (seen.length > 0) wrong[sql] = seen;
    }
    expect(wrong).toEqual({});
  });

  it('leaves the settings of the session as they are, and the transaction open', async () => {
    const { session } = database;
    const settings = `SELECT current_setting('search_path') || current_setting('TimeZone') || current_setting('DateStyle') AS text`;
    const read = async () => (await session.execute(settings))[0]?.rows[0]?.text;
    await session.execute(`SET search_path = app; SET TimeZone = 'Asia/Tokyo'`);
    const outside = await read();
    await readSnapshot(session);
    expect(await read()).toBe(outside);
    await session.execute(
      `BEGIN; SET LOCAL search_path = other; SET DateStyle = 'German'; CREATE TABLE app.kept ()`,
    );
    const inside = await read();
    await readSnapshot(session);
    expect(await read()).toBe(inside);
    await session.execute('COMMIT; DROP TABLE app.kept');
    expect(await read()).toContain('German');
    await session.execute('RESET ALL');
  });

  it('leaves out the tables that it is told to, with what belongs to them', async () => {
    const { session } = database;
    await session.execute(`BEGIN; CREATE TABLE other.migrations (id serial PRIMARY KEY, name text UNIQUE CHECK (name <> ''));
      CREATE INDEX ON other.migrations (name); COMMENT ON COLUMN other.migrations.name IS 'x'; GRANT SELECT ON other.migrations TO PUBLIC`);
    const after = await readSnapshot(session, { without: [{ schema: 'other', table: 'migrations' }] });
    await session.execute('ROLLBACK');
    expect(compareSnapshots(before, after)).toEqual([]);
  });

  it('compares rows, whatever their order and the order of columns', async () => {
    const { session } = database;
    const read = () => readSnapshot(session, { rows: 'all' });
    await session.execute(
      `BEGIN; DROP PUBLICATION feed; INSERT INTO app.dogs VALUES ('rex', 4, 'x'), ('max', 3, 'y')`,
    );
    const first = await read();
    await session.execute(
      `DELETE FROM app.dogs; INSERT INTO app.dogs VALUES ('max', 3, 'y'), ('rex', 4, 'x')`,
    );
    expect(compareSnapshots(first, await read())).toEqual([]);
    await session.execute(`UPDATE app.dogs SET legs = 3`);
    const differences = compareSnapshots(first, await read());
    await session.execute('ROLLBACK');
    expect(differences.map(({ sentence }) => sentence)).toEqual([
      'rows of app.dogs were changed: hash differs',
    ]);
  });

  it('counts no rows, whether a table has never had any, lost them, or lost its file', async () => {
    const { session } = database;
    const sources = ['fresh', 'deleted', 'truncated', 'filled', '"Odd \\ name"'].map((table) => {
      return { schema: 'app', table, columns: ['id'] };
    });
    const tables = sources.map(({ table }) => `CREATE TABLE app.${table} (id int)`);
    const filled = sources.slice(1).map(({ table }) => `INSERT INTO app.${table} VALUES (1), (2)`);
    await session.execute(`BEGIN; ${[...tables, ...filled].join(';')}; DELETE FROM app.deleted;
      TRUNCATE app.truncated; SET LOCAL standard_conforming_strings = off`);
    const rows = await readRows(session, sources);
    await session.execute('ROLLBACK');
    expect(rows.map(({ definition }) => definition.count)).toEqual(['0', '0', '0', '2', '2']);
    expect(new Set(rows.slice(0, 3).map(({ definition }) => definition.hash)).size).toBe(1);
    await expect(readRows(session, sources)).rejects.toMatchObject({ code: 'SQL_ERROR' });
  });

  it('compares the order of columns on demand', async () => {
    const { session } = database;
    await session.execute(`BEGIN; ALTER TABLE app.animals ADD COLUMN x int; ALTER TABLE app.animals DROP COLUMN legs CASCADE;
      ALTER TABLE app.animals ADD COLUMN legs smallint`);
    const after = await readSnapshot(session);
    await session.execute('ROLLBACK');
    const strict = compareSnapshots(before, after, { strictColumnOrder: true });
    expect(strict.map(({ sentence }) => sentence)).toEqual([
      'column app.animals.x was added',
      'column app.dogs.x was added',
      'table app.dogs was changed: column order was name, legs, breed, is now name, breed, legs',
    ]);
  });

  it('knows a role by what it is to the one that reads', async () => {
    const { session } = database;
    const owned = (role: string) => `CREATE TABLE other.mine (); ALTER TABLE other.mine OWNER TO ${role};
      ALTER DEFAULT PRIVILEGES FOR ROLE ${role} IN SCHEMA other GRANT SELECT ON TABLES TO PUBLIC`;
    await session.execute(`BEGIN; ${owned('CURRENT_USER')}`);
    const first = await readSnapshot(session);
    await session.execute(`ROLLBACK; BEGIN; ${owned('pg_monitor')}; SET LOCAL ROLE pg_monitor`);
    const second = await readSnapshot(session);
    await session.execute('ROLLBACK');
    const others = compareSnapshots(first, second).map(({ object }) => object);
    expect(others).toContain('table app.users');
    expect(others).not.toContain('table other.mine');
    expect(
      others.filter((object) => /default privileges of PUBLIC for .* in schema other/.test(object)),
    ).toEqual([]);
  });
});

it('has the same document of PGlite and of a server with its major', async () => {
  const [embedded, server] = [await openSnapshotDatabase('PGlite'), await openSnapshotDatabase('18')];
  try {
    expect(await readSnapshot(server.session)).toEqual(await readSnapshot(embedded.session));
  } finally {
    await embedded.close();
    await server.close();
  }
});

it('leaves out members of extensions, and what a password is', async () => {
  const { session, close } = await openSnapshotDatabase('PGlite');
  try {
    const before = await readSnapshot(session);
    await session.execute(`CREATE EXTENSION citext SCHEMA app; CREATE EXTENSION pgcrypto SCHEMA app`);
    const differences = compareSnapshots(before, await readSnapshot(session));
    expect(differences.map(({ sentence }) => sentence)).toEqual([
      'extension citext was added',
      'extension pgcrypto was added',
      'comment on extension citext was added',
      'comment on extension pgcrypto was added',
    ]);
    expect(JSON.stringify(before)).not.toContain('very secret');
  } finally {
    await close();
  }
});

it('refuses to compare two majors', () => {
  const empty = (major: number): SchemaSnapshot => ({ major, role: 'postgres', objects: [] });
  expect(() => compareSnapshots(empty(17), empty(18))).toThrow(
    'PostgreSQL 17 cannot be compared with one of 18',
  );
});
