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
  const { stdout } = await project.kat('merge');
  expect(stdout).toMatch(/^in migrations\/\d+_merge_9_heads\/metadata.yaml$/m);
  const two = makeProject({
    config,
    migrations: { '1_a_name_of_15': 'SELECT 1;', '2_a_name_of_15_': 'SELECT 1;' },
  });
  for (const line of (await two.kat('merge')).stdout.split('\n')) expect(line.length).toBeLessThanOrEqual(80);
});

test('what is no head, or alone, is refused', async () => {
  const project = makeProject({ config, migrations });
  const before = project.snapshot();
  const inner = await project.kat('merge 1_users 2_posts');
  expect(inner.code).toBe(2);
  expect(inner.stderr).toContain('1_users is not a head');
  expect(inner.stderr).toContain('Name heads: 2_posts and 3_tags');
  expect((await project.kat('merge 2_posts')).stderr).toContain('a merge needs at least two heads');
  const single = makeProject({ config, migrations: { '1_users': 'SELECT 1;' } });
  expect((await single.kat('merge users')).stdout).toBe('Nothing to join: 1_users is the only head\n');
  expect(project.snapshot()).toEqual(before);
  expect((await makeProject({ config, files: { 'migrations/.keep': '' } }).kat('merge')).stdout).toBe(
    'Nothing to join: there are no migrations\n',
  );
});

describe('heads that conflict', () => {
  const conflicting = {
    '1_users': 'CREATE TABLE users (id int, role text, age int);',
    '2_drop_role': { up: 'ALTER TABLE users DROP COLUMN role;', parents: [1] },
    '3_index_role': { up: 'CREATE INDEX by_role ON users (role);', parents: [1] },
  };
  const tables = {
    '1_users': 'CREATE TABLE users ();',
    '2_tags': { up: 'CREATE TABLE tags (a int);', parents: [1] },
    '3_labels': { up: 'CREATE TABLE tags (b int);', parents: [1] },
  };

  test('nothing is written, each conflict names what to do, and doing it helps', async () => {
    const project = makeProject({ config, migrations: conflicting });
    const before = project.snapshot();
    const refused = await project.kat('merge');
    expect(refused).toMatchObject({ code: 3, stdout: '' });
    expect(refused.stderr).toBe(`Error: the heads were not joined: 1 conflict between them

dropped-while-used: unordered relative to 3_index_role: drops column users.role, which 3_index_role references
  migrations/2_drop_role/up.sql:1:1
    1 | ALTER TABLE users DROP COLUMN role;
      | ^
  Add 3_index_role to the parents of 2_drop_role.

Follow the advice below each conflict (\`kat deps --fix\` adds all these parents), and run \`kat merge\` again. \`kat merge --force\` joins the heads anyway: databases can then end with different schemas.
`);
    expect(project.snapshot()).toEqual(before);
    expect(documentOf(await project.kat('merge --json'))).toMatchObject({
      error: {
        code: 'HEADS_CONFLICT',
        problems: [{ title: 'dropped-while-used', migration: '2_drop_role' }],
      },
    });
    expect((await project.kat('deps --fix')).code).toBe(0);
    expect((await project.kat('merge')).stdout).toBe('Nothing to join: 2_drop_role is the only head\n');
  });

  test('two tables of one name fail in both orders, so no parent is proposed', async () => {
    const project = makeProject({ config, migrations: tables });
    const { stderr } = await project.kat('merge');
    expect(stderr).toContain(
      'same-name: unordered relative to 2_tags: creates table tags, which 2_tags creates\n',
    );
    expect(stderr).toContain(
      '  Whichever runs second fails, so no parent helps: rename, change or delete one of the two statements.\n',
    );
  });

  test('kat add says so, and joins them', async () => {
    const project = makeProject({ config, migrations: conflicting });
    const added = await project.kat('add next');
    expect(added.code).toBe(0);
    expect(added.stderr).toMatch(
      /^The heads that it joins conflict:\nmigrations\/2_drop_role\/up\.sql:1:1: error\[dropped-while-used\]: /,
    );
    const one = makeProject({ config, migrations: conflicting });
    expect(documentOf(await one.kat('add next --json'))).toMatchObject({
      findings: [{ code: 'dropped-while-used', severity: 'error', migration: '2_drop_role' }],
    });
    for (const command of ['add later', 'add other --parent 2']) {
      expect(await project.kat(command)).toMatchObject({ code: 0, stderr: '' });
    }
  });

  test('an accepted conflict does not count, and --force joins in spite of it', async () => {
    const project = makeProject({ config, migrations: tables });
    const forced = await project.kat('merge --force --name forced');
    expect(forced).toMatchObject({ code: 0, stdout: expect.stringMatching(/^Joined 2 heads\n/) });
    expect(forced.stderr).toContain('migrations/3_labels/up.sql:1:14: error[same-name]: ');
    const accepting = makeProject({ config, migrations: tables });
    accepting.write('migrations/3_labels/up.sql', '-- kat:ignore same-name\nCREATE TABLE tags (b int);');
    expect(await accepting.kat('merge')).toMatchObject({ code: 0, stderr: '' });
  });

  test('a warning is shown, and the heads are joined', async () => {
    const project = makeProject({
      config,
      migrations: {
        '1_users': 'CREATE TABLE users (id bigint PRIMARY KEY, age int);',
        '2_default': { up: 'ALTER TABLE users ALTER age SET DEFAULT 1;', parents: [1] },
        '3_insert': { up: 'INSERT INTO users (id) VALUES (1);', parents: [1] },
      },
    });
    const run = await project.kat('merge');
    expect(run).toMatchObject({ code: 0, stdout: expect.stringMatching(/^Joined 2 heads\n/) });
    expect(run.stderr).toMatch(/^migrations\/3_insert\/up\.sql:1:13: warning\[rows-meet-rules\]: /);
    const { findings } = documentOf(
      await makeProject({ config, migrations: tables }).kat('merge --force --json'),
    );
    expect(findings).toMatchObject([{ code: 'same-name', severity: 'error', migration: '3_labels' }]);
  });

  test('only what this merge joins is compared: not other heads, nor what was joined before', async () => {
    const project = makeProject({
      config,
      migrations: {
        ...tables,
        '4_joined': { up: '-- joins', parents: [2, 3] },
        '5_posts': { up: 'CREATE TABLE posts ();', parents: [1] },
        '6_posts': { up: 'CREATE TABLE posts ();', parents: [1] },
      },
    });
    expect(await project.kat('merge 4_joined 5_posts --name first')).toMatchObject({ code: 0, stderr: '' });
    expect(documentOf(await project.kat('merge --json')).error).toMatchObject({
      problems: [{ title: 'same-name', migration: '6_posts' }],
    });
  });

  test('SQLite: says that nothing was compared', async () => {
    const project = makeProject({
      config: 'database:\n  driver: sqlite\n  path: app.db\n',
      migrations: tables,
    });
    expect(await project.kat('merge')).toMatchObject({
      code: 0,
      stderr: 'Kat cannot compare the SQL of heads on SQLite: read both before you apply them\n',
    });
  });
});

test('needs no database where only environments name one', async () => {
  const project = makeProject({
    config: 'environments:\n  production:\n    database:\n      url: postgres://nobody@127.0.0.1:1/none\n',
    migrations,
  });
  expect(await project.kat('merge')).toMatchObject({ code: 0, stderr: '' });
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
