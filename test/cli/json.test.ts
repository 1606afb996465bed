/** `--json`: every command, whatever becomes of it, prints one document of the published shape and nothing else. */
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { commandMajors } from '../support/database.js';
import { documentOf, isDocument } from '../support/document.js';
import { eventually } from '../support/eventually.js';
import { makeProject, projectOn } from '../support/kat-project.js';

const asleep = "SELECT FROM pg_stat_activity WHERE datname = current_database() AND wait_event = 'PgSleep'";

test('the schema refuses what no command prints', () => {
  for (const wrong of [
    {},
    { command: 'up', ok: true },
    { command: 'version', ok: true, version: '1', extra: 1 },
    { ok: false },
  ]) {
    expect(isDocument(wrong)).toBe(false);
  }
});

test('init, add, export, version', async () => {
  const project = makeProject();
  expect(documentOf(await project.kat('init --json'))).toEqual({
    command: 'init',
    ok: true,
    config: join(project.folder, 'kat.conf.yaml'),
    migrations: join(project.folder, 'migrations'),
  });
  const added = documentOf(await project.kat('add create_users --json -v'));
  expect(added).toMatchObject({ command: 'add', parents: [] });
  const [id] = project.ids();
  expect(documentOf(await project.kat('export --json'))).toMatchObject({
    command: 'export',
    format: 'dot',
    dot: expect.stringContaining(`"${id}" [label="create_users"]`),
  });
  expect(documentOf(await project.kat('export --json -f graph.dot'))).toMatchObject({
    file: join(project.folder, 'graph.dot'),
  });
  expect(documentOf(await project.kat('version --json'))).toMatchObject({ command: 'version' });
});

test.each(['--help', '-h', 'help', 'up --help', 'help up', 'lint -h'])('%s', async (args) => {
  const document = documentOf(await makeProject().kat(`${args} --json`));
  const topic = /up|lint/.exec(args)?.[0];
  expect(document).toMatchObject({
    command: 'help',
    text: expect.stringContaining(`Usage: kat ${topic ?? '<'}`),
  });
  expect(document.topic).toBe(topic);
});

test('--version', async () => {
  expect(documentOf(await makeProject().kat('--version --json'))).toMatchObject({ command: 'version' });
});

test('lint --trace of statements that lock, read, rewrite and fail', async () => {
  const project = makeProject({
    config: 'database:\n  driver: pglite\n',
    migrations: {
      '1_a': 'CREATE TABLE a (x int); CREATE TABLE b AS SELECT 1 AS y;',
      '2_b': {
        up: 'INSERT INTO a SELECT y FROM b; ALTER TABLE a ALTER x TYPE text; CREATE INDEX CONCURRENTLY i ON a (x); SELECT 1 / 0;',
        parents: [1],
      },
    },
  });
  const document = documentOf(await project.kat('lint --trace --json 2_b', { timeoutMs: 120_000 }));
  expect(document).toMatchObject({ command: 'lint', trace: { migrations: [{ id: '2_b' }] } });
});

test('failures that need no database', async () => {
  const project = makeProject({
    config: 'database:\n  host: 127.0.0.1\n  port: 1\n',
    migrations: { '1_a': { up: '', parents: [7] } },
  });
  for (const [args, code] of [
    ['', 'USAGE'],
    ['frobnicate', 'USAGE'],
    ['up --cuont', 'USAGE'],
    ['add', 'USAGE'],
    ['init', 'ALREADY_INITIALIZED'],
    ['up --config none.yaml', 'CONFIG_INVALID'],
    ['export', 'GRAPH_INVALID'],
    ['add x', 'GRAPH_INVALID'],
    ['ping -r 0', 'CONNECTION_FAILED'],
    ['up', 'CONNECTION_FAILED'],
    ['down', 'CONNECTION_FAILED'],
  ] as const) {
    const run = await project.kat([...args.split(' ').filter(Boolean), '--json']);
    expect({ args, exit: run.code }).toEqual({ args, exit: 2 });
    expect(documentOf(run)).toMatchObject({ ok: false, error: { code, exitCode: 2 } });
  }
  rmSync(join(project.folder, 'migrations'), { recursive: true });
  expect(documentOf(await project.kat('export --json')).error).toMatchObject({ code: 'FILES_INVALID' });
});

describe.each(commandMajors())('PostgreSQL %i', (major) => {
  test('ping, up, status and down', async () => {
    const project = await projectOn(major, {
      migrations: { '1_users': 'CREATE TABLE users ();', '2_posts': { up: 'SELECT 1;', parents: [1] } },
    });
    expect(documentOf(await project.kat('ping --json'))).toMatchObject({
      server: { version: expect.stringMatching(`^${major}\\.`) },
    });
    expect(documentOf(await project.kat('up --dry-run --json'))).toEqual({
      command: 'up',
      ok: true,
      direction: 'up',
      isDryRun: true,
      migrations: [
        { id: '1_users', direction: 'up' },
        { id: '2_posts', direction: 'up' },
      ],
    });
    expect(documentOf(await project.kat('up -n 1 --json --verbose'))).toMatchObject({
      command: 'up',
      isDryRun: false,
      migrations: [{ id: '1_users', direction: 'up', durationMs: expect.any(Number) }],
    });
    expect(documentOf(await project.kat('status --json'))).toMatchObject({
      command: 'status',
      migrations: [
        {
          id: '1_users',
          state: 'applied',
          appliedAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$/),
        },
        { id: '2_posts', state: 'pending', parents: ['1_users'], waitsFor: [] },
      ],
      counts: { applied: 1, pending: 1, missing: 0, changed: 0 },
    });
    rmSync(join(project.folder, 'migrations/1_users'), { recursive: true });
    project.addMigration('2_posts', 'SELECT 1;');
    const missing = await project.kat('up --json');
    expect(missing.code).toBe(3);
    expect(documentOf(missing).error).toMatchObject({ code: 'MIGRATIONS_MISSING', exitCode: 3 });
    expect(documentOf(await project.kat('status --json'))).toMatchObject({
      counts: { missing: 1, changed: 0 },
    });
    project.addMigration('1_users', { up: 'CREATE TABLE users ();', down: 'DROP TABLE users;' });
    expect(documentOf(await project.kat('down --json'))).toMatchObject({
      command: 'down',
      direction: 'down',
      migrations: [{ id: '1_users' }],
    });
    expect(documentOf(await project.kat('down --json'))).toMatchObject({ migrations: [] });
  });

  test('failures of migrations', async () => {
    const project = await projectOn(major, {
      migrations: {
        '1_fine': 'SELECT 1;',
        '2_bad': "DO $$ BEGIN RAISE EXCEPTION 'no' USING DETAIL = 'd', HINT = 'h'; END $$;",
      },
    });
    const failed = await project.kat('up --json');
    expect(failed.code).toBe(1);
    expect(documentOf(failed)).toMatchObject({
      ok: false,
      error: {
        code: 'MIGRATION_FAILED',
        exitCode: 1,
        migration: '2_bad',
        direction: 'up',
        server: { sqlstate: 'P0001', message: 'no', detail: 'd', hint: 'h' },
      },
      migrations: [{ id: '1_fine' }],
    });
    project.write('migrations/2_bad/up.sql', 'SELEC 1;');
    const invalid = await project.kat('up --json');
    expect(invalid.code).toBe(2);
    expect(documentOf(invalid).error).toMatchObject({
      code: 'SQL_INVALID',
      problems: [
        { migration: '2_bad', sqlstate: '42601', location: { line: 1, column: 1, sourceLine: 'SELEC 1;' } },
      ],
    });
    project.write('migrations/2_bad/up.sql', 'SELECT 1;');
    await project.database.query('ALTER TABLE migrations RENAME duration TO took');
    expect(documentOf(await project.kat('status --json')).error).toMatchObject({ code: 'LEDGER_MISMATCH' });
  });

  test('unlock, and a migration that is stopped by it', async () => {
    const project = await projectOn(major, { migrations: { '1_slow': 'SELECT pg_sleep(30);' } });
    expect(documentOf(await project.kat('unlock --json'))).toEqual({
      command: 'unlock',
      ok: true,
      holders: [],
      ended: [],
    });
    const { ended } = await project.start('up --json');
    await eventually('the server to sleep', async () => (await project.database.query(asleep)).length > 0);
    const unasked = await project.kat('unlock --json');
    expect(unasked.code).toBe(2);
    expect(documentOf(unasked).error).toMatchObject({
      code: 'USAGE',
      help: expect.stringContaining('--yes'),
    });
    const dry = await project.kat('unlock --yes --json', { env: { KAT_DRY_RUN: 'true' } });
    expect(documentOf(dry)).toMatchObject({
      holders: expect.arrayContaining([expect.objectContaining({ processId: expect.any(Number) })]),
      ended: [],
      isDryRun: true,
    });
    expect(await project.database.query(asleep)).toHaveLength(1);
    expect(documentOf(await project.kat('unlock --yes --json'))).toMatchObject({
      holders: expect.arrayContaining([expect.objectContaining({ processId: expect.any(Number) })]),
      ended: expect.arrayContaining([expect.any(Number)]),
    });
    const run = await ended;
    expect(run.code).not.toBe(0);
    expect(documentOf(run)).toMatchObject({ ok: false });
  });

  test('a migration that is stopped by Ctrl-C', async () => {
    const project = await projectOn(major, { migrations: { '1_slow': 'SELECT pg_sleep(30);' } });
    const { child, ended } = await project.start('up --json');
    await eventually('the server to sleep', async () => (await project.database.query(asleep)).length > 0);
    child.kill('SIGINT');
    const run = await ended;
    expect(run.code).toBe(130);
    expect(documentOf(run).error).toMatchObject({ code: 'CANCELLED', exitCode: 130 });
  });
});
