/** Data that others add after the look, and before the rollback holds its locks, is asked about. */

import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { createKat, type KatOptions, type PlanToConfirm } from '../../src/index.js';
import { holdTransaction, untilBlocked } from '../reliability/scene.js';
import { majors } from '../support/database.js';
import { atEndOfFile } from '../support/end-of-file.js';
import { type DatabaseProject, type MigrationSource, projectOn } from '../support/kat-project.js';
import { makeSqliteProject } from '../support/sqlite.js';
import { failureOf, idsOf, openKat } from './library.js';

const up = 'CREATE TABLE users (id int, v text);';
const insert = "INSERT INTO users VALUES (7, 'by the application')";
const kept = [{ id: 7, v: 'by the application' }];

async function openUsers(
  major: number,
  more: Omit<MigrationSource, 'up'>,
  options: Partial<KatOptions> = {},
) {
  const project = await projectOn(major, { migrations: { '1_users': { up, ...more } } });
  const { kat } = openKat(project, options);
  await kat.up();
  return { project, kat };
}

/** Does some work while the application's row is not committed, and commits it when the work waits for a lock. */
async function whileInserting<T>({ database }: DatabaseProject, work: () => Promise<T>): Promise<T> {
  const application = await holdTransaction(database, insert);
  const done = work();
  await untilBlocked(database);
  await application.query('COMMIT');
  await application.release();
  return done;
}

describe.each(majors())('PostgreSQL %i', (major) => {
  test.each([
    ['drops', 'DROP TABLE users;', { tables: ['public.users'] }],
    ['empties', 'TRUNCATE users;', { tables: ['public.users'] }],
    ['deletes all rows of', 'DELETE FROM users;', { tables: ['public.users'] }],
    ['takes a column from', 'ALTER TABLE users DROP v;', { columns: ['public.users.v'] }],
    ['overwrites a column of', "UPDATE users SET v = 'x';", { overwritten: ['public.users.v'] }],
    [
      'drops with its schema',
      'CREATE SCHEMA app; ALTER TABLE users SET SCHEMA app; DROP SCHEMA app CASCADE;',
      { tables: ['public.users'] },
    ],
  ])('a table that the rollback %s', async (_name, down, lost) => {
    const { project, kat } = await openUsers(major, { down });
    const asked: PlanToConfirm[] = [];
    const confirm = (plan: PlanToConfirm) => asked.push(plan) > 1;
    const failed = whileInserting(project, () => failureOf(kat.down({ confirm })));
    expect(await failed).toMatchObject({ code: 'CANCELLED', help: 'Nothing was changed.' });
    expect(asked.map(({ losses }) => losses)).toEqual([
      [expect.objectContaining({ id: '1_users', ...lost })],
    ]);
    expect(await project.database.query('SELECT * FROM users')).toEqual(kept);
    expect(await project.applied()).toEqual(['1_users']);
    expect(idsOf((await kat.down({ confirm })).migrations)).toEqual(['1_users']);
  });

  test.each([
    ['in a transaction', false],
    ['statement by statement', true],
  ])(
    'nobody to ask is an error, and the command goes on after a consent: %s',
    async (_name, noTransaction) => {
      const down = 'COMMENT ON TABLE users IS NULL; DROP TABLE users;';
      const { project, kat } = await openUsers(major, { down, noTransaction });
      expect(await whileInserting(project, () => failureOf(kat.down()))).toMatchObject({
        code: 'USAGE',
        message:
          'rolling back 1_users drops or empties public.users, which holds rows: this requires confirmation',
      });
      expect(await project.database.query('SELECT * FROM users')).toEqual(kept);
      await project.database.query('DELETE FROM users');
      const done = await whileInserting(project, () => kat.down({ confirm: () => true }));
      expect(idsOf(done.migrations)).toEqual(['1_users']);
      expect(await project.applied()).toEqual([]);
    },
  );

  test('a reviewed plan that showed no loss is refused', async () => {
    const { project, kat } = await openUsers(major, { down: 'DROP TABLE users;' });
    const plan = await kat.plan({ move: 'down' });
    const failed = await whileInserting(project, () => failureOf(kat.down({ plan })));
    expect(failed).toMatchObject({ code: 'PLAN_CHANGED', message: expect.stringContaining('public.users') });
    expect(await project.database.query('SELECT * FROM users')).toEqual(kept);
  });

  test('every try after a lock timeout looks again', async () => {
    const project = await projectOn(major, { migrations: { '1_users': { up, down: 'DROP TABLE users;' } } });
    const application = await holdTransaction(project.database, 'SELECT 1');
    const commits: unknown[] = [];
    const { kat } = openKat(project, {
      lockTimeoutMs: 1,
      onEvent: ({ type }) => type === 'retrying' && commits.push(application.query('COMMIT')),
    });
    await kat.up();
    await application.query(insert);
    expect(await failureOf(kat.down())).toMatchObject({ code: 'USAGE' });
    expect(commits.length).toBeGreaterThan(0);
    await application.release();
    expect(await project.database.query('SELECT * FROM users')).toEqual(kept);
  });

  test('the look sees what was committed before the lock at every isolation level', async () => {
    const { project } = await openUsers(major, { down: 'DROP TABLE users;' });
    await project.database.query(
      `DO $$ BEGIN EXECUTE format('ALTER DATABASE %I SET default_transaction_isolation = serializable', current_database()); END $$`,
    );
    const { kat } = openKat(project);
    expect(await whileInserting(project, () => failureOf(kat.down()))).toMatchObject({ code: 'USAGE' });
    expect(await project.database.query('SELECT * FROM users')).toEqual(kept);
  });

  test('rows that an earlier step of the run brings back are its own', async () => {
    const project = await projectOn(major, {
      migrations: {
        '1_users': { up, down: 'DROP TABLE users;' },
        '2_people': {
          up: 'CREATE TABLE people AS TABLE users; TRUNCATE users;',
          down: 'INSERT INTO users TABLE people; DROP TABLE people;',
          parents: [1],
        },
      },
    });
    const { kat } = openKat(project);
    await kat.up({ count: 1 });
    await project.database.query(insert);
    await kat.up();
    const { planId = '', losses } = await kat.plan({ move: 'down', count: 2 });
    expect(losses.map(({ id, tables }) => [id, tables])).toEqual([['2_people', ['public.people']]]);
    expect(idsOf((await kat.down({ count: 2, plan: { planId } })).migrations)).toEqual([
      '2_people',
      '1_users',
    ]);
  });

  test('a table that was asked about under another name is not asked about again', async () => {
    const project = await projectOn(major, {
      migrations: {
        '1_users': { up, down: 'DROP TABLE users;' },
        '2_people': {
          up: 'ALTER TABLE users RENAME TO people;',
          down: 'ALTER TABLE people RENAME TO users;',
          parents: [1],
        },
      },
    });
    const { kat } = openKat(project);
    await kat.up();
    await project.database.query(insert.replace('users', 'people'));
    const { planId = '' } = await kat.plan({ move: 'down', count: 2 });
    expect(idsOf((await kat.down({ count: 2, plan: { planId } })).migrations)).toEqual([
      '2_people',
      '1_users',
    ]);
  });

  test('a table that the role may drop and not lock is dropped', async () => {
    const { project, kat } = await openUsers(major, { down: 'DROP TABLE users;' });
    await project.database.query(
      'REVOKE ALL ON users FROM CURRENT_USER; GRANT SELECT ON users TO CURRENT_USER',
    );
    expect(idsOf((await kat.down()).migrations)).toEqual(['1_users']);
  });
});

describe('SQLite', () => {
  test.each([
    ['in a transaction', false],
    ['statement by statement', true],
  ])('rows that are added while somebody confirms are asked about: %s', async (_name, noTransaction) => {
    const project = makeSqliteProject({
      migrations: { '1_users': { up, down: 'DROP TABLE users;', noTransaction } },
    });
    const kat = createKat({
      migrations: join(project.folder, 'migrations'),
      database: { driver: 'sqlite', path: project.database },
    });
    atEndOfFile(() => kat.close());
    await kat.up();
    const asked: unknown[] = [];
    const confirm = async ({ losses }: PlanToConfirm) => {
      asked.push(losses.flatMap(({ tables }) => tables));
      if (asked.length === 1) await project.query(insert);
      return asked.length !== 2;
    };
    expect(await failureOf(kat.down({ of: ['1_users'], confirm }))).toMatchObject({ code: 'CANCELLED' });
    expect(asked).toEqual([[], ['users']]);
    expect(await project.query('SELECT id FROM users')).toEqual([['7']]);
    expect(await project.applied()).toEqual(['1_users']);
    expect(idsOf((await kat.down({ of: ['1_users'], confirm })).migrations)).toEqual(['1_users']);
    expect(asked.slice(2)).toEqual([['users']]);
  });
});
