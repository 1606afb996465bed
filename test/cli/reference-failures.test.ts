/** What the guide promises when a migration fails: the error block, and a database exactly as it was before. */
import { describe, expect, test } from 'vitest';
import { commandMajors } from '../support/database.js';
import { contentOf, projectOn } from '../support/kat-project.js';
import { usersId, withoutTimes } from './guide.js';

describe.each(commandMajors())('PostgreSQL %i', (major) => {
  test('the TABLEE example: found before anything runs', async () => {
    const migrations = {
      '1_fine': 'CREATE TABLE fine (id int);',
      [usersId]: 'CREATE TABLEE users (id int);',
    };
    const project = await projectOn(major, { migrations });
    const before = await contentOf(project.database);
    const run = await project.kat('up');
    expect(run.code).toBe(2);
    expect(run.stderr).toBe(`Migration failed: ${usersId}
Error details: ERROR: syntax error at or near "TABLEE" (SQLSTATE 42601)
  migrations/${usersId}/up.sql:1:8
    1 | CREATE TABLEE users (id int);
      |        ^
Migration process stopped to preserve database integrity

Correct these problems and run the command again. Nothing was executed.
`);
    expect(await contentOf(project.database)).toEqual(before);
    expect(await project.database.query("SELECT FROM pg_class WHERE relname = 'migrations'")).toEqual([]);

    project.write(`migrations/${usersId}/up.sql`, 'CREATE TABLE users (id int);\n');
    await project.migrate();
    expect(await project.applied()).toEqual(['1_fine', usersId]);
  });

  test('the error of a dry run is the same', async () => {
    const project = await projectOn(major, { migrations: { [usersId]: 'CREATE TABLEE users (id int);' } });
    const run = await project.kat('up --dry-run');
    expect(run.code).toBe(2);
    expect(run.stderr).toContain('Error details: ERROR: syntax error at or near "TABLEE" (SQLSTATE 42601)\n');
  });

  const failures: readonly [what: string, statement: string, details: string, place: string][] = [
    ['a division by zero', 'SELECT 1/0;', 'ERROR: division by zero (SQLSTATE 22012)', '4:1'],
    [
      'a missing table',
      'DROP TABLE nowhere;',
      'ERROR: table "nowhere" does not exist (SQLSTATE 42P01)',
      '4:1',
    ],
    [
      'a missing column',
      'SELECT nope\nFROM fine;',
      'ERROR: column "nope" does not exist (SQLSTATE 42703)',
      '4:8',
    ],
    [
      'a constraint at the end of the transaction',
      'INSERT INTO late VALUES (1), (1);',
      'ERROR: duplicate key value violates unique constraint "late_id_key" (SQLSTATE 23505)',
      '',
    ],
  ];

  test.each(failures)(
    '%s at run time is rolled back as a whole',
    async (_what, statement, details, place) => {
      const broken = `CREATE TABLE broken (id int);
INSERT INTO fine VALUES (2);
CREATE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT 1';
${statement}`;
      const project = await projectOn(major, {
        migrations: {
          '1_fine':
            'CREATE TABLE fine (id int); CREATE TABLE late (id int UNIQUE DEFERRABLE INITIALLY DEFERRED);',
          '2_broken': broken,
          '3_after': { up: 'CREATE TABLE after (id int);', parents: [2] },
        },
      });
      await project.kat('up --count 1');
      await project.database.query('INSERT INTO fine VALUES (1)');
      const before = await contentOf(project.database);

      const run = await project.kat('up');
      expect(run.code).toBe(1);
      expect(run.stderr).toContain(`Migration failed: 2_broken\nError details: ${details}\n`);
      expect(run.stderr).toContain('\nMigration process stopped to preserve database integrity\n');
      if (place) expect(run.stderr).toContain(`  migrations/2_broken/up.sql:${place}\n`);
      expect(await contentOf(project.database)).toEqual(before);
      expect(await project.applied()).toEqual(['1_fine']);

      project.write('migrations/2_broken/up.sql', 'SELECT 1;\n');
      await project.migrate();
      expect(await project.applied()).toEqual(['1_fine', '2_broken', '3_after']);
    },
  );

  test('those before the one that fails stay applied, and the summary says which', async () => {
    const project = await projectOn(major, {
      migrations: {
        '1_one': 'CREATE TABLE one ();',
        '2_two': 'CREATE TABLE two ();',
        '3_broken': 'SELECT 1/0;',
      },
    });
    const run = await project.kat('up');
    expect(run.code).toBe(1);
    expect(withoutTimes(run.stdout)).toContain(`1_one 
2_two 
3_broken 
Successfully applied 2 migrations

Migration Summary
Successful migrations:
  ✓ 1_one (up) - TIME
  ✓ 2_two (up) - TIME

Total: 2 migration(s) applied
`);
    expect(await project.applied()).toEqual(['1_one', '2_two']);
  });

  test('the server’s own DETAIL and HINT are shown', async () => {
    const up = "DO $$ BEGIN RAISE EXCEPTION 'no way' USING DETAIL = 'the detail', HINT = 'the hint'; END $$;";
    const project = await projectOn(major, { migrations: { '1_raise': up } });
    const run = await project.kat('up');
    expect(run.stderr).toContain('Error details: ERROR: no way (SQLSTATE P0001)\n');
    expect(run.stderr).toContain('  DETAIL: the detail\n  HINT: the hint\n');
  });

  test('a down.sql that fails half-way is rolled back, and the migration is still applied', async () => {
    const down = 'DROP TABLE users;\nDROP TABLE users;';
    const project = await projectOn(major, {
      migrations: { [usersId]: { up: 'CREATE TABLE users ();', down } },
    });
    await project.migrate();
    const before = await contentOf(project.database);
    const run = await project.kat('down');
    expect(run.code).toBe(1);
    expect(run.stderr).toContain(
      `Migration failed: ${usersId}\nError details: ERROR: table "users" does not exist (SQLSTATE 42P01)\n`,
    );
    expect(run.stderr).toContain(`  migrations/${usersId}/down.sql:2:1\n`);
    expect(await contentOf(project.database)).toEqual(before);
    expect(await project.applied()).toEqual([usersId]);
  });

  test('“SQL error” and “Connection failed” are named', async () => {
    const project = await projectOn(major, { migrations: { '1_bad': 'SELEC 1;' } });
    const up = await project.kat('up --json');
    expect(JSON.parse(up.stdout).error.problems[0]).toMatchObject({ title: 'SQL error' });
    const ping = await project.kat('ping', { env: { KAT_DB_PORT: '1', KAT_RETRY_COUNT: '0' } });
    expect(ping.code).toBe(2);
    expect(ping.stderr).toMatch(
      /^Connection failed: could not connect to 127\.0\.0\.1:1: connection refused\n/,
    );
  });
});
