/** `kat merge`: an empty migration joins heads of the graph, on request only. */
import { describe, expect, test } from 'vitest';
import { commandMajors } from '../support/database.js';
import { documentOf } from '../support/document.js';
import { makeProject, projectOn } from '../support/kat-project.js';

const migrations = {
  '1_users': 'CREATE TABLE users ();',
  '2_posts': { up: 'CREATE TABLE posts ();', down: 'DROP TABLE posts;', parents: [1] },
  '3_tags': { up: 'CREATE TABLE tags ();', down: 'DROP TABLE tags;', parents: [1] },
};

/** Nothing listens there: `kat merge` needs no database. */
const config = 'database:\n  host: 127.0.0.1\n  port: 1\n';

test('joins all heads, and there is nothing to join afterwards', async () => {
  const project = makeProject({ config, migrations });
  const document = documentOf(await project.kat('merge --json'));
  expect(document).toMatchObject({
    heads: ['2_posts', '3_tags'],
    parents: ['2_posts', '3_tags'],
    id: expect.stringMatching(/^\d+_merge_posts_and_tags$/),
  });
  expect(project.ids()).toHaveLength(4);
  expect(project.read(`migrations/${document.id}/up.sql`)).toContain('Empty on purpose');
  expect(project.read(`migrations/${document.id}/down.sql`)).toContain('Empty on purpose');
  expect(documentOf(await project.kat('merge --json'))).toEqual({
    command: 'merge',
    ok: true,
    heads: [document.id],
  });
  expect(await project.kat('merge')).toMatchObject({
    code: 0,
    stdout: `Nothing to join: ${document.id} is the only head\n`,
  });
});

test('joins the heads that are named, under the name that is given', async () => {
  const project = makeProject({
    config,
    migrations: { ...migrations, '4_files': { up: 'SELECT 1;', parents: [1] } },
  });
  const run = await project.kat(['merge', '2_posts', 'files', '--name', 'Join content']);
  expect(run.stdout).toMatch(
    /^Joined 2 heads\n {2}2_posts\n {2}4_files\nin migrations\/\d+_join_content\/metadata.yaml\n$/,
  );
  expect(documentOf(await project.kat('merge --json')).heads).toEqual([
    '3_tags',
    expect.stringMatching(/_join_content$/),
  ]);
});

test('many heads, or long names, are counted instead', async () => {
  const names = Array.from({ length: 9 }, (_, index) => `${index + 1}_a_rather_long_name_${index}`);
  const project = makeProject({
    config,
    migrations: Object.fromEntries(names.map((id) => [id, 'SELECT 1;'])),
  });
  expect(documentOf(await project.kat('merge --json')).id).toMatch(/^\d+_merge_9_heads$/);
});

test('what is no head, or alone, is refused', async () => {
  const project = makeProject({ config, migrations });
  const before = project.snapshot();
  const inner = await project.kat('merge 1_users 2_posts');
  expect(inner.code).toBe(2);
  expect(inner.stderr).toContain('1_users is not a head');
  expect(inner.stderr).toContain('Name heads: 2_posts and 3_tags');
  expect((await project.kat('merge 2_posts')).stderr).toContain('a merge needs at least two heads');
  expect(project.snapshot()).toEqual(before);
  expect((await makeProject({ config, files: { 'migrations/.keep': '' } }).kat('merge')).stdout).toBe(
    'Nothing to join: there are no migrations\n',
  );
});

describe.each(commandMajors())('PostgreSQL %i', (major) => {
  test('goes up and down without a word about its emptiness', async () => {
    const project = await projectOn(major, { migrations });
    await project.kat('merge');
    const up = await project.kat('up');
    expect(up).toMatchObject({ code: 0, stderr: '' });
    expect(await project.applied()).toHaveLength(4);
    const down = await project.kat('down');
    expect(down).toMatchObject({ code: 0, stderr: '' });
    expect(await project.applied()).toHaveLength(3);
    project.write('migrations/3_tags/down.sql', '-- nothing');
    expect((await project.kat('down')).stderr).toContain('down.sql of 3_tags has no statements');
  });
});

test('the same on the embedded database', async () => {
  const project = makeProject({ migrations });
  await project.kat('init --driver pglite');
  await project.kat('merge');
  expect(documentOf(await project.kat('up --json'))).toMatchObject({ migrations: [{}, {}, {}, {}] });
}, 120_000);
