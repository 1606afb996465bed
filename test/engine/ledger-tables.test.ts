/** Tables under the names of Kat's two that cannot hold a history, or not all of it, are refused before anything runs. */

import { describe, expect, test } from 'vitest';
import { majors } from '../support/database.js';
import { projectOn } from '../support/kat-project.js';
import { column, failureOf, idsOf, openKat } from './library.js';

const migrations = { '1_t1': { up: 'CREATE TABLE t1 ();', down: 'DROP TABLE t1;' } };

const logColumns = `migration text NOT NULL, direction text NOT NULL, outcome text NOT NULL, duration_ms float8, checksum text,
  parents text[], down_sql text, no_transaction boolean, statement int, statement_hash text, sqlstate text, error text,
  database_user text DEFAULT session_user, client text NOT NULL, kat_version text NOT NULL`;

/** With what is done to the tables of an applied project. */
const unfit: readonly [what: string, sql: string, problem: string][] = [
  ['unlogged', 'ALTER TABLE migrations SET UNLOGGED', 'it is unlogged, so a crash of the server empties it'],
  [
    'with rows of other tables',
    'CREATE TABLE child () INHERITS (migrations)',
    'other tables inherit from it, and their rows count as its own',
  ],
  [
    'with hidden rows',
    `ALTER TABLE migrations ENABLE ROW LEVEL SECURITY; ALTER TABLE migrations FORCE ROW LEVEL SECURITY;
     CREATE POLICY few ON migrations USING (name <> '1_t1')`,
    'row-level security hides rows of it from this role',
  ],
  ['that lost a column', 'ALTER TABLE migrations DROP COLUMN duration', 'column duration is missing'],
  ['a log that lost a column', 'ALTER TABLE migrations_log DROP COLUMN parents', 'column parents is missing'],
  [
    'a log with a column of its own',
    'ALTER TABLE migrations_log ADD COLUMN ticket text NOT NULL DEFAULT 1; ALTER TABLE migrations_log ALTER ticket DROP DEFAULT',
    'column ticket has no default, and Kat knows no value for it',
  ],
  [
    'a log of another program',
    'DROP TABLE migrations_log; CREATE TABLE migrations_log (id bigint, message text)',
    'column outcome is missing',
  ],
  [
    'a log that is a view',
    'ALTER TABLE migrations_log RENAME TO entries; CREATE VIEW migrations_log AS SELECT * FROM entries',
    'it is not a table',
  ],
  [
    'an unlogged log',
    'ALTER TABLE migrations_log SET UNLOGGED',
    'it is unlogged, so a crash of the server empties it',
  ],
  [
    'a log with hidden rows',
    'ALTER TABLE migrations_log ENABLE ROW LEVEL SECURITY; ALTER TABLE migrations_log FORCE ROW LEVEL SECURITY',
    'row-level security hides rows of it from this role',
  ],
];

describe.concurrent.each(majors())('PostgreSQL %i', (major) => {
  test.each(unfit)('%s', async (_what, sql, problem) => {
    const project = await projectOn(major, { migrations });
    const { database } = project;
    await openKat(project).kat.up();
    project.addMigration('2_t2', { up: 'CREATE TABLE t2 ();', parents: [1] });
    // Row-level security never applies to superusers.
    await database.query(`${sql}; CREATE ROLE runner_${database.name} LOGIN PASSWORD 'postgres';
      GRANT ALL ON ALL TABLES IN SCHEMA public TO runner_${database.name}`);
    const url = database.url.replace(/\/\/[^@]*@/, `//runner_${database.name}:postgres@`);
    const { kat } = openKat(project, { database: url });
    for (const call of ['status', 'up', 'down', 'history', 'plan', 'repair'] as const) {
      const error = await failureOf(kat[call]());
      expect(error, call).toMatchObject({ code: 'LEDGER_MISMATCH' });
      expect(error.problems, call).toContainEqual({ message: problem });
    }
    expect(await column(database, "SELECT to_regclass('t1')::text || to_regclass('t2')::text")).toEqual([
      null,
    ]);
    expect(await column(database, 'SELECT name FROM migrations')).toEqual(['1_t1']);
    await database.query(`DROP OWNED BY runner_${database.name}; DROP ROLE runner_${database.name}`);
  });

  test('whoever follows the advice about an altered table loses no history', async () => {
    const project = await projectOn(major, { migrations });
    await openKat(project).kat.up();
    await project.database.query('ALTER TABLE migrations ALTER duration TYPE text');
    const { help } = await failureOf(openKat(project).kat.up());
    expect(help).toMatch(/^If it has this project's history, put right what is named above/);
    expect(help).toContain('under another name, `kat up` applies every migration again');
  });

  test('a log of another program beside an empty database', async () => {
    const project = await projectOn(major, { migrations });
    await project.database.query('CREATE TABLE migrations_log (at timestamptz, line text)');
    const error = await failureOf(openKat(project).kat.up());
    expect(error.message).toBe('"public"."migrations_log" exists, but it is not a log of Kat');
    expect(error.help).toContain('Set `migration.tablename` to a name that is free');
    expect(await column(project.database, "SELECT to_regclass('migrations')::text")).toEqual([null]);
  });

  test('a policy that shows every row, and partitions, hide nothing', async () => {
    const project = await projectOn(major, { migrations });
    const { database } = project;
    await database.query(`
      CREATE TABLE migrations (id serial, name text NOT NULL, migration_time timestamptz NOT NULL, duration int NOT NULL)
        PARTITION BY RANGE (migration_time);
      CREATE TABLE migrations_all PARTITION OF migrations DEFAULT;
      CREATE TABLE migrations_log (id bigint GENERATED ALWAYS AS IDENTITY, logged_at timestamptz NOT NULL DEFAULT clock_timestamp(),
        ${logColumns});
      ALTER TABLE migrations ENABLE ROW LEVEL SECURITY;
      CREATE ROLE runner_${database.name} LOGIN PASSWORD 'postgres';
      CREATE POLICY kat ON migrations TO runner_${database.name} USING (true);
      GRANT ALL ON ALL TABLES IN SCHEMA public TO runner_${database.name};
      GRANT ALL ON ALL SEQUENCES IN SCHEMA public TO runner_${database.name};
      GRANT CREATE ON SCHEMA public TO runner_${database.name}`);
    const { kat } = openKat(project, {
      database: database.url.replace(/\/\/[^@]*@/, `//runner_${database.name}:postgres@`),
    });
    expect(idsOf((await kat.up()).migrations)).toEqual(['1_t1']);
    expect((await kat.status()).counts).toMatchObject({ applied: 1, pending: 0 });
    expect(idsOf((await kat.down()).migrations)).toEqual(['1_t1']);
    expect(await column(database, 'SELECT name FROM migrations')).toEqual([]);
    await database.query(`DROP OWNED BY runner_${database.name}; DROP ROLE runner_${database.name}`);
  });
});
