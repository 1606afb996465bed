/** `--dry-run`, with and without a depth, by flag, environment and file. */
import { describe, expect, test } from 'vitest';
import { commandMajors } from '../support/database.js';
import { contentOf, projectOn } from '../support/kat-project.js';

const migrations = {
  '1_users': { up: 'CREATE TABLE users (id int);', down: 'DROP TABLE users;' },
  '2_index': {
    up: 'CREATE INDEX CONCURRENTLY users_id ON users (id);',
    down: 'DROP INDEX CONCURRENTLY users_id;',
    parents: [1],
    noTransaction: true,
  },
  '3_posts': { up: 'CREATE TABLE posts ();', down: 'DROP TABLE posts;', parents: [1] },
};

const durations = / - \d+\.\d{3}ms/g;

describe.concurrent.each(commandMajors())('PostgreSQL %i', (major) => {
  test('--dry-run=rollback executes what it can, and says what it cannot', async () => {
    const project = await projectOn(major, { migrations });
    const before = await contentOf(project.database);
    const { code, stdout, stderr } = await project.kat('up --dry-run=rollback');
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout.replace(durations, '')).toBe(
      [
        'DRY RUN: Migrations will not be applied, but executed in a transaction that is rolled back',
        '1_users [DRY RUN] Executed up migration and rolled it back',
        '2_index [DRY RUN] Not tried: it runs outside of a transaction',
        '3_posts [DRY RUN] Executed up migration and rolled it back',
        'DRY RUN: Executed 2 migrations and rolled them back',
        '',
        'Migration Summary',
        'Executed and rolled back:',
        '  ✓ 1_users (up)',
        '  ✓ 3_posts (up)',
        'Not tried:',
        '  • 2_index (up): it runs outside of a transaction',
        '',
        'The rollback does not undo sequence increments or effects outside of the database.',
        '',
        'Total: 2 migrations executed and rolled back, 1 not tried',
        '',
      ].join('\n'),
    );
    expect(await contentOf(project.database)).toEqual(before);
    const json = JSON.parse((await project.kat('up --dry-run=rollback --json')).stdout);
    expect(json).toMatchObject({
      command: 'up',
      isDryRun: true,
      migrations: [{ id: '1_users' }, { id: '3_posts' }],
      untried: [{ id: '2_index', direction: 'up', reason: 'no transaction' }],
    });
  });

  test('a failure is shown as that of a real run', async () => {
    const project = await projectOn(major, {
      migrations: {
        '1_users': 'CREATE TABLE users (id int);',
        '2_bad': { up: 'SELECT 1;\nSELECT nope FROM users;', parents: [1] },
      },
    });
    const run = await project.kat('up --dry-run=rollback');
    expect(run.code).toBe(1);
    expect(run.stderr).toContain(
      'Migration failed: 2_bad\nError details: ERROR: column "nope" does not exist (SQLSTATE 42703)\n  migrations/2_bad/up.sql:2:8\n',
    );
    expect(run.stderr).toContain('everything was rolled back.');
  });

  test('the environment and the file say how deep, too, and the flag goes before them', async () => {
    const project = await projectOn(major, { migrations });
    const firstLine = async (args: string, env = {}) =>
      (await project.kat(args, { env })).stdout.split('\n')[0];
    const look = 'DRY RUN: Migrations will not be applied';
    const rehearsal = `${look}, but executed in a transaction that is rolled back`;
    expect(await firstLine('up', { KAT_DRY_RUN: 'rollback' })).toBe(rehearsal);
    expect(await firstLine('up --dry-run', { KAT_DRY_RUN: 'rollback' })).toBe(look);
    expect(await firstLine('up --dry-run=true', { KAT_DRY_RUN: 'false' })).toBe(look);
    project.write('kat.conf.yaml', `${project.read('kat.conf.yaml')}migration:\n  dryRun: rollback\n`);
    expect(await firstLine('up')).toBe(rehearsal);
    expect(await firstLine('up', { KAT_DRY_RUN: '1' })).toBe(look);
    expect(await project.kat('up', { env: { KAT_DRY_RUN: 'deep' } })).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('KAT_DRY_RUN in the environment must be true, false or rollback'),
    });
    expect(await project.kat('up --dry-run=deep')).toMatchObject({ code: 2, stdout: '' });
    expect(await firstLine('up --dry-run=false')).not.toContain('DRY RUN');
    expect(await project.applied()).toEqual(['1_users', '2_index', '3_posts']);
  });

  test('what follows --dry-run is an operand or another flag', async () => {
    const project = await projectOn(major, { migrations });
    await project.migrate();
    const ids = async (args: string) => {
      const { stdout } = await project.kat(`--json ${args}`);
      return JSON.parse(stdout).migrations.map(({ id }: { id: string }) => id);
    };
    expect(await ids('down --dry-run 3_posts')).toEqual(['3_posts']);
    expect(await ids('down --dry-run 2_index 3_posts')).toEqual(['3_posts', '2_index']);
    expect(await ids('down --dry-run --count 2')).toEqual(['3_posts', '2_index']);
    expect(await ids('down --dry-run -- 2_index')).toEqual(['2_index']);
    expect(await ids('down --dry-run=rollback posts')).toEqual(['3_posts']);
    expect(await project.applied()).toHaveLength(3);
  });
});
