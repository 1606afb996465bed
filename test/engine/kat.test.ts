/** The facade: every call of the library, what it answers, and what it tells on the way. */

import { existsSync } from 'node:fs';
import { join, relative } from 'node:path';
import { describe, expect, test } from 'vitest';
import { loadKat } from '../../src/index.js';
import { appliedTables, idsUpTo, tableMigrations } from '../reliability/scene.js';
import { commandMajors } from '../support/database.js';
import { contentOf, makeProject, projectOn } from '../support/kat-project.js';
import { column, eventsOf, failureOf, idsOf, openKat, told } from './library.js';

describe.each(commandMajors())('PostgreSQL %i', (major) => {
  test('up applies in order, and tells each step as it happens', async () => {
    const project = await projectOn(major, { migrations: tableMigrations(2) });
    const { kat, events } = openKat(project);
    const durationMs = expect.any(Number);
    expect(await kat.up()).toEqual({
      isDryRun: false,
      migrations: [
        { id: '1_t1', direction: 'up', durationMs },
        { id: '2_t2', direction: 'up', durationMs },
      ],
    });
    expect(told(events)).toEqual([
      ...['connecting', 'connected', 'planned'],
      ...['started 1_t1', 'succeeded 1_t1', 'started 2_t2', 'succeeded 2_t2'],
    ]);
    expect(eventsOf(events, 'connected')[0]?.server.versionNumber).toBeGreaterThanOrEqual(major * 10_000);
    expect(await appliedTables(project)).toEqual(idsUpTo(2));
  });

  test('a second up has nothing to do, and plans nothing', async () => {
    const project = await projectOn(major, { migrations: tableMigrations(2) });
    const { kat, events } = openKat(project);
    await kat.up();
    events.length = 0;
    expect(await kat.up()).toEqual({ isDryRun: false, migrations: [] });
    expect(told(events)).toEqual(['connecting', 'connected']);
  });

  test('up goes so far as it is told, and goes on from there', async () => {
    const project = await projectOn(major, { migrations: tableMigrations(3) });
    const { kat } = openKat(project);
    expect(idsOf((await kat.up({ count: 2 })).migrations)).toEqual(['1_t1', '2_t2']);
    expect(await appliedTables(project)).toEqual(idsUpTo(2));
    expect(idsOf((await kat.up({ count: 5 })).migrations)).toEqual(['3_t3']);
  });

  test('down takes back one, or so many, the last one first', async () => {
    const project = await projectOn(major, { migrations: tableMigrations(4) });
    const { kat, events } = openKat(project);
    await kat.up();
    expect(idsOf((await kat.down()).migrations)).toEqual(['4_t4']);
    expect(await appliedTables(project)).toEqual(idsUpTo(3));
    events.length = 0;
    await kat.down({ count: 2 });
    expect(told(events).slice(3)).toEqual([
      ...['started 3_t3', 'succeeded 3_t3', 'started 2_t2', 'succeeded 2_t2'],
    ]);
    expect(await appliedTables(project)).toEqual(idsUpTo(1));
    await kat.down();
    expect(await kat.down()).toEqual({ isDryRun: false, migrations: [] });
  });

  test('a dry run says what would run, and touches nothing', async () => {
    const project = await projectOn(major, { migrations: tableMigrations(2) });
    const { kat, events } = openKat(project);
    const before = await contentOf(project.database);
    const result = await kat.up({ dryRun: true });
    expect(result).toEqual({
      isDryRun: true,
      migrations: [
        { id: '1_t1', direction: 'up' },
        { id: '2_t2', direction: 'up' },
      ],
    });
    expect(told(events).slice(2)).toEqual(['planned', 'validated 1_t1', 'validated 2_t2']);
    expect(await contentOf(project.database)).toEqual(before);
    expect(
      await column(project.database, "SELECT relname FROM pg_class WHERE relname ~ '^migrations'"),
    ).toEqual([]);
    await kat.up();
    expect(idsOf((await kat.down({ dryRun: true, count: 2 })).migrations)).toEqual(['2_t2', '1_t1']);
    expect(await appliedTables(project)).toEqual(idsUpTo(2));
  });

  test('status tells applied, pending, rolled back and missing apart, and changes nothing', async () => {
    const project = await projectOn(major, { migrations: tableMigrations(3) });
    const { kat } = openKat(project);
    const early = await kat.status();
    expect(early.counts).toEqual({
      applied: 0,
      pending: 3,
      missing: 0,
      changed: 0,
      unordered: 0,
      halfDone: 0,
      running: 0,
    });
    expect(
      await column(project.database, "SELECT relname FROM pg_class WHERE relname ~ '^migrations'"),
    ).toEqual([]);
    await kat.up({ count: 2 });
    await kat.down();
    await project.database.query("INSERT INTO migrations (name, duration) VALUES ('9_gone', 12)");
    const { migrations, counts } = await kat.status();
    expect(counts).toEqual({
      applied: 1,
      pending: 2,
      missing: 1,
      changed: 0,
      unordered: 0,
      halfDone: 0,
      running: 0,
    });
    const instant = expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$/);
    expect(migrations).toEqual([
      { id: '1_t1', state: 'applied', parents: [], appliedAt: instant, durationMs: expect.any(Number) },
      { id: '9_gone', state: 'missing', parents: [], appliedAt: instant, durationMs: 12 },
      { id: '2_t2', state: 'rolled back', parents: ['1_t1'], rolledBackAt: instant, waitsFor: [] },
      { id: '3_t3', state: 'pending', parents: ['2_t2'], waitsFor: ['2_t2'] },
    ]);
  });

  test('ping answers with the server, and with the reason when it cannot be reached', async () => {
    const project = await projectOn(major);
    const { kat, events } = openKat(project);
    expect((await kat.ping()).version).toMatch(new RegExp(`^${major}\\.`));
    expect(told(events)).toEqual(['connecting', 'connected']);
    const { kat: stranger } = openKat(project, {
      database: project.database.url.replace(':postgres@', ':hunter2Zq8@'),
    });
    const error = await failureOf(stranger.ping({ retries: 0 }));
    expect(error).toMatchObject({ code: 'CONNECTION_FAILED', sqlstate: '28P01' });
    expect(JSON.stringify({ ...error, message: error.message })).not.toContain('hunter2Zq8');
  });

  test('a logger gets the same in words', async () => {
    const project = await projectOn(major, {
      migrations: {
        '1_t1': "CREATE TABLE t1 ();\nDO $$ BEGIN RAISE WARNING 'careful'; END $$;",
        '2_t2': { up: 'SELECT 1/0;', parents: [1] },
      },
    });
    const lines: string[] = [];
    const write = (level: string) => (message: string) => void lines.push(`${level} ${message}`);
    const logger = { debug: write('debug'), info: write('info'), warn: write('warn'), error: write('error') };
    const { kat } = openKat(project, { logger });
    await failureOf(kat.up());
    expect(lines).toEqual([
      expect.stringMatching(/^debug connecting to /),
      expect.stringMatching(/^debug connected to .*, server \d+/),
      'debug 2 steps to take',
      'debug 1_t1 (up) begins',
      'warn 1_t1: WARNING: careful',
      expect.stringMatching(/^info 1_t1 \(up\) done in \d+\.\d{3} ms$/),
      'debug 2_t2 (up) begins',
      'error 2_t2 (up) failed: ERROR: division by zero (SQLSTATE 22012)',
    ]);
  });

  test('no session is left behind, neither after a success nor after a failure', async () => {
    const project = await projectOn(major, {
      migrations: { ...tableMigrations(1), '2_bad': { up: 'SELECT 1/0;', parents: [1] } },
    });
    const { kat } = openKat(project);
    await kat.up({ count: 1 });
    await failureOf(kat.up());
    await kat.status();
    await kat.ping();
    await kat.close();
    // A closed connection's backend lives on for a moment.
    const sessions = `SELECT count(*)::int FROM pg_stat_activity
      WHERE datname = current_database() AND application_name LIKE 'kat %'`;
    await expect.poll(() => column(project.database, sessions)).toEqual([0]);
  });

  test('loadKat does what the configuration says', async () => {
    const project = await projectOn(major, { migrations: tableMigrations(2) });
    project.write(
      'kat.conf.yaml',
      `database:\n  url: ${project.database.url}\nmigration:\n  tablename: ledger\n  directory: migrations\n`,
    );
    const events: string[] = [];
    const { kat, config } = await loadKat({
      cwd: project.folder,
      env: {},
      onEvent: (event) => events.push(event.type),
    });
    expect(config.migration.tableName).toBe('ledger');
    expect(idsOf((await kat.up()).migrations)).toEqual(idsUpTo(2));
    expect(events).toContain('planned');
    expect(await column(project.database, 'SELECT name FROM ledger ORDER BY id')).toEqual(idsUpTo(2));
    await kat.close();
  });
});

describe('PGlite in memory', () => {
  test('goes up and down, and lives until it is closed', async () => {
    const project = makeProject({ migrations: tableMigrations(3) });
    const { kat, events } = openKat(project);
    expect(idsOf((await kat.up()).migrations)).toEqual(idsUpTo(3));
    expect(told(events).at(-1)).toBe('succeeded 3_t3');
    expect(idsOf((await kat.down({ count: 2 })).migrations)).toEqual(['3_t3', '2_t2']);
    expect((await kat.status()).counts).toEqual({
      applied: 1,
      pending: 2,
      missing: 0,
      changed: 0,
      unordered: 0,
      halfDone: 0,
      running: 0,
    });
    await kat.close();
  });

  test('a folder of it is free for the next one when it is closed', async () => {
    const project = makeProject({ migrations: tableMigrations(1) });
    const database = { driver: 'pglite', path: join(project.folder, 'data') } as const;
    for (const expected of [['1_t1'], []]) {
      const { kat } = openKat(project, { database });
      expect(idsOf((await kat.up()).migrations)).toEqual(expected);
      await kat.close();
    }
  });
});

describe('without a database', () => {
  const nowhere = 'postgres://nobody@127.0.0.1:1/none';

  test('add writes migrations that follow the heads, or what is named', async () => {
    const project = makeProject();
    const { kat } = openKat(project, { database: nowhere });
    const first = await kat.add('create users', { description: 'people' });
    expect(first.id).toMatch(/^\d{10,}_create_users$/);
    expect(first.parents).toEqual([]);
    const second = await kat.add('second', { noTransaction: true });
    expect(second.parents).toEqual([first.id]);
    const third = await kat.add('third', { parents: ['create_users'] });
    expect(third.parents).toEqual([first.id]);
    expect(new Set([first.id, second.id, third.id]).size).toBe(3);
    for (const { files } of [first, second, third]) {
      for (const file of Object.values(files)) expect(existsSync(file), file).toBe(true);
    }
    const graph = await kat.graph();
    expect(idsOf(graph.heads).sort()).toEqual([second.id, third.id].sort());
    expect(graph.get(first.id).description).toBe('people');
    expect(graph.get(second.id).noTransaction).toBe(true);
    expect(await failureOf(kat.add('fourth', { parents: ['nobody'] }))).toBeInstanceOf(Error);
    expect(project.ids()).toHaveLength(3);
  });

  test('exportDot draws each migration and each edge', async () => {
    const project = makeProject({ migrations: tableMigrations(2) });
    const dot = await openKat(project, { database: nowhere }).kat.exportDot();
    expect(dot).toMatch(/^strict digraph /);
    expect(dot).toMatch(/"1_t1" -> "2_t2"/);
  });

  test('a relative folder starts at the working directory', async () => {
    const project = makeProject({ migrations: tableMigrations(2) });
    const migrations = relative(process.cwd(), join(project.folder, 'migrations'));
    const { kat } = openKat(project, { database: nowhere, migrations });
    expect(idsOf((await kat.graph()).migrations)).toEqual(idsUpTo(2));
  });

  test('nothing is opened or read by createKat itself', async () => {
    const project = makeProject();
    const { kat, events } = openKat(project, { database: nowhere, migrations: 'does/not/exist' });
    expect(events).toEqual([]);
    expect(await failureOf(kat.graph())).toMatchObject({ code: 'FILES_INVALID' });
    expect(await failureOf(kat.up())).toMatchObject({ code: 'CONNECTION_FAILED' });
    await kat.close();
  });
});
