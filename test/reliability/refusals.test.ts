/** Faults 15, 23 and 24: servers that have no room, no connections, or take no changes. */

import { chownSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { findServerUser } from '../support/binaries.js';
import { commandMajors, ownServer, runOnce, type TestServer } from '../support/database.js';
import { projectOn } from '../support/kat-project.js';
import {
  appliedTables,
  expectDone,
  holdTransaction,
  idsUpTo,
  tableMigration,
  tableMigrations,
  untilSays,
} from './scene.js';

describe.each(commandMajors())('PostgreSQL %i', (major) => {
  test('15: the disk is full: 1, rolled back', async () => {
    // A page that straddles the limit is written in part, as on a disk that has no more room.
    const server = await ownServer(major, { maxFileBytes: 17 * 2 ** 20 + 4096 });
    const wide = 'a, a, a, a, a, a, a, a, a, a, a, a, a, a, a, a, a, a, a, a';
    const project = await projectOn(server, {
      migrations: {
        '1_t1': tableMigration(1),
        '2_t2': {
          up: `CREATE TABLE t2 (a bigint);
INSERT INTO t2 SELECT generate_series(1, 150000);
CREATE INDEX ON t2 (${wide});`,
          parents: [1],
        },
        '3_t3': tableMigration(3),
      },
    });
    const run = await project.kat('up');
    expect(run.code).toBe(1);
    expect(run.stderr).toMatch(/Error details: ERROR: could not (extend|write) .* \(SQLSTATE 53100\)\n/);
    expect(run.stderr).toContain('migrations/2_t2/up.sql:3:1\n');
    expect(run.stderr).toContain('HINT: Check free disk space.');
    expect(run.stderr).toContain(
      'Free disk space on the server and run `kat up` again; this migration was rolled back.',
    );
    expect(await appliedTables(project)).toEqual(idsUpTo(1));
    project.addMigration('2_t2', tableMigration(2));
    expectDone(await project.kat('up'));
    expect(await appliedTables(project)).toEqual(idsUpTo(3));
  });

  describe('23: too many connections', () => {
    let server: TestServer;
    beforeAll(async () => {
      server = await ownServer(major, {
        settings: { max_connections: '4', superuser_reserved_connections: '1', max_wal_senders: '0' },
      });
      await runOnce(
        { ...server, database: 'postgres' },
        "CREATE ROLE app SUPERUSER LOGIN PASSWORD 'postgres'",
      );
    });

    /** A project whose role may not use the connections that are kept for superusers. */
    async function asOrdinaryRole() {
      const project = await projectOn(server, { migrations: tableMigrations(2) });
      const { name, port } = project.database;
      await project.database.query('ALTER ROLE app NOSUPERUSER; GRANT ALL ON SCHEMA public TO app');
      project.write('kat.conf.yaml', `database:\n  url: postgres://app:postgres@127.0.0.1:${port}/${name}\n`);
      return project;
    }

    test('2, after some tries', async () => {
      const project = await asOrdinaryRole();
      const others = await Promise.all([1, 2].map(() => holdTransaction(project.database, 'SELECT 1')));
      const run = await project.kat('up');
      expect(run.code).toBe(2);
      expect(run.stderr).toMatch(/(remaining connection slots|too many clients).*; trying again in/);
      expect(run.stderr).toContain('Connection failed: could not connect to 127.0.0.1:');
      expect(await appliedTables(project)).toEqual([]);
      for (const other of others) await other.release();
      await project.database.drop();
    });

    test('as soon as there is room it goes on', async () => {
      const project = await asOrdinaryRole();
      const others = await Promise.all([1, 2].map(() => holdTransaction(project.database, 'SELECT 1')));
      const running = await project.start('up');
      await untilSays(running, 'trying again in');
      for (const other of others) await other.release();
      expectDone(await running.ended);
      expect(await appliedTables(project)).toEqual(idsUpTo(2));
      await project.database.drop();
    });
  });

  test('24: a role that may only read', async () => {
    const project = await projectOn(major, { migrations: tableMigrations(1) });
    const { database } = project;
    await database.query(`ALTER DATABASE ${database.name} SET default_transaction_read_only = on`);
    const run = await project.kat('up');
    expect(run.code).toBe(2);
    expect(run.stderr).toBe(`Connection failed: this session is read-only

Turn off default_transaction_read_only for this role or database, or connect as a role that may write.
`);
    expect(await database.query("SELECT 1 FROM pg_class WHERE relname ~ '^migrations|^t1'")).toEqual([]);
    expectDone(await project.kat('status'));
  });

  test('24: a standby', async () => {
    const server = await ownServer(major);
    const project = await projectOn(server, { migrations: tableMigrations(2) });
    expectDone(await project.kat('up --count 1'));
    await server.stop();
    writeFileSync(join(server.data, 'standby.signal'), '', { mode: 0o600 });
    const user = findServerUser();
    if (user) chownSync(join(server.data, 'standby.signal'), user.uid, user.gid);
    await server.start();
    for (const command of ['up', 'down']) {
      const run = await project.kat(command);
      expect(run.code).toBe(2);
      expect(run.stderr).toBe(`Connection failed: this server is a standby, which accepts no changes

Connect to the primary server.
`);
    }
    const status = await project.kat('status');
    expectDone(status);
    expect(status.stdout).toContain('1 applied, 1 pending\n');
    expect(await project.applied()).toEqual(idsUpTo(1));
  });
});
