/** What interrupted concurrent statements leave: cleared away when this migration made it, and left alone otherwise. */

import pg from 'pg';
import { describe, expect, test } from 'vitest';
import { holdSnapshot, holdTransaction, untilRunning } from '../reliability/scene.js';
import { majors, type TestDatabase } from '../support/database.js';
import { eventually } from '../support/eventually.js';
import { type DatabaseProject, projectOn } from '../support/kat-project.js';
import { column, eventsOf, migrationFailureOf, openKat } from './library.js';

const twins = 'CREATE TABLE t (a int, b int, c text); INSERT INTO t VALUES (1, 1, NULL), (1, 1, NULL)';

/** Indexes of `t` as `name valid`, in the order of their names. */
function indexes(database: TestDatabase): Promise<unknown[]> {
  return column(
    database,
    "SELECT indexrelid::regclass || ' ' || indisvalid FROM pg_index WHERE indrelid = 't'::regclass ORDER BY 1",
  );
}

async function projectWith(major: number, up: string, setup = twins): Promise<DatabaseProject> {
  const project = await projectOn(major, { migrations: { '1_index': { up, noTransaction: true } } });
  await project.database.query(setup);
  return project;
}

/** Somebody else's statement that ends in a failure. */
async function failing(database: TestDatabase, sql: string): Promise<void> {
  await expect(database.query(sql)).rejects.toThrow();
}

describe.each(majors())('PostgreSQL %i', (major) => {
  test.each([
    ['an unnamed index on other columns', 'CREATE INDEX CONCURRENTLY ON t (b)', 'customer_a_idx'],
    ['the same index under a generated name', 'CREATE UNIQUE INDEX CONCURRENTLY ON t (a)', 't_a_idx'],
  ])('INVALID indexes of others stay: beside %s', async (_what, up, foreign) => {
    const project = await projectWith(major, `${up};`);
    const { database } = project;
    await failing(database, `CREATE UNIQUE INDEX CONCURRENTLY ${foreign} ON t (a)`);
    const { kat } = openKat(project);
    if (foreign === 't_a_idx') {
      await migrationFailureOf(kat.up());
      expect(await indexes(database)).toEqual(['t_a_idx false', 't_a_idx1 false']);
      await database.query('DELETE FROM t');
    }
    await kat.up();
    expect(await indexes(database)).toEqual([
      `${foreign} false`,
      ...(foreign === 't_a_idx' ? ['t_a_idx1 true'] : ['t_b_idx true']),
    ]);
  });

  test.each(['', 'IF NOT EXISTS '])('an INVALID index of the same name is named: %s', async (unless) => {
    const index = `CREATE UNIQUE INDEX CONCURRENTLY ${unless}t_a ON t (a)`;
    const project = await projectWith(major, `${index};`);
    const { database } = project;
    await failing(database, index);
    await database.query('DELETE FROM t');
    const { kat } = openKat(project);
    const error = await migrationFailureOf(kat.up());
    expect(error.message).toBe(
      'the index "public"."t_a" exists and is INVALID, and this migration did not create it',
    );
    expect(error.help).toBe(
      'Find out whether it is in use. If not, drop it with `DROP INDEX CONCURRENTLY "public"."t_a"`. Then run `kat up` again; nothing of this migration is recorded.',
    );
    expect(error.problems[0]).not.toHaveProperty('title');
    expect(await indexes(database)).toEqual(['t_a false']);
    await database.query('DROP INDEX t_a');
    await kat.up();
    expect(await indexes(database)).toEqual(['t_a true']);
  });

  test.each([
    ['a name', 't_i', 't_i ON t (lower(c), a DESC) INCLUDE (b) WITH (fillfactor = 70) WHERE a IN (1, 2)'],
    ['no name', 't_lower_a_idx', 'ON t (lower(c), a DESC) WHERE a BETWEEN 1 AND 5 AND c IS NULL'],
  ])(
    'an index of its own with %s is dropped and built again, in another form of the same',
    async (_name, index, rest) => {
      const project = await projectWith(
        major,
        `CREATE UNIQUE INDEX CONCURRENTLY ${rest};`,
        `${twins}; UPDATE t SET c = 'x'; ALTER TABLE t ALTER c TYPE varchar(9)`,
      );
      const { database } = project;
      const isUnnamed = index !== 't_i';
      if (isUnnamed)
        project.write(
          'migrations/1_index/up.sql',
          `CREATE UNIQUE INDEX CONCURRENTLY ON t (lower(c), a DESC) WHERE a BETWEEN 1 AND 5;\n`,
        );
      const { kat } = openKat(project);
      await migrationFailureOf(kat.up());
      expect(await indexes(database)).toEqual([`${index} false`]);
      await migrationFailureOf(kat.up());
      expect(await indexes(database)).toEqual([`${index} false`]);
      await database.query('DELETE FROM t');
      await kat.up();
      expect(await indexes(database)).toEqual([`${index} true`]);
    },
  );

  test.each([
    ['TRUNCATE t', 't_a ON t (a)', 't_a'],
    ['TRUNCATE t', 'ON t (a)', 't_a_idx'],
    ['VACUUM FULL t', 't_a ON t (a)', 't_a'],
    ['CLUSTER t USING t_pkey', 'ON t (a)', 't_a_idx'],
  ])('%s does not hide an index of its own: %s', async (command, rest, index) => {
    const project = await projectWith(major, `CREATE UNIQUE INDEX CONCURRENTLY ${rest};`);
    const { database } = project;
    if (command.startsWith('CLUSTER'))
      await database.query(
        'ALTER TABLE t ADD id int GENERATED ALWAYS AS IDENTITY; ALTER TABLE t ADD CONSTRAINT t_pkey PRIMARY KEY (id)',
      );
    const { kat } = openKat(project);
    await migrationFailureOf(kat.up());
    await database.query(command);
    await database.query('DELETE FROM t');
    await kat.up();
    expect((await indexes(database)).filter((found) => !String(found).startsWith('t_pkey'))).toEqual([
      `${index} true`,
    ]);
  });

  test('one that the migration made before it was edited stays, and is named', async () => {
    const project = await projectWith(major, 'CREATE UNIQUE INDEX CONCURRENTLY t_a ON t (a);');
    const { kat } = openKat(project);
    await migrationFailureOf(kat.up());
    project.write('migrations/1_index/up.sql', 'CREATE INDEX CONCURRENTLY t_a ON t (a, b);\n');
    const error = await migrationFailureOf(kat.up());
    expect(error.message).toBe(
      'the index "public"."t_a" exists and is INVALID, and its definition is different',
    );
    expect(await indexes(project.database)).toEqual(['t_a false']);
  });

  test('one that somebody makes after the try failed is not taken for its left-over', async () => {
    const unnamed = 'CREATE UNIQUE INDEX CONCURRENTLY ON t (a)';
    const project = await projectWith(major, `${unnamed};`);
    const { database } = project;
    const { kat } = openKat(project);
    await migrationFailureOf(kat.up());
    await failing(database, unnamed);
    expect(await indexes(database)).toEqual(['t_a_idx false', 't_a_idx1 false']);
    await database.query('DELETE FROM t');
    await kat.up();
    expect(await indexes(database)).toEqual(['t_a_idx true', 't_a_idx1 false']);
  });

  test('an unnamed index whose end was not journalled is not built twice', async () => {
    const project = await projectWith(major, 'CREATE INDEX CONCURRENTLY ON t (a);');
    const { database } = project;
    const snapshot = await holdSnapshot(database);
    const { child, ended } = await project.start('up');
    const pid = await untilRunning(database, 'CREATE INDEX CONCURRENTLY');
    await eventually('the index', async () => (await indexes(database)).length === 1);
    // The backend goes on without its client.
    await database.query(`ALTER DATABASE ${database.name} SET client_connection_check_interval = 0`);
    child.kill('SIGKILL');
    await ended;
    await database.query(`SELECT pg_terminate_backend(${pid})`);
    await snapshot.release();
    await eventually(
      'the backend to end',
      async () => (await database.query(`SELECT FROM pg_stat_activity WHERE pid = ${pid}`)).length === 0,
    );
    // As if it had come to its end before it was ended.
    await database.query('REINDEX INDEX t_a_idx').catch(() => undefined);
    expect(await indexes(database)).toEqual(['t_a_idx true']);
    await openKat(project).kat.up();
    expect(await indexes(database)).toEqual(['t_a_idx true']);
  });

  test('copies of REINDEX CONCURRENTLY: its own are dropped, those of others stay', async () => {
    const project = await projectWith(
      major,
      'REINDEX INDEX CONCURRENTLY t_a;',
      `${twins}; CREATE INDEX t_a ON t (a); CREATE INDEX t_b ON t (b)`,
    );
    const { database } = project;
    await interruptedReindex(database, 't_b');
    const { kat } = openKat(project);
    const snapshot = await holdSnapshot(database);
    const failed = migrationFailureOf(kat.up());
    const pid = await untilRunning(database, 'REINDEX INDEX CONCURRENTLY');
    await eventually('the copy of the index', async () =>
      (await indexes(database)).includes('t_a_ccnew false'),
    );
    await database.query(`SELECT pg_cancel_backend(${pid})`);
    await failed;
    await snapshot.release();
    expect(await indexes(database)).toEqual(['t_a true', 't_a_ccnew false', 't_b true', 't_b_ccnew false']);
    await kat.up();
    expect(await indexes(database)).toEqual(['t_a true', 't_b true', 't_b_ccnew false']);
  });

  test('a partition that somebody else has half detached is left to the server to refuse', async () => {
    const { project, isPending } = await partitioned(major);
    await interruptedDetach(project.database);
    expect(await isPending()).toEqual([true]);
    const error = await migrationFailureOf(openKat(project).kat.up());
    expect(error).toMatchObject({ report: { sqlstate: '55000', hint: expect.stringContaining('FINALIZE') } });
    expect(await isPending()).toEqual([true]);
  });

  test('a partition that this migration has half detached is detached', async () => {
    const { project, isPending } = await partitioned(major);
    const { database } = project;
    const reader = await holdTransaction(database, 'SELECT FROM p');
    const { kat, events } = openKat(project);
    const failed = migrationFailureOf(kat.up());
    const pid = await untilRunning(database, 'DETACH PARTITION');
    await eventually('the pending drop', async () => (await isPending())[0] === true);
    await database.query(`SELECT pg_cancel_backend(${pid})`);
    await failed;
    await reader.release();
    expect(await isPending()).toEqual([true]);
    await kat.up();
    expect(await isPending()).toEqual([]);
    expect(eventsOf(events, 'succeeded')).toHaveLength(1);
  });
});

const detach = 'ALTER TABLE p DETACH PARTITION c CONCURRENTLY';

async function partitioned(major: number) {
  const project = await projectWith(
    major,
    `${detach};`,
    'CREATE TABLE p (n int) PARTITION BY RANGE (n); CREATE TABLE c PARTITION OF p FOR VALUES FROM (1) TO (9)',
  );
  const isPending = () => column(project.database, 'SELECT inhdetachpending FROM pg_inherits');
  return { project, isPending };
}

/** Somebody else's, cancelled while it waits for a reader. */
async function interruptedDetach(database: TestDatabase): Promise<void> {
  const reader = await holdTransaction(database, 'SELECT FROM p');
  await interrupt(database, detach, 'SELECT FROM pg_inherits WHERE inhdetachpending');
  await reader.release();
}

async function interruptedReindex(database: TestDatabase, index: string): Promise<void> {
  const snapshot = await holdSnapshot(database);
  const made = `SELECT FROM pg_class WHERE relname = '${index}_ccnew'`;
  await interrupt(database, `REINDEX INDEX CONCURRENTLY ${index}`, made);
  await snapshot.release();
}

async function interrupt(database: TestDatabase, sql: string, made: string): Promise<void> {
  const client = new pg.Client(database.url);
  await client.connect();
  const { processID } = client as unknown as { processID: number };
  const ended = client.query(sql).catch(() => undefined);
  await eventually('the index to be made', async () => (await database.query(made)).length > 0);
  await database.query(`SELECT pg_cancel_backend(${processID})`);
  await ended;
  await client.end();
}
