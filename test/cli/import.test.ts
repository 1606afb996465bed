/** `kat import`, as a user of another tool runs it. */

import { cpSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import { commandMajors } from '../support/database.js';
import { documentOf } from '../support/document.js';
import { makeProject, type Project, projectOn } from '../support/kat-project.js';
import { emptyPglite } from '../support/pglite.js';

const fixtures = resolve(import.meta.dirname, '../support/import');

/** Puts what a tool left behind into the project's folder `old`. */
function bring(project: Project, tool: string): string {
  cpSync(join(fixtures, tool, 'migrations'), join(project.folder, 'old'), { recursive: true });
  return readFileSync(join(fixtures, tool, 'database.sql'), 'utf8');
}

describe.each(commandMajors())('PostgreSQL %i', (major) => {
  test('shows what it would do, does it, and has nothing to do the second time', async () => {
    const project = await projectOn(major);
    await project.database.query(bring(project, 'prisma'));
    const lines = `  + 1704447000_create_users  20240105093000_create_users, no down.sql, applied 2026-11-22 21:39:17 UTC
  + 1704536130_create_posts  20240106101530_create_posts, no down.sql, applied 2026-11-22 21:39:17 UTC
  + 1704614400_index_posts   20240107080000_index_posts, no transaction, no down.sql, applied 2026-11-22 21:39:17 UTC
  + 1704697200_add_email     20240108070000_add_email, no down.sql
`;
    const stderr =
      'Warning: old/20240107080000_index_posts/migration.sql:2:1: 20240107080000_index_posts gets `no_transaction: true`: CREATE INDEX CONCURRENTLY cannot run inside a transaction block\n';
    const command = 'import --from prisma old --adopt';
    expect(await project.kat(`${command} --dry-run`)).toEqual({
      code: 0,
      stdout: `${lines}DRY RUN: Would import 4 migrations from prisma\nDRY RUN: Would record 3 migrations as applied\n`,
      stderr,
    });
    expect(project.ids()).toEqual([]);
    expect(await project.kat(command)).toEqual({
      code: 0,
      stdout: `${lines}Imported 4 migrations from prisma\nRecorded 3 migrations as applied\n`,
      stderr,
    });
    const { stdout } = await project.kat(command);
    expect(stdout).toContain('  = 1704447000_create_users  20240105093000_create_users, no down.sql\n');
    expect(stdout).toContain(
      'Nothing to import: the 4 migrations are in the migrations folder\nNothing to record\n',
    );
    expect((await project.kat('up')).stdout).toContain('1704697200_add_email (up)');
    expect(await project.applied()).toHaveLength(4);
  });
});

test('--json', async () => {
  const project = await projectOn(commandMajors().at(-1) as number);
  await project.database.query(bring(project, 'goose'));
  const document = documentOf(await project.kat('import --from goose old --adopt --json'));
  expect(document).toMatchObject({
    command: 'import',
    ok: true,
    from: 'goose',
    isDryRun: false,
    adopted: [
      { id: '1704447000_create_users', appliedAt: '2026-11-22T21:34:28.794262Z' },
      { id: '1704536130_create_posts' },
      { id: '1704614400_index_posts' },
    ],
    warnings: [],
  });
  expect(document.migrations).toContainEqual({
    id: '1704536130_create_posts',
    source: '20240106101530_create_posts.sql',
    parents: ['1704447000_create_users'],
    noTransaction: false,
    hasDown: true,
    isPresent: false,
  });
});

test('without --adopt no database is asked', async () => {
  const project = makeProject({ config: 'database:\n  url: postgres://nobody@127.0.0.1:1/none\n' });
  bring(project, 'flyway');
  const run = await project.kat('import --from flyway old --placeholder schema=app');
  expect(run.code).toBe(0);
  expect(run.stdout).toContain('Imported 5 migrations from flyway\n');
  expect(project.read('migrations/1000_create_users/up.sql')).toContain('CREATE TABLE app.users (');
  const { stdout } = await project.kat('import --from flyway old --placeholder schema=app --json');
  expect(JSON.parse(stdout)).not.toHaveProperty('adopted');
});

test.each([
  [['import', 'old'], '`kat import` requires --from'],
  [['import', 'old', '--from', 'flyway', '--placeholder', 'schema'], '--placeholder schema has no value'],
  [['import', 'nowhere', '--from', 'dbmate'], 'nowhere: it does not exist'],
])('%j is refused', async (args, message) => {
  const project = makeProject({ config: 'database:\n  url: postgres://nobody@127.0.0.1:1/none\n' });
  const { code, stdout, stderr } = await project.kat(args);
  expect(code).toBe(2);
  expect(stdout).toBe('');
  expect(stderr).toContain(message);
});

test('everything that is wrong is shown with its place', async () => {
  const project = makeProject({
    config: 'database:\n  url: postgres://nobody@127.0.0.1:1/none\n',
    files: { 'old/1_a.sql': '-- +goose Up\nSELECT 1;\nSELEC 2;\n', 'old/2_b.go': 'package migrations\n' },
  });
  expect(await project.kat('import --from goose old')).toEqual({
    code: 2,
    stdout: '',
    stderr: expect.stringMatching(
      /^Error: 2 problems prevent the import of .*\/old\n\n2_b\.go is written in Go.*\n {2}old\/2_b\.go:1:1\n.*\n\nSQL error: syntax error at or near "SELEC"\n {2}old\/1_a\.sql:3:1\n/,
    ),
  });
});

test('PGlite', async () => {
  const project = makeProject({ config: 'database:\n  driver: pglite\n  path: data\n' });
  const sql = bring(project, 'dbmate');
  const database = await emptyPglite({ dataDir: join(project.folder, 'data') });
  await database.exec(sql);
  await database.close();
  const run = await project.kat('import --from dbmate old --adopt');
  expect(run.stdout).toContain('Imported 4 migrations from dbmate\nRecorded 3 migrations as applied\n');
  expect((await project.kat('up')).stdout).toContain('1795383235_add_email (up)');
}, 60_000);
