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
  const { stdout, stderr } = await project.kat(['add', ...args, '--json']);
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
    ['user', 'p', /^Error: "p" could be any of 2 migrations: 2_posts and 3_profiles\n/],
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
