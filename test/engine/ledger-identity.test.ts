/** Which table is the history: wherever the search path points now, no command takes an empty table for it. */

import { describe, expect, test } from 'vitest';
import type { Kat } from '../../src/index.js';
import { majors } from '../support/database.js';
import { type DatabaseProject, projectOn } from '../support/kat-project.js';
import { runAsPlainSql } from '../support/run-script.js';
import { column, failureOf, idsOf, openKat } from './library.js';

const migrations = {
  '1_orders': {
    up: 'CREATE TABLE IF NOT EXISTS public.orders (id int); INSERT INTO public.orders VALUES (1);',
    down: 'DROP TABLE public.orders;',
  },
};

const tables = `SELECT n.nspname || '.' || c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
  WHERE c.relname ~ '^migrations(_log)?$' ORDER BY 1`;

/** Every call that reads or writes the history. */
const calls: readonly [name: string, call: (kat: Kat) => Promise<unknown>][] = [
  ['up', (kat) => kat.up()],
  ['up --dry-run', (kat) => kat.up({ dryRun: true })],
  ['up --dry-run=rollback', (kat) => kat.up({ dryRun: 'rollback' })],
  ['down', (kat) => kat.down()],
  ['redo', (kat) => kat.redo()],
  ['sync', (kat) => kat.sync()],
  ['plan', (kat) => kat.plan()],
  ['plan --sql', (kat) => kat.planSql()],
  ['stamp', (kat) => kat.stamp({ of: ['heads'] })],
  ['repair', (kat) => kat.repair()],
  ['status', (kat) => kat.status()],
  ['history', (kat) => kat.history()],
  ['show', (kat) => kat.show('orders')],
  ['graph', (kat) => kat.describeGraph()],
  ['validate', (kat) => kat.validate()],
  ['lint --pending', (kat) => kat.lint({ pending: true })],
  ['unlock', (kat) => kat.findRunners()],
];

async function setPath({ database }: DatabaseProject, path: string): Promise<void> {
  await database.query(`ALTER DATABASE ${database.name} SET search_path = ${path}`);
}

async function rowsOf({ database }: DatabaseProject): Promise<unknown[]> {
  return column(database, 'SELECT count(*)::int FROM public.orders');
}

describe.concurrent.each(majors())('PostgreSQL %i', (major) => {
  test('a schema that comes before it on the search path hides nothing', async () => {
    const project = await projectOn(major, { migrations });
    await setPath(project, 'app, public');
    const { kat } = openKat(project);
    await kat.up();
    await project.database.query('CREATE SCHEMA app');
    expect((await kat.status()).counts).toMatchObject({ applied: 1, pending: 0 });
    expect((await kat.up()).migrations).toEqual([]);
    expect(await rowsOf(project)).toEqual([1]);
    expect(idsOf((await kat.down()).migrations)).toEqual(['1_orders']);
    expect(await column(project.database, tables)).toEqual(['public.migrations', 'public.migrations_log']);
  });

  test('a table of another program before it on the search path hides nothing', async () => {
    const project = await projectOn(major, { migrations });
    await openKat(project).kat.up();
    await project.database.query(
      'CREATE SCHEMA app; CREATE TABLE app.migrations (id serial, migration text, batch int)',
    );
    await setPath(project, 'app, public');
    const { kat } = openKat(project);
    expect((await kat.up()).migrations).toEqual([]);
    expect((await kat.status()).counts).toMatchObject({ applied: 1, pending: 0 });
  });

  test('everything refuses when the search path misses the table', async () => {
    const project = await projectOn(major, { migrations });
    await project.database.query('CREATE SCHEMA app');
    await setPath(project, 'app');
    await openKat(project).kat.up();
    await setPath(project, 'public');
    const { kat } = openKat(project);
    for (const [name, call] of calls) {
      expect(await failureOf(call(kat)), name).toMatchObject({
        code: 'LEDGER_MISMATCH',
        message:
          '"public"."migrations" does not exist, and the search path misses the tracking table "app"."migrations"',
        help: expect.stringContaining('`tablename: app.migrations`'),
      });
    }
    expect(await column(project.database, tables)).toEqual(['app.migrations', 'app.migrations_log']);
    expect(await rowsOf(project)).toEqual([1]);
    const { kat: named } = openKat(project, { tableName: 'app.migrations' });
    expect((await named.status()).counts).toMatchObject({ applied: 1, pending: 0 });
  });

  test('everything refuses when the log has a history and the table is gone', async () => {
    const project = await projectOn(major, { migrations });
    const { kat } = openKat(project);
    await kat.up();
    await project.database.query('ALTER TABLE migrations RENAME TO migrations_old');
    for (const [name, call] of calls) {
      const error = await failureOf(call(kat));
      expect(error.code, name).toBe('LEDGER_MISMATCH');
      expect(error.message, name).toContain('its log "public"."migrations_log" has 1 applied migration');
    }
    expect(await rowsOf(project)).toEqual([1]);
    await project.database.query('ALTER TABLE migrations_old RENAME TO migrations');
    await kat.down();
    await project.database.query('DROP TABLE migrations');
    expect(idsOf((await kat.up()).migrations)).toEqual(['1_orders']);
  });

  test('everything refuses when the search path leads to two of them', async () => {
    const project = await projectOn(major, { migrations });
    await project.database.query('CREATE SCHEMA app');
    for (const path of ['app', 'public']) {
      await setPath(project, path);
      await openKat(project, { tableName: `${path}.migrations` }).kat.up();
    }
    await setPath(project, 'app, public');
    const { kat } = openKat(project);
    for (const [name, call] of calls) {
      expect(await failureOf(call(kat)), name).toMatchObject({
        code: 'LEDGER_MISMATCH',
        message: 'the search path leads to 2 tracking tables: "app"."migrations" and "public"."migrations"',
      });
    }
    expect(await rowsOf(project)).toEqual([2]);
  });

  test('a new history is begun beside another one where the schema is written down', async () => {
    const project = await projectOn(major, { migrations });
    await project.database.query('CREATE SCHEMA tenant');
    await openKat(project).kat.up();
    await openKat(project, { tableName: 'tenant.migrations' }).kat.up();
    expect(await column(project.database, 'SELECT name FROM tenant.migrations')).toEqual(['1_orders']);
  });

  test('a schema that is misspelt is not to be created beside the history', async () => {
    const project = await projectOn(major, { migrations });
    await openKat(project).kat.up();
    const { kat } = openKat(project, { tableName: 'pubilc.migrations' });
    expect(await failureOf(kat.up())).toMatchObject({
      code: 'CONFIG_INVALID',
      help: expect.stringContaining('`tablename: public.migrations`'),
    });
  });

  test('somebody’s temporary table of that name is none', async () => {
    const project = await projectOn(major, { migrations });
    await openKat(project).kat.up();
    const table = 'CREATE TEMP TABLE migrations (LIKE public.migrations)';
    project.addMigration('2_temporary', { up: `${table}; SELECT 1;`, parents: [1] });
    const { kat } = openKat(project);
    await kat.up();
    expect(await project.applied()).toEqual(['1_orders', '2_temporary']);
  });

  test('a script looks for other tables, too', async () => {
    const project = await projectOn(major, { migrations });
    await project.database.query('CREATE SCHEMA app');
    const { sql } = await openKat(project).kat.planSql({ applied: [], client: 'any' });
    await setPath(project, 'app');
    await openKat(project).kat.up();
    await setPath(project, 'public');
    const run = await runAsPlainSql(project.database, sql);
    expect(run.errors).toContain(
      'kat: this script was made for the tracking table "public"."migrations", but another one exists It is in the schema app',
    );
    expect(await rowsOf(project)).toEqual([1]);
  });

  test('a script goes by the table that it was made for, wherever the search path begins', async () => {
    const project = await projectOn(major, { migrations });
    await openKat(project).kat.up();
    project.addMigration('2_more', { up: 'INSERT INTO public.orders VALUES (2);', parents: [1] });
    await project.database.query('CREATE SCHEMA app');
    await setPath(project, 'app, public');
    const { sql } = await openKat(project).kat.planSql({ client: 'any' });
    expect(await runAsPlainSql(project.database, sql)).toEqual({ isDone: true, errors: '' });
    expect(await column(project.database, 'SELECT name FROM public.migrations ORDER BY id')).toEqual([
      '1_orders',
      '2_more',
    ]);
    expect(await column(project.database, tables)).toEqual(['public.migrations', 'public.migrations_log']);
  });
});

describe.each(majors())('a tablename that was changed on PostgreSQL %i', (major) => {
  const up = 'CREATE TABLE IF NOT EXISTS t (x int); INSERT INTO t VALUES (1);';

  test('begins no second history beside the first, and says which table has it', async () => {
    const project = await projectOn(major, { migrations: { '1_t': up } });
    await openKat(project).kat.up();
    const { kat } = openKat(project, { tableName: 'kat_migrations' });
    const refused = {
      code: 'LEDGER_MISMATCH',
      message:
        '"public"."kat_migrations" does not exist, and "public"."migrations" has migrations of this folder as applied: 1_t',
      help: expect.stringContaining('Write `tablename: migrations`'),
    };
    const calls = [
      () => kat.up(),
      () => kat.up({ dryRun: true }),
      () => kat.up({ allowMissing: true }),
      () => kat.sync(),
      () => kat.plan(),
      () => kat.status(),
    ];
    for (const call of calls) expect(await failureOf(call())).toMatchObject(refused);
    project.write('migrations/1_t/up.sql', `-- a comment\n${up}`);
    expect(await failureOf(kat.up())).toMatchObject(refused);
    expect(await column(project.database, 'SELECT count(*)::int FROM t')).toEqual([1]);
  });

  test.each([undefined, 'kat_migrations'])(
    'begins none beside a history in another schema either, when it names no schema: %s',
    async (tableName) => {
      const project = await projectOn(major, { migrations: { '1_t': up } });
      await project.database.query('CREATE SCHEMA app');
      await openKat(project, { tableName: 'app.history' }).kat.up();
      const { kat } = openKat(project, tableName === undefined ? {} : { tableName });
      for (const call of [() => kat.up(), () => kat.status()])
        expect(await failureOf(call())).toMatchObject({
          code: 'LEDGER_MISMATCH',
          help: expect.stringContaining('Write `tablename: app.history`'),
        });
      const tenant = openKat(project, { tableName: 'public.history' }).kat;
      expect((await tenant.status()).counts).toMatchObject({ applied: 0, pending: 1 });
    },
  );

  test("another project's table of the same ids, and one that may not be read, are none of its", async () => {
    const project = await projectOn(major, { migrations: { '1_t': up } });
    await openKat(project).kat.up();
    project.write('migrations/1_t/up.sql', 'CREATE TABLE other (x int);');
    const { kat } = openKat(project, { tableName: 'others' });
    expect(idsOf((await kat.up()).migrations)).toEqual(['1_t']);
    await project.database.query('CREATE SCHEMA tenant');
    project.write('migrations/1_t/up.sql', 'CREATE TABLE tenant.other (x int);');
    const tenant = openKat(project, { tableName: 'tenant.migrations' }).kat;
    expect(idsOf((await tenant.up()).migrations)).toEqual(['1_t']);
  });
});
