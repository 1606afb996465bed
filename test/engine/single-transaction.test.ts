/** All or nothing: one transaction for the whole run. */

import { describe, expect, test } from 'vitest';
import {
  appliedTables,
  holdTransaction,
  idsUpTo,
  tableMigration,
  tableMigrations,
} from '../reliability/scene.js';
import { majors } from '../support/database.js';
import { makeProject, projectOn } from '../support/kat-project.js';
import { column, eventsOf, failureOf, idsOf, migrationFailureOf, openKat, told } from './library.js';

const together = { singleTransaction: true };

describe.concurrent.each(majors())('PostgreSQL %i', (major) => {
  test('all of them are applied, in one transaction', async () => {
    const seen = (number: number) =>
      tableMigration(number, ` INSERT INTO seen SELECT pg_current_xact_id()::text;`);
    const project = await projectOn(major, {
      migrations: {
        '1_t1': 'CREATE TABLE t1 (); CREATE TABLE seen (xid text);',
        ...Object.fromEntries(
          idsUpTo(5)
            .slice(1)
            .map((id, index) => [id, seen(index + 2)]),
        ),
      },
    });
    const { kat, events } = openKat(project);
    expect(idsOf((await kat.up(together)).migrations)).toEqual(idsUpTo(5));
    expect(await column(project.database, 'SELECT count(DISTINCT xid)::int FROM seen')).toEqual([1]);
    expect(await appliedTables(project)).toEqual(idsUpTo(5));
    for (const { durationMs } of eventsOf(events, 'succeeded')) expect(durationMs).toBeGreaterThan(0);
    expect(idsOf((await kat.down({ count: 2 })).migrations)).toEqual(['5_t5', '4_t4']);
    expect((await kat.up(together)).migrations).toHaveLength(2);
    expect((await kat.up(together)).migrations).toEqual([]);
  });

  test('to go on after a failure is refused before anything runs', async () => {
    const project = await projectOn(major, { migrations: tableMigrations(2) });
    const { kat, events } = openKat(project);
    const refused = await failureOf(kat.up({ ...together, onFailure: 'continue' }));
    expect(refused).toMatchObject({ code: 'USAGE', message: expect.stringContaining('cannot be combined') });
    expect(events).toEqual([]);
    const { code, stderr } = await project.kat('up --single-transaction --on-failure continue');
    expect(code, stderr).toBe(2);
    expect(stderr).toContain('--single-transaction and --on-failure continue cannot be combined');
    expect(await appliedTables(project)).toEqual([]);
  });

  test('a failure takes all of them back, and is that of the right migration', async () => {
    const project = await projectOn(major, {
      migrations: {
        ...tableMigrations(6),
        '4_t4': { ...tableMigration(4), up: 'CREATE TABLE t4 ();\nSELECT nothing;' },
      },
    });
    const { kat, events } = openKat(project);
    const error = await migrationFailureOf(kat.up(together));
    expect(error).toMatchObject({
      code: 'MIGRATION_FAILED',
      migration: '4_t4',
      report: { sqlstate: '42703' },
    });
    expect(error.problems[0]?.location).toMatchObject({ line: 2, column: 8, sourceLine: 'SELECT nothing;' });
    expect(error.finished).toEqual([]);
    expect(told(events).filter((line) => line.startsWith('succeeded'))).toEqual([]);
    expect(told(events).at(-1)).toBe('failed 4_t4');
    expect(await appliedTables(project)).toEqual([]);
    expect(
      await column(project.database, "SELECT migration FROM migrations_log WHERE outcome = 'failed'"),
    ).toEqual(['4_t4']);
    project.addMigration('4_t4', tableMigration(4));
    await kat.up(together);
    expect(await appliedTables(project)).toEqual(idsUpTo(6));
  });

  test('nothing is called done before the COMMIT is', async () => {
    const up = `CREATE TABLE t2 ();
CREATE TABLE parent (id int PRIMARY KEY);
CREATE TABLE child (id int REFERENCES parent DEFERRABLE INITIALLY DEFERRED);
INSERT INTO child VALUES (1);`;
    const project = await projectOn(major, {
      migrations: { ...tableMigrations(4), '2_t2': { ...tableMigration(2), up } },
    });
    const { kat, events } = openKat(project);
    const error = await migrationFailureOf(kat.up(together));
    expect(error).toMatchObject({ report: { sqlstate: '23503', table: 'child' }, finished: [] });
    expect(eventsOf(events, 'succeeded')).toEqual([]);
    expect(await appliedTables(project)).toEqual([]);
  });

  test('a lock time-out in the middle begins all of it again', async () => {
    const project = await projectOn(major, {
      migrations: { ...tableMigrations(2), '3_t3': tableMigration(3, ' ALTER TABLE orders ADD b int;') },
    });
    await project.database.query('CREATE TABLE orders (a int)');
    const application = await holdTransaction(project.database, 'SELECT FROM orders');
    const { kat, events } = openKat(project, {
      lockTimeoutMs: 50,
      onEvent: ({ type }) => {
        if (type === 'retrying') void application.release();
      },
    });
    expect(idsOf((await kat.up(together)).migrations)).toEqual(idsUpTo(3));
    expect(eventsOf(events, 'retrying')[0]).toMatchObject({ id: '3_t3' });
    expect(eventsOf(events, 'succeeded').map(({ id }) => id)).toEqual(idsUpTo(3));
    expect(await appliedTables(project)).toEqual(idsUpTo(3));
  });

  test('migrations that run outside of a transaction are refused, all of them by name', async () => {
    const apart = (parent: number) => ({ up: 'VACUUM;', noTransaction: true, parents: [parent] });
    const project = await projectOn(major, {
      migrations: { ...tableMigrations(1), '2_apart': apart(1), '3_too': apart(2) },
    });
    const error = await failureOf(openKat(project).kat.up(together));
    expect(error).toMatchObject({ code: 'USAGE' });
    expect(error.problems.map(({ migration }) => migration)).toEqual(['2_apart', '3_too']);
    expect(await appliedTables(project)).toEqual([]);
    expect(idsOf((await openKat(project).kat.up({ ...together, count: 1 })).migrations)).toEqual(['1_t1']);
  });
});

test('PGlite: all or nothing', async () => {
  const project = makeProject({
    migrations: { ...tableMigrations(2), '3_bad': { up: 'SELECT 1/0;', parents: [2] } },
  });
  const { kat } = openKat(project);
  expect(await migrationFailureOf(kat.up(together))).toMatchObject({ migration: '3_bad', finished: [] });
  expect((await kat.status()).counts.applied).toBe(0);
  expect(idsOf((await kat.up({ ...together, count: 2 })).migrations)).toEqual(idsUpTo(2));
});
