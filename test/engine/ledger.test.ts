/** The tracking table and its log: what they look like, which others are taken, and what is written. */

import { createHash } from 'node:crypto';
import { hostname } from 'node:os';
import { describe, expect, test } from 'vitest';
import { version } from '../../src/index.js';
import { tableMigrations } from '../reliability/scene.js';
import { majors } from '../support/database.js';
import { projectOn } from '../support/kat-project.js';
import { column, failureOf, idsOf, migrationFailureOf, openKat } from './library.js';

const columnsOf = (table: string) => `
  SELECT attname || ' ' || format_type(atttypid, atttypmod) || CASE WHEN attnotnull THEN ' not null' ELSE '' END
  FROM pg_attribute WHERE attrelid = '${table}'::regclass AND attnum > 0 AND NOT attisdropped ORDER BY attnum`;

describe.concurrent.each(majors())('PostgreSQL %i', (major) => {
  test('the tables as they are created', async () => {
    const project = await projectOn(major, { migrations: tableMigrations(1) });
    await openKat(project).kat.up();
    const { database } = project;
    expect(await column(database, columnsOf('migrations'))).toEqual([
      'id integer not null',
      'name character varying not null',
      'migration_time timestamp without time zone not null',
      'duration integer not null',
    ]);
    expect(await column(database, columnsOf('migrations_log'))).toEqual([
      ...['id bigint not null', 'logged_at timestamp with time zone not null', 'migration text not null'],
      ...[
        'direction text not null',
        'outcome text not null',
        'duration_ms double precision',
        'checksum text',
      ],
      ...[
        'parents text[]',
        'down_sql text',
        'no_transaction boolean',
        'statement integer',
        'statement_hash text',
      ],
      ...['sqlstate text', 'error text', 'database_user text not null', 'client text not null'],
      'kat_version text not null',
    ]);
    await expect(
      database.query("INSERT INTO migrations (name, duration) VALUES ('1_t1', 0)"),
    ).rejects.toThrow('duplicate key');
    expect(
      await column(
        database,
        "SELECT abs(extract(epoch FROM migration_time - now() AT TIME ZONE 'UTC')) < 300 FROM migrations",
      ),
    ).toEqual([true]);
  });

  test('its name may have a schema and capitals', async () => {
    const project = await projectOn(major, { migrations: tableMigrations(2) });
    await project.database.query('CREATE SCHEMA "Audit"');
    const { kat } = openKat(project, { tableName: 'Audit.KatMigrations' });
    await kat.up();
    await kat.down();
    expect(await column(project.database, 'SELECT name FROM "Audit"."KatMigrations"')).toEqual(['1_t1']);
    expect(await column(project.database, 'SELECT outcome FROM "Audit"."KatMigrations_log"')).toHaveLength(3);
    expect((await kat.status()).counts).toEqual({
      applied: 1,
      pending: 1,
      missing: 0,
      changed: 0,
      unordered: 0,
      halfDone: 0,
      running: 0,
    });
    const { kat: elsewhere } = openKat(project, { tableName: 'nowhere.migrations' });
    expect(await failureOf(elsewhere.up())).toMatchObject({
      code: 'CONFIG_INVALID',
      message: 'schema "nowhere" of the tracking table does not exist',
    });
  });

  test('its name may be as long as PostgreSQL allows; that of its log is cut then', async () => {
    const project = await projectOn(major, { migrations: tableMigrations(1) });
    const longest = 'm'.repeat(63);
    await openKat(project, { tableName: longest }).kat.up();
    const logs = await column(
      project.database,
      "SELECT relname FROM pg_class WHERE relname ~ '^m{50}_.{8}_log$'",
    );
    expect(await column(project.database, `SELECT migration FROM ${logs}`)).toEqual(['1_t1']);
    for (const tableName of [`${longest}m`, `${'ä'.repeat(32)}`, 'a.b.c', 'a b', 'x"; DROP TABLE t1']) {
      expect(await failureOf(openKat(project, { tableName }).kat.up()), tableName).toMatchObject({
        code: 'CONFIG_INVALID',
      });
    }
    expect(() => openKat(project, { tableName: '' })).toThrow('`tableName` of `createKat` must be a string');
  });

  test.each([
    ['TIMESTAMP WITH TIME ZONE', 'INTERVAL', "interval '1.5 seconds'"],
    ['TIMESTAMP', 'BIGINT', '1500'],
  ])('a table of another version with %s and %s is taken over as it is', async (time, duration, value) => {
    const project = await projectOn(major, { migrations: tableMigrations(3) });
    const { database } = project;
    await database.query(`CREATE TABLE migrations (id SERIAL PRIMARY KEY, name VARCHAR(255) NOT NULL UNIQUE,
      migration_time ${time} NOT NULL, duration ${duration} NOT NULL, remark text);
      INSERT INTO migrations (name, migration_time, duration) VALUES ('1_t1', '2024-02-03 04:05:06+00', ${value});
      CREATE TABLE t1 ()`);
    const shape = await column(database, columnsOf('migrations'));
    const { kat } = openKat(project);
    expect((await kat.status()).migrations[0]).toMatchObject({
      ...{ id: '1_t1', state: 'applied', appliedAt: '2024-02-03T04:05:06.000000Z', durationMs: 1500 },
    });
    expect(idsOf((await kat.up()).migrations)).toEqual(['2_t2', '3_t3']);
    expect(await column(database, columnsOf('migrations'))).toEqual(shape);
    const recent = 'abs(extract(epoch FROM migration_time::timestamptz - now())) < 300';
    expect(
      await column(database, `SET TimeZone = 'UTC'; SELECT ${recent} FROM migrations ORDER BY id`),
    ).toEqual([...[false, true, true]]);
    await kat.down({ count: 3 });
    expect(await column(database, 'SELECT name FROM migrations')).toEqual([]);
  });

  test('a table that is something else is refused, every difference named, and not touched', async () => {
    const project = await projectOn(major, { migrations: tableMigrations(1) });
    const { database } = project;
    await database.query(
      'CREATE TABLE migrations (id uuid, name int[], duration text, version int NOT NULL)',
    );
    for (const call of ['up', 'down', 'status'] as const) {
      const error = await failureOf(openKat(project).kat[call]());
      expect(error).toMatchObject({
        code: 'LEDGER_MISMATCH',
        message: '"public"."migrations" exists, but it is not a tracking table of Kat',
      });
      expect(error.problems.map(({ message }) => message)).toEqual([
        'column id is uuid, not integer or bigint',
        'column name is integer[], not text or character varying',
        'column migration_time is missing',
        'column duration is text, not integer or bigint or interval',
        'column version has no default, and Kat knows no value for it',
      ]);
    }
    await database.query('DROP TABLE migrations; CREATE VIEW migrations AS SELECT 1 AS id');
    expect((await failureOf(openKat(project).kat.up())).problems).toEqual([{ message: 'it is not a table' }]);
    expect(await column(database, "SELECT to_regclass('t1')::text")).toEqual([null]);
    expect(await column(database, "SELECT to_regclass('migrations_log')::text")).toEqual([null]);
  });

  test('the log explains every step', async () => {
    const up = "CREATE TABLE t3 ();\nSELECT 'it''s \\ ü 🎉';\n";
    const project = await projectOn(major, {
      migrations: {
        '1_t1': { up: 'CREATE TABLE t1 ();', down: 'DROP TABLE t1;' },
        '2_t2': { up: 'CREATE TABLE t2 ();', down: null },
        '3_t3': { up: up.trim(), down: "DROP TABLE t3; -- it's \\ done", parents: [1, 2] },
        '4_bad': { up: "SELECT 'x'::int;", parents: [3] },
      },
    });
    const { kat } = openKat(project);
    await kat.up({ count: 3 });
    await kat.down();
    await migrationFailureOf(kat.up());
    const rows = await project.database.query('SELECT * FROM migrations_log ORDER BY id');
    const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');
    const always = {
      ...{
        database_user: 'postgres',
        client: expect.stringContaining(`@${hostname()}`),
        kat_version: version,
      },
      ...{ logged_at: expect.any(Date), statement: null },
    };
    const done = { outcome: 'succeeded', no_transaction: false, sqlstate: null, error: null };
    const third = {
      migration: '3_t3',
      parents: ['1_t1', '2_t2'],
      down_sql: "DROP TABLE t3; -- it's \\ done\n",
    };
    expect(rows.map((row) => [row.outcome, row.direction, row.statement_hash !== null])).toEqual([
      ...[1, 2, 3].map(() => ['succeeded', 'up', true]),
      ['succeeded', 'down', false],
      ['succeeded', 'up', true],
      ['failed', 'up', false],
    ]);
    expect(rows).toMatchObject([
      { ...always, ...done, migration: '1_t1', direction: 'up', parents: [], down_sql: 'DROP TABLE t1;\n' },
      { ...always, ...done, migration: '2_t2', direction: 'up', down_sql: null },
      { ...always, ...done, ...third, direction: 'up', checksum: sha256(up) },
      { ...always, ...done, ...third, direction: 'down', checksum: sha256(third.down_sql) },
      { ...always, ...done, ...third, direction: 'up', checksum: sha256(up) },
      {
        ...{ ...always, migration: '4_bad', direction: 'up', outcome: 'failed', sqlstate: '22P02' },
        error: 'ERROR: invalid input syntax for type integer: "x" (SQLSTATE 22P02)',
        ...{ checksum: sha256("SELECT 'x'::int;\n"), duration_ms: null, parents: null },
      },
    ]);
    for (const { duration_ms } of rows.slice(0, 5)) expect(duration_ms).toBeGreaterThan(0);
  });

  test('the time of a migration is measured on the server', async () => {
    const project = await projectOn(major, { migrations: { '1_slow': 'SELECT pg_sleep(0.12);' } });
    const { migrations } = await openKat(project).kat.up();
    const durationMs = migrations[0]?.durationMs ?? 0;
    expect(durationMs).toBeGreaterThanOrEqual(120);
    // The server's clock goes on between the row and the answer that tells it.
    const [recorded] = await column(project.database, 'SELECT duration FROM migrations');
    expect(recorded).toBeGreaterThanOrEqual(120);
    expect(recorded).toBeLessThanOrEqual(Math.round(durationMs));
    expect(await column(project.database, 'SELECT duration_ms >= 120 FROM migrations_log')).toEqual([true]);
  });

  test('long and odd names of migrations go in and out as they are', async () => {
    const names = [`1_${'x'.repeat(200)}`, "2_o'brien", '3_back\\slash', '4_größe 🎉 x', '5_$1 %s "q" {a}'];
    const project = await projectOn(major, {
      migrations: Object.fromEntries(names.map((name) => [name, { up: 'SELECT 1;' }])),
    });
    for (const name of names) {
      const path = `migrations/${name}/metadata.yaml`;
      project.write(path, `name: ${JSON.stringify(name)}\ntimestamp: ${name[0]}\nparents: []\n`);
    }
    const { kat } = openKat(project);
    expect(idsOf((await kat.up()).migrations)).toEqual(names);
    expect(await project.applied()).toEqual(names);
    expect((await kat.status()).counts).toEqual({
      applied: 5,
      pending: 0,
      missing: 0,
      changed: 0,
      unordered: 0,
      halfDone: 0,
      running: 0,
    });
    expect(idsOf((await kat.down({ count: 5 })).migrations)).toEqual([...names].reverse());
    expect(await column(project.database, 'SELECT DISTINCT migration FROM migrations_log')).toHaveLength(5);
  });
});
