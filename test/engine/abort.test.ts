/** An AbortSignal ends a run: what runs is cancelled and rolled back, and what was applied stays. */

import pg from 'pg';
import { describe, expect, test } from 'vitest';
import { openDriver } from '../../src/connections/open-connection.js';
import { cancellable } from '../../src/engine/session/cancel.js';
import type { KatEvent } from '../../src/index.js';
import {
  appliedTables,
  idsUpTo,
  tableMigration,
  tableMigrations,
  untilRunning,
  untilSleeping,
} from '../reliability/scene.js';
import { freshDatabase, majors } from '../support/database.js';
import { projectOn } from '../support/kat-project.js';
import { failureOf, idsOf, migrationFailureOf, openKat, told } from './library.js';

/** A signal that is aborted by the first event that a test looks for. */
function abortAt(isIt: (event: KatEvent) => boolean) {
  const controller = new AbortController();
  const onEvent = (event: KatEvent) => {
    if (isIt(event)) controller.abort();
  };
  return { signal: controller.signal, onEvent };
}

describe.concurrent.each(majors())('PostgreSQL %i', (major) => {
  test('in the middle of a statement: CANCELLED, rolled back, the earlier ones stay', async () => {
    const project = await projectOn(major, {
      migrations: {
        ...tableMigrations(2),
        '3_t3': tableMigration(3, '\nSELECT pg_sleep(600);'),
        '4_t4': tableMigration(4),
      },
    });
    const controller = new AbortController();
    const { kat, events } = openKat(project, { signal: controller.signal });
    const failing = migrationFailureOf(kat.up());
    await untilRunning(project.database, 'pg_sleep');
    controller.abort();
    const error = await failing;
    expect(error).toMatchObject({ code: 'CANCELLED', migration: '3_t3', report: { sqlstate: '57014' } });
    expect(error.help).toContain('this migration was rolled back');
    expect(error.problems[0]?.location).toMatchObject({ line: 2, column: 1 });
    expect(idsOf(error.finished)).toEqual(idsUpTo(2));
    expect(told(events).at(-1)).toBe('failed 3_t3');
    expect(await appliedTables(project)).toEqual(idsUpTo(2));
  });

  test('just before a statement: it is cancelled all the same', async () => {
    const database = await freshDatabase(major);
    const driver = await openDriver({ driver: 'postgres', url: database.url });
    const session = await driver.open('kat test');
    const work = cancellable({ session }, AbortSignal.abort(), () => session.execute('SELECT pg_sleep(600)'));
    await expect(work).rejects.toMatchObject({ code: 'CANCELLED' });
    await session.close();
    await driver.close();
    await database.drop();
  });

  test.each(['up', 'down', 'status', 'ping'] as const)(
    'before %s begins: nothing is touched',
    async (call) => {
      const project = await projectOn(major, { migrations: tableMigrations(2) });
      const { kat, events } = openKat(project, { signal: AbortSignal.abort() });
      expect(await failureOf(kat[call]())).toMatchObject({ code: 'CANCELLED' });
      expect(events.map(({ type }) => type).filter((type) => type !== 'connecting')).toEqual([]);
      expect(await appliedTables(project)).toEqual([]);
    },
  );

  test('when everything is planned: nothing is applied', async () => {
    const project = await projectOn(major, { migrations: tableMigrations(2) });
    const { kat } = openKat(
      project,
      abortAt(({ type }) => type === 'planned'),
    );
    expect(await failureOf(kat.up())).toMatchObject({ code: 'CANCELLED' });
    expect(await appliedTables(project)).toEqual([]);
  });

  test('between two migrations: what was sent ahead has happened as a whole or not at all', async () => {
    const project = await projectOn(major, { migrations: tableMigrations(150) });
    const { kat, events } = openKat(
      project,
      abortAt(({ type }) => type === 'succeeded'),
    );
    expect(await failureOf(kat.up())).toMatchObject({ code: 'CANCELLED' });
    const applied = await appliedTables(project);
    expect(applied.length).toBeLessThan(150);
    expect(applied).toEqual(idsUpTo(applied.length));
    const succeeded = told(events).filter((line) => line.startsWith('succeeded '));
    expect(succeeded).toEqual(applied.map((id) => `succeeded ${id}`));
    expect(idsOf((await openKat(project).kat.up()).migrations)).toHaveLength(150 - applied.length);
  });

  test('while a no_transaction migration begins: what was applied before is named', async () => {
    const project = await projectOn(major, {
      migrations: { ...tableMigrations(2), '3_t3': { ...tableMigration(3), noTransaction: true } },
    });
    await openKat(project).kat.up({ count: 1 });
    await project.database.query(`CREATE FUNCTION wait() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN PERFORM pg_sleep(600); RETURN NEW; END $$;
      CREATE TRIGGER wait BEFORE INSERT ON migrations_log FOR EACH ROW WHEN (NEW.outcome = 'started')
        EXECUTE FUNCTION wait()`);
    const controller = new AbortController();
    const failing = migrationFailureOf(openKat(project, { signal: controller.signal }).kat.up());
    await untilSleeping(project.database);
    controller.abort();
    const error = await failing;
    expect(error).toMatchObject({ code: 'CANCELLED', migration: '3_t3', finished: [{ id: '2_t2' }] });
    expect(error.message).not.toContain('before any migration');
    expect(error.help).toContain('nothing of this migration is recorded');
    expect(await appliedTables(project)).toEqual(idsUpTo(2));
  });

  test('between two statements of a no_transaction migration: it goes on there', async () => {
    const project = await projectOn(major, {
      migrations: {
        '1_t1': {
          up: 'CREATE TABLE t1 ();\nCREATE TABLE rows AS SELECT 1 AS n;\nINSERT INTO rows VALUES (2);',
          noTransaction: true,
        },
      },
    });
    const isSecond = (event: KatEvent) => event.type === 'statement-finished' && event.statement === 2;
    const { kat } = openKat(project, abortAt(isSecond));
    expect(await failureOf(kat.up())).toMatchObject({ code: 'CANCELLED' });
    const [status] = (await openKat(project).kat.status()).migrations;
    expect(status?.halfDone).toMatchObject({ direction: 'up', finished: 2 });
    await openKat(project).kat.up();
    expect(await project.database.query('SELECT n FROM rows ORDER BY n')).toEqual([{ n: 1 }, { n: 2 }]);
  });

  test('in a single transaction on a connection of the caller: all of it is rolled back', async () => {
    const project = await projectOn(major, { migrations: tableMigrations(3) });
    const client = new pg.Client(project.database.url);
    await client.connect();
    try {
      const isSecond = (event: KatEvent) => event.type === 'notice';
      project.addMigration('2_t2', { ...tableMigration(2, " DO $$ BEGIN RAISE NOTICE 'here'; END $$;") });
      const { kat } = openKat(project, { ...abortAt(isSecond), database: client });
      expect(await failureOf(kat.up({ singleTransaction: true }))).toMatchObject({ code: 'CANCELLED' });
      expect(client.getTransactionStatus()).toBe('I');
      expect(await appliedTables(project)).toEqual([]);
    } finally {
      await client.end();
    }
  });
});
