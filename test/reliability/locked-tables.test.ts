/** Locks that others hold on the tracking table, and prepared transactions: every wait ends, and says whom it waits for. */

import pg from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { majors } from '../support/database.js';
import { eventually } from '../support/eventually.js';
import { projectOn } from '../support/kat-project.js';
import { startServer, type TestServer } from '../support/server.js';

const migrations = {
  '1_users': 'CREATE TABLE users (id int);',
  '2_name': { up: 'ALTER TABLE users ADD name text;', parents: [1] },
};

// At once, because they wait.
describe.concurrent.each(majors())('PostgreSQL %i', (major) => {
  let server: TestServer;
  beforeAll(async () => {
    server = await startServer(major, { settings: { max_prepared_transactions: '4' } });
  });
  afterAll(() => server.close());

  test('a history that a session keeps locked is not waited for without end', {
    timeout: 60_000,
  }, async () => {
    const project = await projectOn(server, { migrations });
    await project.kat('up --count 1');
    await project.database.query('BEGIN; LOCK TABLE migrations');
    const runs = await Promise.all(['up', 'status', 'history'].map((command) => project.kat(command)));
    for (const run of runs) {
      expect(run.code).toBe(4);
      expect(run.stderr).toMatch(
        /"public"\."migrations" is locked, so that the history cannot be read\n\nprocess \d+ \(.*user postgres, in a transaction for \d+ s\) has locked public\.migrations\n/,
      );
    }
    await project.database.query('COMMIT');
    expect((await project.kat('up')).code).toBe(0);
  });

  test('a statement_timeout of the role does not hide who has the lock', { timeout: 60_000 }, async () => {
    const project = await projectOn(server, { migrations });
    const { database } = project;
    await project.kat('up --count 1');
    await database.query(`ALTER DATABASE ${database.name} SET statement_timeout = '2s'`);
    await database.query('BEGIN; LOCK TABLE migrations');
    const runs = await Promise.all(['up', 'status', 'history'].map((command) => project.kat(command)));
    for (const run of runs) {
      expect(run.code).toBe(4);
      expect(run.stderr).toMatch(/process \d+ \(.*\) has locked public\.migrations\n/);
    }
    await database.query('COMMIT');
    project.addMigration('3_slow', { up: 'SELECT pg_sleep(30);', parents: [2] });
    expect((await project.kat('up')).stderr).toContain('statement timeout');
  });

  test('a lock that somebody waits for is not waited for without end, either', {
    timeout: 60_000,
  }, async () => {
    const project = await projectOn(server, { migrations });
    await project.kat('up --count 1');
    const { database } = project;
    await database.query('BEGIN; SELECT FROM migrations');
    const other = new pg.Client({ connectionString: database.url });
    await other.connect();
    const vacuum = other.query('VACUUM FULL migrations');
    await eventually(
      'the waiting lock',
      async () => (await database.query('SELECT FROM pg_locks WHERE NOT granted')).length > 0,
    );
    const run = await project.kat('status');
    expect(run.code).toBe(4);
    expect(run.stderr).toMatch(
      /history cannot be read\n\nprocess \d+ \(.*\) waits for process \d+ to lock public\.migrations\n/,
    );
    await database.query('COMMIT');
    await vacuum;
    await other.end();
    expect((await project.kat('status')).code).toBe(0);
  });

  test('a comparison of the schema keeps no table while it waits for another', {
    timeout: 60_000,
  }, async () => {
    const project = await projectOn(server, {
      migrations: {
        '1_users':
          'CREATE TABLE users (id int CHECK (id > 0)); CREATE VIEW all_users AS SELECT * FROM users;',
      },
    });
    await project.kat('up');
    await project.database.query('BEGIN; ALTER TABLE users ADD name text');
    const run = await project.kat('drift');
    expect(run.code).toBe(4);
    expect(run.stderr).toMatch(
      /a table is locked, so that the schema cannot be read\n\nprocess \d+ \(.*\) has locked public\.users\n/,
    );
    await project.database.query('ROLLBACK');
    expect((await project.kat('drift')).code).toBe(0);
  });

  test('a lock that is released in time does not matter', { timeout: 60_000 }, async () => {
    const project = await projectOn(server, { migrations });
    await project.kat('up --count 1');
    await project.database.query('BEGIN; LOCK TABLE migrations, migrations_log');
    const run = project.kat('up');
    await project.database.query('SELECT pg_sleep(2); COMMIT');
    expect((await run).code).toBe(0);
    expect(await project.applied()).toEqual(['1_users', '2_name']);
  });

  test('a prepared transaction is named, on the history and on a table', { timeout: 60_000 }, async () => {
    const project = await projectOn(server, { migrations });
    await project.kat('up --count 1');
    const { name } = project.database;
    await project.database.query(`BEGIN; LOCK TABLE migrations_log; PREPARE TRANSACTION 'left ${name}'`);
    const locked = await project.kat('up');
    expect(locked.code).toBe(4);
    expect(locked.stderr).toMatch(
      new RegExp(
        `the prepared transaction 'left ${name}' of postgres has locked public.migrations_log since \\d{4}-.* UTC\\n`,
      ),
    );
    expect(locked.stderr).toContain('until somebody runs COMMIT PREPARED or ROLLBACK PREPARED');
    await project.database.query(`ROLLBACK PREPARED 'left ${name}'`);
    await project.database.query(`BEGIN; INSERT INTO users VALUES (1); PREPARE TRANSACTION 'used ${name}'`);
    const blocked = await project.kat('up --lock-timeout 3s --retry-for 0');
    expect(blocked.code).toBe(1);
    expect(`${blocked.stdout}${blocked.stderr}`).toMatch(
      new RegExp(`Waiting for prepared transaction 'used ${name}' \\(user postgres, in a transaction since `),
    );
    await project.database.query(`ROLLBACK PREPARED 'used ${name}'`);
    expect((await project.kat('up')).code).toBe(0);
  });
});
