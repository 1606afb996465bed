/** `kat graph`: the drawing with states, its parts, reasons and document, on a real server and without a database. */
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { commandMajors } from '../support/database.js';
import { documentOf } from '../support/document.js';
import { commitAll, git } from '../support/git.js';
import { makeProject, projectOn } from '../support/kat-project.js';

const config = 'database:\n  url: postgres://nobody@127.0.0.1:1/none\n';

/** A graph with all that can be shown: 5_feed has a redundant parent, and 4_tags none. */
const migrations = {
  '1_users': 'CREATE TABLE users (id int PRIMARY KEY);',
  '2_posts': { up: 'CREATE TABLE posts (author int REFERENCES users);', parents: [1] },
  '3_email': { up: 'ALTER TABLE users ADD email text;', parents: [1] },
  '4_tags': 'CREATE TABLE tags ();',
  '5_feed': { up: 'CREATE VIEW feed AS SELECT email FROM users;', parents: [1, 2, 3] },
};

describe.each(commandMajors())('PostgreSQL %i', (major) => {
  test('states, what pending ones wait for, and what has no folder', async () => {
    const project = await projectOn(major, {
      migrations: { ...migrations, '6_gone': { up: 'SELECT 1;', parents: [1] } },
    });
    await project.kat('up --to 3_email --to 6_gone');
    rmSync(join(project.folder, 'migrations/6_gone'), { recursive: true });
    project.write('migrations/3_email/up.sql', 'ALTER TABLE users ADD email varchar;');
    const { code, stdout } = await project.kat('graph');
    expect({ code, stdout }).toEqual({
      code: 0,
      stdout: `●        1 users
├─○      2 posts  ready
├─│─~    3 email  changed
│ │ │ ○  4 tags   ready · head
├─○─╯    5 feed   waits for posts · head
✗        6 gone   head

6 migrations: 1 ● applied, 1 ~ changed, 1 ✗ missing, 3 ○ pending
`,
    });
    expect((await project.kat('graph --pending')).stdout).toBe(`○    2 posts  ready
│ ○  4 tags   ready · head
○    5 feed   waits for posts · head

3 of 6 migrations: 3 ○ pending
`);
    const { migrations: shown } = documentOf(await project.kat('graph --json')) as {
      migrations: { id: string }[];
    };
    expect(shown.find(({ id }) => id === '2_posts')).toMatchObject({
      ...{ parents: ['1_users'], shownParents: ['1_users'], isHead: false },
      status: { state: 'pending', waitsFor: [] },
    });
  });
});

test('a database that cannot be reached is a warning, and no state is claimed', async () => {
  const project = makeProject({ config, migrations });
  const { code, stdout, stderr } = await project.kat('graph');
  expect(code).toBe(0);
  expect(stderr).toContain('; showing the graph without states\n');
  expect(stdout).toContain('\n5 migrations, states unknown\n');
  expect(await project.kat('graph --offline')).toEqual({ code: 0, stdout, stderr: '' });
  expect((await project.kat('graph --pending')).code).toBe(2);
  expect((await project.kat('graph --pending --offline')).stderr).toContain('Remove `--offline`.');
});

test.each([
  ['--around 2_posts:1', '1_users 2_posts 5_feed'],
  ['--around 5_feed', '1_users 2_posts 3_email 5_feed'],
  ['--around 4_tags', '4_tags'],
  ['--from 3_email', '3_email 5_feed'],
  ['--to 3_email', '1_users 3_email'],
  ['--from 1_users --to 2_posts', '1_users 2_posts'],
  ['--touching users.email', '3_email'],
  ['--touching users', '1_users 3_email'],
  ['--touching users --from 3_email', '3_email'],
])('%s shows %s', async (flags, ids) => {
  const project = makeProject({ config, migrations });
  const document = documentOf(await project.kat(`graph --offline --json ${flags}`));
  const shown = (document as unknown as { migrations: { id: string }[] }).migrations.map(({ id }) => id);
  expect(shown.sort()).toEqual(ids.split(' ').sort());
});

test('what the branch adds, with its parents', async () => {
  const project = makeProject({ config, migrations });
  commitAll(project.folder);
  git(project.folder, 'branch', 'base');
  project.addMigration('6_more', { up: 'SELECT 1;', parents: [2] });
  const { stdout } = await project.kat('graph --offline --git-base base');
  expect(stdout).toBe(
    '•  2 posts\n•  6 more   added by this branch · head\n\n2 of 6 migrations, states unknown\n',
  );
});

test('reasons with their lines, and redundant parents by name', async () => {
  const project = makeProject({ config, migrations });
  const { stdout } = await project.kat('graph --offline --reasons --reduce --to 5_feed');
  expect(stdout).toBe(`•    1 users
├─•  2 posts
│ │      migrations/2_posts/up.sql:1:43 references table users, which 1_users creates
• │  3 email
│ │      migrations/3_email/up.sql:1:13 references table users, which 1_users creates
•─╯  5 feed   redundant: users · head
         migrations/5_feed/up.sql:1:39 references relation users, and 1_users creates table users
         no need for posts was found in its SQL
         migrations/5_feed/up.sql:1:28 references column users.email, which 3_email creates

4 of 5 migrations, states unknown
`);
});

test('chains are folded, and unfolded with --all; ASCII where the terminal reads nothing else', async () => {
  const names = Array.from({ length: 40 }, (_, index) => index + 1);
  const chain = names.map((number) => [
    number === 20 ? '20_a_name_that_is_folded_away' : `${number}_m`,
    { up: 'SELECT 1;', parents: number === 1 ? [] : [number - 1] },
  ]);
  const project = makeProject({ config, migrations: Object.fromEntries(chain) });
  const { stdout } = await project.kat('graph --offline');
  expect(stdout).toBe(
    [
      '•  1 m',
      '•  2 m',
      '⋮  36 more',
      '•  39 m',
      '•  40 m  head',
      '',
      '40 migrations, states unknown',
      '',
    ].join('\n'),
  );
  expect((await project.kat('graph --offline --all')).stdout.split('\n')).toHaveLength(43);
  const ascii = await project.kat('graph --offline --ascii');
  expect(ascii.stdout).toContain('@  2 m\n:  36 more\n');
  expect(await project.kat('graph --offline', { env: { LC_ALL: 'C' } })).toEqual(ascii);
});

test('wide characters take two columns', async () => {
  const project = makeProject({ config, migrations: { '1_漢字': 'SELECT 1;', '2_abcd': 'SELECT 1;' } });
  const { stdout } = await project.kat('graph --offline');
  expect(stdout.split('\n').slice(0, 2)).toEqual(['•    1 漢字  head', '  •  2 abcd  head']);
});

test('in a narrow terminal, names are shortened so that notes stay', async () => {
  const long = 'a_name_that_takes_more_than_half_of_a_line';
  const project = makeProject({
    config,
    migrations: { '1_users': 'SELECT 1;', [`2_${long}`]: { up: 'SELECT 2;', parents: [1] } },
  });
  const draw = async (columns: number, flags = '') => {
    const nodeArguments = ['--import', `data:text/javascript,process.stdout.columns = ${columns};`];
    const { stdout } = await project.kat(`graph --offline${flags}`, { nodeArguments });
    for (const line of stdout.split('\n')) expect(line.length).toBeLessThanOrEqual(columns);
    return stdout.split('\n')[1];
  };
  expect(await draw(60)).toBe(`•  2 ${long}  head`);
  expect(await draw(40)).toBe('•  2 a_name_that_takes_more_than_…  head');
  expect(await draw(40, ' --ascii')).toBe('@  2 a_name_that_takes_more_tha...  head');
});
