/** `kat up --to`: the named migrations and what they need, and nothing else. */
import { describe, expect, test } from 'vitest';
import { commandMajors } from '../support/database.js';
import { documentOf } from '../support/document.js';
import { makeProject, projectOn } from '../support/kat-project.js';
import { shop, stepsOf } from './shop.js';

const forms: readonly [args: string, steps: readonly string[]][] = [
  ['--to 0001', ['+1_users']],
  ['--to pro', ['+1_users', '+2_profiles']],
  ['--to authors-0', ['+1_users', '+2_profiles', '+3_posts', '+5_authors']],
  ['--to +2', ['+1_users', '+2_profiles']],
  ['--to +4 --count 1', ['+1_users']],
  ['--to heads', ['+1_users', '+2_profiles', '+3_posts', '+4_tags', '+5_authors']],
];

const refusals: readonly [reference: string, message: string, help: string][] = [
  ['p', '"p" matches 2 migrations: 2_profiles and 3_posts', 'Write the timestamp or the full id'],
  ['head', '"head" matches 2 migrations: 4_tags and 5_authors', 'Write the timestamp or the full id'],
  ['authors-1', '5_authors has 2 parents: 2_profiles and 3_posts', 'Name the intended migration.'],
  ['base', '"base" is the state without applied migrations, not a migration', 'kat down --to'],
  ['+9-1', '+9 is out of range: 5 migrations are pending', 'kat status'],
  ['-1', '-1 does not name one migration here', 'Use +N without other names, or name migrations.'],
];

describe.each(commandMajors())('PostgreSQL %i', (major) => {
  test('one target, then several', async () => {
    const project = await projectOn(major, { migrations: shop });
    expect(await stepsOf(project, 'up --to posts')).toEqual(['+1_users', '+3_posts']);
    expect(await stepsOf(project, 'up --to tags --to 2')).toEqual(['+2_profiles', '+4_tags']);
    expect(await project.applied()).toEqual(['1_users', '3_posts', '2_profiles', '4_tags']);
    expect(await stepsOf(project, 'up --to posts')).toEqual([]);
    expect((await project.kat('up --to posts')).stdout).toContain('No migration(s) to apply\n');
  });

  test('every form of reference, and what is refused before anything is touched', async () => {
    const project = await projectOn(major, { migrations: shop });
    for (const [args, steps] of forms) {
      expect(await stepsOf(project, `up ${args} --dry-run`), args).toEqual(steps);
    }
    for (const [reference, message, help] of refusals) {
      const document = documentOf(await project.kat(['up', '--to', reference, '--json']));
      const error = { code: 'USAGE', exitCode: 2, message, help: expect.stringContaining(help) };
      expect(document.error, reference).toMatchObject(error);
    }
    expect((await project.kat('up --to userz')).stderr).toBe(
      'Error: no migration matches "userz"\n\nDid you mean 1_users?\n',
    );
    expect(await project.database.query("SELECT FROM pg_tables WHERE tablename ~ '^migr'")).toEqual([]);
  });
});

test('the same on the embedded database', async () => {
  const project = makeProject({ migrations: shop });
  await project.kat('init --driver pglite');
  expect(await stepsOf(project, 'up --to posts')).toEqual(['+1_users', '+3_posts']);
  expect(await stepsOf(project, 'up --to +1')).toEqual(['+2_profiles']);
});
