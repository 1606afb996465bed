/** Migrations that are sent ahead of each other's answers: where a failure stops them, and what it says. */

import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { appliedTables, idsUpTo, tableMigration, tableMigrations } from '../reliability/scene.js';
import { commandMajors } from '../support/database.js';
import { type DatabaseProject, makeProject, projectOn } from '../support/kat-project.js';
import { column, eventsOf, failureOf, idsOf, migrationFailureOf, openKat, told } from './library.js';

/** A text whose failure is found at a place in it. */
const places: readonly [what: string, up: string, line: number, column: number, sqlstate: string][] = [
  ['a name that does not exist', 'CREATE TABLE t2 ();\nSELECT *\n  FROM nowhere;', 3, 8, '42P01'],
  ['no position: the statement', 'CREATE TABLE t2 ();\n\n  -- why\n  SELECT 1/(SELECT 0);', 4, 3, '22012'],
  [
    'no position: the statement of a unique violation',
    'CREATE TABLE u (a int UNIQUE);\nINSERT INTO u VALUES (1);\nINSERT INTO u VALUES (2), (1);\nCREATE TABLE t2 ();',
    ...([3, 1, '23505'] as const),
  ],
  ['emoji ahead in the line', "CREATE TABLE t2 ();\nSELECT '🎉🎉', 'ä', nothing;", 2, 19, '42703'],
  ['emoji ahead in the text', "/* 🎉🎉🎉 */ SELECT '🎉';\nSELECT '🎉', 'x'::int;", 2, 13, '22P02'],
  ['one BEGIN and COMMIT around it', 'BEGIN;\nSELECT 1;\n SELECT nothing;\nCOMMIT;', 3, 9, '42703'],
  ['the same without a position', 'BEGIN;\nSELECT 1;\n SELECT 1/(SELECT 0);\nCOMMIT;', 3, 2, '22012'],
  ['Windows line endings', 'SELECT 1;\r\n\r\nSELECT nothing;\r\n', 3, 8, '42703'],
  ['a byte order mark', '\u{feff}SELECT nothing;', 1, 8, '42703'],
];

describe.each(commandMajors())('PostgreSQL %i', (major) => {
  test('200 with a failure in the middle: everything before is done, nothing behind is', async () => {
    const up = "CREATE TABLE t100 ();\nSELECT 'ä' AS a,\n  1/(SELECT 0) AS b;";
    const project = await projectOn(major, {
      migrations: { ...tableMigrations(200), '100_t100': { ...tableMigration(100), up } },
    });
    const { kat, events } = openKat(project);
    const error = await migrationFailureOf(kat.up());
    expect(error).toMatchObject({
      code: 'MIGRATION_FAILED',
      ...{ migration: '100_t100', direction: 'up', message: 'ERROR: division by zero (SQLSTATE 22012)' },
      report: { severity: 'ERROR', sqlstate: '22012', message: 'division by zero' },
      help: 'Fix the cause and run `kat up` again; this migration was rolled back.',
    });
    expect(error.problems).toEqual([
      {
        title: 'SQL error',
        message: 'ERROR: division by zero (SQLSTATE 22012)',
        migration: '100_t100',
        sqlstate: '22012',
        location: {
          file: join(project.folder, 'migrations/100_t100/up.sql'),
          ...{ line: 2, column: 1, sourceLine: "SELECT 'ä' AS a," },
        },
      },
    ]);
    expect(idsOf(error.finished)).toEqual(idsUpTo(99));
    for (const { durationMs } of error.finished) expect(durationMs).toBeGreaterThanOrEqual(0);
    expect(await appliedTables(project)).toEqual(idsUpTo(99));
    const lines = told(events).slice(3);
    expect(lines.slice(-3)).toEqual(['succeeded 99_t99', 'started 100_t100', 'failed 100_t100']);
    expect(lines).toHaveLength(200);
    project.addMigration('100_t100', tableMigration(100));
    expect(idsOf((await kat.up()).migrations)).toHaveLength(101);
    expect(await appliedTables(project)).toEqual(idsUpTo(200));
  });

  test('what fails only at its COMMIT lets nothing behind it through', async () => {
    const up = `CREATE TABLE t3 ();
CREATE TABLE parent (id int PRIMARY KEY);
CREATE TABLE child (id int CONSTRAINT orphan REFERENCES parent DEFERRABLE INITIALLY DEFERRED);
INSERT INTO child VALUES (1);`;
    const project = await projectOn(major, {
      migrations: { ...tableMigrations(8), '3_t3': { ...tableMigration(3), up } },
    });
    const { kat, events } = openKat(project);
    const error = await migrationFailureOf(kat.up());
    expect(error).toMatchObject({ migration: '3_t3', report: { sqlstate: '23503', constraint: 'orphan' } });
    expect(error.problems[0]?.location).toBeUndefined();
    expect(idsOf(error.finished)).toEqual(idsUpTo(2));
    expect(await appliedTables(project)).toEqual(idsUpTo(2));
    expect(eventsOf(events, 'warning')).toEqual([]);
  });

  test('notices belong to the migration that caused them', async () => {
    const noisy = (number: number) =>
      tableMigration(
        number,
        ` DO $$ BEGIN RAISE NOTICE 'from ${number}'; RAISE WARNING 'of ${number}'; END $$;`,
      );
    const ids = idsUpTo(20);
    const project = await projectOn(major, {
      migrations: Object.fromEntries(ids.map((id, index) => [id, noisy(index + 1)])),
    });
    const { kat, events } = openKat(project);
    await kat.up();
    expect(eventsOf(events, 'notice').map(({ id, notice }) => [id, notice.severity, notice.message])).toEqual(
      ids.flatMap((id, index) => [
        [id, 'NOTICE', `from ${index + 1}`],
        [id, 'WARNING', `of ${index + 1}`],
      ]),
    );
    expect(told(events).slice(3, 8)).toEqual([
      ...['started 1_t1', 'notice 1_t1', 'notice 1_t1', 'succeeded 1_t1', 'started 2_t2'],
    ]);
  });

  test.each(places)('the place of a failure: %s', async (_what, up, line, columnNumber, sqlstate) => {
    const project = await projectOn(major, {
      migrations: { '1_t1': tableMigration(1), '2_t2': { up, parents: [1] }, '3_t3': tableMigration(3) },
    });
    const error = await migrationFailureOf(openKat(project).kat.up());
    expect(error).toMatchObject({ migration: '2_t2', report: { sqlstate } });
    expect(error.problems[0]?.location).toMatchObject({
      ...{ file: join(project.folder, 'migrations/2_t2/up.sql'), line, column: columnNumber },
      sourceLine: up.replace('\u{feff}', '').split(/\r?\n/)[line - 1],
    });
    expect(await appliedTables(project)).toEqual(idsUpTo(1));
  });

  test('one BEGIN and COMMIT around a migration are taken off: all of it is one transaction', async () => {
    const project = await projectOn(major, {
      migrations: { '1_t1': 'BEGIN;\nCREATE TABLE t1 ();\nCOMMIT;\n', '2_t2': tableMigration(2) },
    });
    const { kat, events } = openKat(project);
    await kat.up();
    expect(await appliedTables(project)).toEqual(idsUpTo(2));
    expect(
      eventsOf(events, 'warning').filter(({ message }) => /transaction in progress/.test(message)),
    ).toEqual([]);
  });

  test.each([
    'SET TRANSACTION ISOLATION LEVEL REPEATABLE READ',
    'BEGIN; SET TRANSACTION ISOLATION LEVEL SERIALIZABLE, DEFERRABLE',
    "SET LOCAL transaction_isolation = 'repeatable read'",
  ])('a migration determines its own transaction, wherever it is in the run: %s', async (set) => {
    const end = set.startsWith('BEGIN') ? 'COMMIT;' : '';
    const text = (change: string) => `-- why\n${set};\n${change};
DO $$ BEGIN ASSERT current_setting('transaction_isolation') <> 'read committed'; END $$;\n${end}`;
    const second = { up: text('CREATE TABLE t2 ()'), down: text('DROP TABLE t2'), parents: [1] };
    const project = await projectOn(major, { migrations: { ...tableMigrations(3), '2_t2': second } });
    const { kat } = openKat(project);
    await kat.up();
    expect(await appliedTables(project)).toEqual(idsUpTo(3));
    await kat.down({ count: 3 });
    expect(await appliedTables(project)).toEqual([]);
  });

  test('what is set too late in a transaction does not belong outside of one', async () => {
    const up = 'CREATE TABLE t2 (); SELECT 1; SET TRANSACTION ISOLATION LEVEL SERIALIZABLE;';
    const project = await projectOn(major, {
      migrations: { ...tableMigrations(2), '2_t2': { up, parents: [1] } },
    });
    const error = await migrationFailureOf(openKat(project).kat.up());
    expect(error).toMatchObject({ migration: '2_t2', report: { sqlstate: '25001' } });
    expect(error.help).toMatch(/^Make SET TRANSACTION the first statement of the migration/);
  });

  test('a file that is edited after it was checked is refused; what is before it is applied', async () => {
    const project = await projectOn(major, { migrations: tableMigrations(5) });
    const edit = () => project.write('migrations/4_t4/up.sql', 'CREATE TABLE t4 (); DROP TABLE t1;\n');
    const { kat } = openKat(project, {
      onEvent: ({ type }) => {
        if (type === 'planned') edit();
      },
    });
    const error = await failureOf(kat.up());
    expect(error).toMatchObject({
      code: 'FILES_INVALID',
      message: `${join(project.folder, 'migrations/4_t4/up.sql')} was edited during the run`,
    });
    expect(await appliedTables(project)).toEqual(idsUpTo(3));
  });

  test('down stops at its first failure, too', async () => {
    const down = 'DROP TABLE t3;\nSELECT nothing;';
    const project = await projectOn(major, {
      migrations: { ...tableMigrations(5), '3_t3': { ...tableMigration(3), down } },
    });
    const { kat } = openKat(project);
    await kat.up();
    const error = await migrationFailureOf(kat.down({ count: 5 }));
    expect(error).toMatchObject({ migration: '3_t3', direction: 'down' });
    expect(error.problems[0]?.location).toMatchObject({
      ...{ file: join(project.folder, 'migrations/3_t3/down.sql'), line: 2, column: 8 },
    });
    expect(idsOf(error.finished)).toEqual(['5_t5', '4_t4']);
    expect(await appliedTables(project)).toEqual(idsUpTo(3));
  });

  test('a text larger than what is sent ahead at once is applied like any other', async () => {
    const rows = `INSERT INTO big VALUES ('${'x'.repeat(700_000)}');`;
    const project: DatabaseProject = await projectOn(major, {
      migrations: {
        '1_t1': 'CREATE TABLE t1 (); CREATE TABLE big (a text);',
        '2_t2': tableMigration(2, rows),
        '3_t3': tableMigration(3, rows),
        '4_t4': tableMigration(4),
      },
    });
    await openKat(project).kat.up();
    expect(await appliedTables(project)).toEqual(idsUpTo(4));
    expect(await column(project.database, 'SELECT sum(length(a))::int FROM big')).toEqual([1_400_000]);
  });
});

test('PGlite: a failure in the middle stops what is behind it, and has its place', async () => {
  const up = "SELECT '🎉', nothing;";
  const project = makeProject({
    migrations: { ...tableMigrations(9), '5_t5': { ...tableMigration(5), up } },
  });
  const { kat } = openKat(project);
  const error = await migrationFailureOf(kat.up());
  expect(error).toMatchObject({ migration: '5_t5', report: { sqlstate: '42703' } });
  expect(error.problems[0]?.location).toMatchObject({ line: 1, column: 13 });
  expect(idsOf(error.finished)).toEqual(idsUpTo(4));
  expect((await kat.status()).counts).toEqual({
    applied: 4,
    pending: 5,
    missing: 0,
    changed: 0,
    unordered: 0,
    halfDone: 0,
    running: 0,
  });
});
