/** `kat add`: what it makes of a name, whom it makes the parents, and what it writes. */
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { makeProject, type Project } from '../support/kat-project.js';

const config = 'database:\n  name: nowhere\n';

interface Added {
  id: string;
  parents: string[];
}

async function add(project: Project, ...args: string[]): Promise<Added> {
  // A file's name is relative to the folder of a process.
  const isProcess = args.includes('--up') || undefined;
  const { stdout, stderr } = await project.kat(['add', ...args, '--json'], { isProcess });
  expect(stderr).toBe('');
  return JSON.parse(stdout);
}

function empty(): Project {
  return makeProject({ config, files: { 'migrations/.keep': '' } });
}

/**
 *   1_users ── 2_posts
 *          └── 3_profiles
 */
function forked(): Project {
  return makeProject({
    config,
    migrations: {
      '1_users': 'SELECT 1;',
      '2_posts': { up: 'SELECT 1;', parents: [1] },
      '3_profiles': { up: 'SELECT 1;', parents: [1] },
    },
  });
}

describe('the name', () => {
  test.each([
    ['create_users_table', 'create_users_table'],
    ['Create Users Table', 'create_users_table'],
    ['Add E-Mail, to "users"!', 'add_email_to_users'],
    ['../../etc/passwd', 'etcpasswd'],
    ['2fa; rm -rf /', '2fa_rm_rf_'],
    ['café', 'caf'],
  ])('%j becomes %s', async (name, sanitized) => {
    const project = empty();
    const { id } = await add(project, name);
    expect(id).toMatch(/^\d{10}_/);
    expect(id.slice(11)).toBe(sanitized);
    expect(project.ids()).toEqual(['.keep', id]);
  });

  test.each(['', '!!!', '   ', '日本', 'x'.repeat(300)])(
    '%j is refused, and nothing is written',
    async (name) => {
      const project = empty();
      const before = project.snapshot();
      const run = await project.kat(['add', name]);
      expect(run).toMatchObject({ code: 2, stdout: '' });
      expect(run.stderr).toMatch(/^Error: the name /);
      expect(project.snapshot()).toEqual(before);
    },
  );
});

describe('parents', () => {
  test('are all heads, so that the next migration after two branches joins them', async () => {
    expect((await add(forked(), 'join')).parents).toEqual(['2_posts', '3_profiles']);
  });

  test.each([
    [['--parent', '1'], ['1_users']],
    [['--parent', '2_posts'], ['2_posts']],
    [['--parent', 'profiles'], ['3_profiles']],
    [['--parent', 'prof'], ['3_profiles']],
    [
      ['--parent', 'posts', '--parent', 'users'],
      ['2_posts', '1_users'],
    ],
    [['--parent=posts', '--parent=2'], ['2_posts']],
    [
      ['--parent', 'heads'],
      ['2_posts', '3_profiles'],
    ],
  ])('%j', async (flags, parents) => {
    const project = forked();
    const added = await add(project, 'next', ...flags);
    expect(added.parents).toEqual(parents);
    const metadata = parse(project.read(`migrations/${added.id}/metadata.yaml`));
    expect(metadata.parents).toEqual(parents.map((parent) => Number(parent[0])));
  });

  test.each([
    ['user', 'p', /^Error: "p" matches 2 migrations: 2_posts and 3_profiles\n/],
    ['unknown', 'profil_es', /^Error: no migration matches "profil_es"\n\n.*3_profiles/],
    ['empty', '', /^Error: no migration matches ""\n/],
  ])('an %s reference is refused, and nothing is written', async (_what, reference, message) => {
    const project = forked();
    const before = project.snapshot();
    const run = await project.kat(['add', 'next', '--parent', reference]);
    expect(run).toMatchObject({ code: 2, stdout: '' });
    expect(run.stderr).toMatch(message);
    expect(project.snapshot()).toEqual(before);
  });
});

describe('the files', () => {
  test('tell a newcomer what belongs in them, and are valid as they are', async () => {
    const project = empty();
    const description = 'Users: "the" first #table\nof two lines, $HOME & co.';
    const { id } = await add(project, 'create_users', '--description', description);
    const metadata = project.read(`migrations/${id}/metadata.yaml`);
    expect(parse(metadata)).toEqual({
      name: id,
      timestamp: Number(id.slice(0, 10)),
      description,
      parents: [],
    });
    expect(metadata).toMatch(/^# yaml-language-server: \$schema=https:\S+\/metadata\.schema\.json\n/);
    for (const file of ['up.sql', 'down.sql']) {
      expect(project.read(`migrations/${id}/${file}`)).toMatch(/^-- \d+_create_users: [^\n]+\n-- /);
    }
    const next = await add(project, 'next');
    expect(next.parents).toEqual([id]);
  });

  test('--no-transaction is written down', async () => {
    const project = empty();
    const { id } = await add(project, 'index', '--no-transaction');
    expect(parse(project.read(`migrations/${id}/metadata.yaml`))).toMatchObject({ no_transaction: true });
  });

  test('their paths are shown on request', async () => {
    const project = empty();
    const run = await project.kat('add create_users --verbose');
    const [, id = ''] = project.ids();
    expect(run).toEqual({
      code: 0,
      stdout: `Migration created successfully!
Up query file: migrations/${id}/up.sql
Down query file: migrations/${id}/down.sql
Metadata file: migrations/${id}/metadata.yaml
`,
      stderr: '',
    });
  });

  test('are made in a migrations folder that was missing', async () => {
    const project = makeProject({ config: `${config}migration:\n  directory: db/changes\n` });
    const run = await project.kat('add first --json');
    const { id, files } = JSON.parse(run.stdout);
    expect(run.code).toBe(0);
    expect(files.up).toBe(join(project.folder, 'db/changes', id, 'up.sql'));
  });
});

test('several at once take a second each', async () => {
  const project = empty();
  const added = await Promise.all(['a', 'b', 'c', 'd', 'e'].map((name) => add(project, name)));
  const timestamps = new Set(added.map(({ id }) => id.slice(0, 10)));
  expect(timestamps.size).toBe(5);
  expect(project.ids().filter((name) => name.startsWith('.'))).toEqual(['.keep']);
  expect((await project.kat('export')).code).toBe(0);
});

describe('SQL that is written already', () => {
  const users = 'CREATE TABLE users (id bigint PRIMARY KEY);\n';
  const tags = 'CREATE TABLE tags (id bigint PRIMARY KEY);\n';
  const context = () =>
    makeProject({
      config,
      migrations: { '1_users': users, '2_tags': { up: tags, parents: [1] } },
      files: {
        'posts.sql': 'CREATE TABLE posts (author bigint REFERENCES users);\n',
        'back.sql': 'DROP TABLE posts;\n',
      },
    });

  test('is copied, and what it needs become the parents', async () => {
    const project = context();
    const { id, parents } = await add(project, 'posts', '--up', 'posts.sql', '--down', 'back.sql');
    expect(parents).toEqual(['1_users']);
    expect(project.read(`migrations/${id}/up.sql`)).toBe(
      'CREATE TABLE posts (author bigint REFERENCES users);\n',
    );
    expect(project.read(`migrations/${id}/down.sql`)).toBe('DROP TABLE posts;\n');
    expect(parse(project.read(`migrations/${id}/metadata.yaml`)).parents).toEqual([1]);
  });

  test('parents that are named stay, and a down.sql that is left out is the usual one', async () => {
    const project = context();
    const { id, parents } = await add(project, 'posts', '--up', 'posts.sql', '--parent', 'tags');
    expect(parents).toEqual(['2_tags']);
    expect(project.read(`migrations/${id}/down.sql`)).toContain('--');
  });

  test('SQL that nobody can look into follows everything', async () => {
    const project = context();
    project.write('opaque.sql', "DO $$ BEGIN EXECUTE current_setting('my.sql'); END $$;\n");
    expect((await add(project, 'opaque', '--up', 'opaque.sql')).parents).toEqual(['2_tags']);
  });

  test('a migration that was written since gets the parents that it needs, those that others imply left out', async () => {
    const project = context();
    project.addMigration('3_ids', { up: 'CREATE VIEW ids AS SELECT id FROM users;', parents: [2] });
    const run = await project.kat('add --infer ids');
    expect(run).toMatchObject({ code: 0, stderr: '' });
    expect(run.stdout).toBe('migrations/3_ids/metadata.yaml\n  - 2_tags\n  + 1_users\n');
    expect(parse(project.read('migrations/3_ids/metadata.yaml')).parents).toEqual([1]);
    expect((await project.kat('add --infer ids')).stdout).toBe('The parents already match the SQL\n');
    project.addMigration('4_wide', {
      up: 'CREATE VIEW wide AS SELECT b.id FROM ids b JOIN users u ON b.id = u.id;',
      parents: [2, 3],
    });
    expect((await project.kat('add --infer wide')).code).toBe(0);
    expect(parse(project.read('migrations/4_wide/metadata.yaml')).parents).toEqual([3]);
  });

  test('a file that is no SQL is told so', async () => {
    const project = context();
    project.addMigration('3_broken', { up: 'CREATE TABEL x;', parents: [2] });
    const run = await project.kat('add --infer broken');
    expect(run.code).toBe(2);
    expect(run.stderr).toContain('syntax error at or near "TABEL"');
    expect(run.stderr).toContain('migrations/3_broken/up.sql:1:8');
  });

  test('what does not go together is refused, and nothing is written', async () => {
    const project = context();
    const before = project.snapshot();
    for (const args of [
      'add',
      'add x --infer users',
      'add x --down back.sql',
      'add x --up gone.sql',
      'add --infer heads-up',
    ])
      expect((await project.kat(args)).code, args).toBe(2);
    expect(project.snapshot()).toEqual(before);
  });
});

const asTerminal = ['--import', 'data:text/javascript,process.stdout.isTTY = true;'];

test('people at a terminal are told what comes next, and programs only what was promised', async () => {
  const project = makeProject({ config });
  project.write('given.sql', 'CREATE TABLE users ();');
  const run = (...args: string[]) =>
    project.kat(['add', ...args], { nodeArguments: asTerminal, env: { NO_COLOR: '1' } });
  const first = await run('create_users');
  const [users = ''] = project.ids();
  expect(first.stdout).toBe(
    `Migration created successfully!\nIt has no parents.\nWrite migrations/${users}/up.sql and down.sql, then run \`kat up\`.\n`,
  );
  const second = await run('create_posts', '--up', 'given.sql', '--parent', users);
  expect(second.stdout).toContain(`It follows ${users}.\nRead migrations/`);
  expect((await run('Create posts')).stdout).toMatch(
    /\n\d+_create_posts has the same name: a timestamp tells them apart\.\nWrite /,
  );
  expect((await run('more', '--json')).stdout).toMatch(/^\{/);
  expect((await project.kat(['add', 'last'])).stdout).toBe('Migration created successfully!\n');
});

test('at a terminal, a run that keeps nothing says so', async () => {
  const project = makeProject({
    config: 'database:\n  driver: pglite\n',
    migrations: { '1_users': 'CREATE TABLE users ();' },
  });
  const asked = await project.kat('up', { nodeArguments: asTerminal, env: { NO_COLOR: '1' } });
  expect(asked.stdout).toContain('PGlite ran in memory, so all of this is gone now. Write `path:');
  const piped = await project.kat('up');
  expect(piped).toMatchObject({ code: 0, stdout: expect.not.stringContaining('gone now') });
});
