/** What `stamp` and `repair` share: nothing is written that was not agreed to, and all of it or nothing. */
import pg from 'pg';
import { describe, expect, test } from 'vitest';
import { commandMajors } from '../support/database.js';
import { projectOn } from '../support/kat-project.js';
import { failureOf, idsOf, openKat } from './library.js';

const migrations = {
  '1_a': 'CREATE TABLE a ();',
  '2_b': { up: 'CREATE TABLE b ();', parents: [1] },
  '3_c': { up: 'CREATE TABLE c ();', parents: [2] },
};

describe.each(commandMajors())('PostgreSQL %i', (major) => {
  test('a no leaves everything as it is', async () => {
    const project = await projectOn(major, { migrations });
    const { kat } = openKat(project);
    const shown: unknown[] = [];
    const confirm = (plan: { migrations: readonly { id: string }[] }) => {
      shown.push(idsOf(plan.migrations));
      return false;
    };
    expect(await failureOf(kat.stamp({ of: ['2_b'], confirm }))).toMatchObject({ code: 'CANCELLED' });
    expect(shown).toEqual([['1_a', '2_b']]);
    expect(await project.database.query("SELECT FROM pg_class WHERE relname ~ '^migrations'")).toEqual([]);
  });

  test('what another runner adds meanwhile was not agreed to; what it has done already is left out', async () => {
    const project = await projectOn(major, { migrations });
    const { kat } = openKat(project);
    await kat.stamp({ of: ['2_b'] });
    const more = async () => {
      await openKat(project).kat.stamp({ of: ['3_c'] });
      return true;
    };
    expect(await failureOf(kat.stamp({ of: ['2_b'], remove: true, confirm: more }))).toMatchObject({
      code: 'CANCELLED',
      message: expect.stringContaining('another runner'),
    });
    expect(await project.applied()).toEqual(['1_a', '2_b', '3_c']);
    const less = async () => {
      await openKat(project).kat.stamp({ of: ['3_c'], remove: true });
      return true;
    };
    const { migrations: done } = await kat.stamp({ of: ['2_b'], remove: true, confirm: less });
    expect(idsOf(done)).toEqual(['2_b']);
    expect(await project.applied()).toEqual(['1_a']);
  });

  test("on the caller's own connection, which stays usable after a failure", async () => {
    const project = await projectOn(major, { migrations });
    const client = new pg.Client({ connectionString: project.database.url });
    await client.connect();
    try {
      const { kat } = openKat(project, { database: client });
      await kat.stamp({ of: ['1_a'] });
      await client.query("ALTER TABLE migrations ADD CHECK (name <> '3_c')");
      expect(await failureOf(kat.stamp({ of: ['heads'] }))).toMatchObject({ code: 'SQL_ERROR' });
      expect((await client.query('SELECT name FROM migrations')).rows).toEqual([{ name: '1_a' }]);
      expect((await kat.stamp({ of: ['2_b'] })).skipped).toEqual(['1_a']);
    } finally {
      await client.end();
    }
  });

  test('a lock on the tracking table is not waited for without end', async () => {
    const project = await projectOn(major, { migrations });
    await openKat(project).kat.stamp({ of: ['1_a'] });
    const client = new pg.Client({ connectionString: project.database.url });
    await client.connect();
    try {
      await client.query('BEGIN; LOCK TABLE migrations IN SHARE MODE');
      const { kat } = openKat(project, { lockTimeoutMs: 50 });
      expect(await failureOf(kat.stamp({ of: ['heads'] }))).toMatchObject({ code: 'SQL_ERROR' });
    } finally {
      await client.end();
    }
    expect(await project.applied()).toEqual(['1_a']);
  });

  test('a baseline needs more than a connection', async () => {
    const project = await projectOn(major);
    const client = new pg.Client({ connectionString: project.database.url });
    await client.connect();
    try {
      const { kat } = openKat(project, { database: client });
      expect(await failureOf(kat.baseline())).toMatchObject({
        code: 'USAGE',
        message: 'pg_dump cannot use the connection passed to createKat',
      });
    } finally {
      await client.end();
    }
    expect(project.ids()).toEqual([]);
  });
});
