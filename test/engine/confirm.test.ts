/** `confirm`: what it is told, what its answers lead to, and what happens to the plan while it thinks. */

import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { type Kat, type KatEvent, type Plan, UnconfirmedError } from '../../src/index.js';
import { holdBack, idsUpTo, tableMigrations, untilRunning, waitingMigration } from '../reliability/scene.js';
import { majors } from '../support/database.js';
import { projectOn } from '../support/kat-project.js';
import { failureOf, idsOf, openKat } from './library.js';

describe.each(majors())('PostgreSQL %i', (major) => {
  test('is asked for what takes back more than a plain down, and for nothing else', async () => {
    const project = await projectOn(major, { migrations: tableMigrations(3) });
    const { kat } = openKat(project);
    const asked: Plan[] = [];
    const confirm = (plan: Plan) => asked.push(plan) > 0;
    await kat.sync({ confirm });
    await kat.down({ confirm });
    await kat.down({ of: ['-1'], confirm });
    await kat.down({ of: ['1'], dryRun: true, confirm });
    await kat.sync({ confirm });
    expect(asked).toEqual([]);
    await kat.redo({ of: ['3'], confirm });
    await kat.down({ to: '1', confirm });
    expect(asked.map(({ steps }) => steps)).toEqual([
      [
        { id: '3_t3', direction: 'down', mode: 'transaction' },
        { id: '3_t3', direction: 'up', mode: 'transaction' },
      ],
      [
        { id: '3_t3', direction: 'down', mode: 'transaction' },
        { id: '2_t2', direction: 'down', mode: 'transaction' },
      ],
    ]);
  });

  test('false ends it, and the error has the plan', async () => {
    const project = await projectOn(major, { migrations: tableMigrations(2) });
    const { kat } = openKat(project);
    await kat.up();
    const error = await failureOf(kat.down({ all: true, confirm: async () => false }));
    expect(error).toBeInstanceOf(UnconfirmedError);
    expect(error).toMatchObject({
      code: 'CANCELLED',
      message: 'nothing was done: the plan was not confirmed',
      plan: { steps: [{ id: '2_t2' }, { id: '1_t1' }] },
    });
    expect(await project.applied()).toEqual(idsUpTo(2));
  });

  test('what another runner adds meanwhile was agreed to by nobody', async () => {
    const project = await projectOn(major, { migrations: tableMigrations(2) });
    const [{ kat }, { kat: other }] = [openKat(project), openKat(project)];
    await kat.up({ count: 1 });
    const confirm = async () => idsOf((await other.up()).migrations).length === 1;
    const error = await failureOf(kat.down({ all: true, confirm }));
    expect(error).toMatchObject({
      code: 'CANCELLED',
      message: 'nothing was done: another runner changed the plan',
      plan: { steps: [{ id: '2_t2' }, { id: '1_t1' }] },
    });
    expect(await project.applied()).toEqual(idsUpTo(2));
    expect(idsOf((await kat.down({ all: true })).migrations)).toEqual(['2_t2', '1_t1']);
  });

  test.each<[string, (kat: Kat) => Promise<unknown>]>([
    ['a plain down', (kat) => kat.down()],
    ['a confirmed plain down', (kat) => kat.down({ confirm: () => true })],
    ['the last one', (kat) => kat.down({ of: ['-1'] })],
    ['the last two', (kat) => kat.down({ count: 2, confirm: () => true })],
    ['the state of before', (kat) => kat.down({ to: '-1' })],
    ['a plain redo', (kat) => kat.redo()],
    ['a redo of the last one', (kat) => kat.redo({ of: ['-1'] })],
  ])('%s means what was the latest before it waited for another runner', async (_what, go) => {
    const migrations = { ...tableMigrations(2), '3_t3': waitingMigration(3) };
    const project = await projectOn(major, { migrations });
    const gate = await holdBack(project.database);
    const { kat: other } = openKat(project);
    await other.up({ count: 2 });
    const applying = other.up();
    await untilRunning(project.database, 'pg_advisory_xact_lock(4711)');
    let hasWaited = () => {};
    const waited = new Promise<void>((resolve) => {
      hasWaited = resolve;
    });
    const onEvent = ({ type }: KatEvent) => {
      if (type === 'waiting-for-lock') hasWaited();
    };
    const failing = failureOf(go(openKat(project, { onEvent }).kat));
    await waited;
    await gate.release();
    await applying;
    expect(await failing).toMatchObject({
      code: 'CANCELLED',
      message: 'nothing was done: another runner changed the plan',
      problems: [{ message: '3_t3 would be rolled back now', migration: '3_t3' }],
    });
    expect(await project.applied()).toEqual(idsUpTo(3));
  });

  test('what another runner takes back meanwhile need not be taken back any more', async () => {
    const project = await projectOn(major, { migrations: tableMigrations(2) });
    const [{ kat }, { kat: other }] = [openKat(project), openKat(project)];
    await kat.up();
    const confirm = async () => idsOf((await other.down()).migrations).length === 1;
    expect(idsOf((await kat.down({ all: true, confirm })).migrations)).toEqual(['1_t1']);
  });

  test('what another runner does anew meanwhile goes back by its new SQL', async () => {
    const old = { up: 'CREATE TABLE old ();', down: 'DROP TABLE old;' };
    const project = await projectOn(major, { migrations: { '1_a': old } });
    const [{ kat }, { kat: other }] = [openKat(project), openKat(project)];
    await kat.up();
    const lose = () => rmSync(join(project.folder, 'migrations/1_a'), { recursive: true });
    lose();
    const confirm = async () => {
      project.addMigration('1_a', { up: 'CREATE TABLE new ();', down: 'DROP TABLE new;' });
      await other.redo({ modified: true });
      lose();
      return true;
    };
    expect(idsOf((await kat.down({ of: ['1_a'], confirm })).migrations)).toEqual(['1_a']);
    const tables = "SELECT relname FROM pg_class WHERE relname IN ('old', 'new')";
    expect(await project.database.query(tables)).toEqual([]);
  });

  test.each([
    ['the run', (kat: Kat, confirm: never) => kat.down({ all: true, confirm })],
    ['records', (kat: Kat, confirm: never) => kat.stamp({ of: ['base'], remove: true, confirm })],
    ['files', (kat: Kat, confirm: never) => kat.squash({ to: '2_t2', force: true, verify: false, confirm })],
    ['a drop', (kat: Kat, confirm: never) => kat.dropDatabase({ force: true, confirm })],
  ])('only true agrees to %s, and an abort ends the wait for an answer', async (_, ask) => {
    const project = await projectOn(major, { migrations: tableMigrations(2) });
    await openKat(project).kat.up();
    for (const answer of ['no', 1, undefined]) {
      const error = await failureOf(ask(openKat(project).kat, (async () => answer) as never));
      expect(error).toMatchObject({ code: 'USAGE', help: 'Nothing was changed. Return true to proceed.' });
      expect(error.message).toBe(
        `\`confirm\` must return true or false, not a value of type ${typeof answer}`,
      );
    }
    const abort = new AbortController();
    const never = () => {
      setTimeout(() => abort.abort(), 10);
      return new Promise(() => {});
    };
    const { kat } = openKat(project, { signal: abort.signal });
    expect(await failureOf(ask(kat, never as never))).toMatchObject({ code: 'CANCELLED' });
    expect(await project.applied()).toEqual(idsUpTo(2));
    expect(await openKat(project).kat.heads()).toMatchObject([{ id: '2_t2', parents: ['1_t1'] }]);
  });
});

test.each(majors().filter((major) => major >= 14))(
  'PostgreSQL %i: no session ends for being idle while somebody thinks about what a plain `down` destroys',
  async (major) => {
    const project = await projectOn(major, {
      migrations: { '1_t': { up: 'CREATE TABLE t (x int);', down: 'DROP TABLE t;' } },
    });
    await openKat(project).kat.up();
    await project.database.query(
      `INSERT INTO t VALUES (1); ALTER DATABASE ${project.database.name} SET idle_session_timeout = '3s'`,
    );
    const confirm = async () => {
      await new Promise((resolve) => setTimeout(resolve, 5_000));
      return true;
    };
    await openKat(project).kat.down({ confirm });
    expect(await project.applied()).toEqual([]);
  },
);
