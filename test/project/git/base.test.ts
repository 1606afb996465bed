/** Real repositories: where the base is found, and what its migrations were there. */
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { findRepositoryRoot } from '../../../src/project/folder/repository-root.js';
import { loadBaseMigrations } from '../../../src/project/git/base-migrations.js';
import { findBase, findUpstream } from '../../../src/project/git/find-base.js';
import { commitAll, git } from '../../support/git.js';
import { makeFolder, sound } from '../temporary.js';

/** A repository whose migrations are in `db/migrations`, with one commit on main. */
function makeRepository(): { root: string; directory: string } {
  const files = { ...sound('1_users'), ...sound('2_posts') };
  const root = makeFolder(
    Object.fromEntries(Object.entries(files).map(([path, text]) => [`db/migrations/${path}`, text])),
  );
  commitAll(root);
  return { root, directory: join(root, 'db/migrations') };
}

async function filesOf(directory: string, commit = 'HEAD') {
  const migrations = await loadBaseMigrations(directory, commit);
  const withoutNames = (files: (typeof migrations)[number]['files']) =>
    Object.fromEntries(Object.entries(files).map(([kind, { name: _, ...file }]) => [kind, file]));
  return Object.fromEntries(migrations.map(({ id, files }) => [id, withoutNames(files)]));
}

const same = { isSame: true };

function replaceGit(root: string, text: string): void {
  rmSync(join(root, '.git'), { recursive: true });
  writeFileSync(join(root, '.git'), text);
}

describe('the base', () => {
  test('is where the branch left it, not where it is now', async () => {
    const { root, directory } = makeRepository();
    const fork = git(root, 'rev-parse', 'HEAD');
    git(root, 'checkout', '--quiet', '-b', 'feature');
    commitAll(root, 'mine');
    git(root, 'checkout', '--quiet', 'main');
    commitAll(root, 'theirs');
    git(root, 'checkout', '--quiet', 'feature');
    expect(await findBase(directory, 'main')).toEqual({ revision: 'main', commit: fork });
    expect(await findUpstream(directory)).toBeUndefined();
    git(root, 'branch', '--quiet', '--set-upstream-to', 'main');
    expect(await findUpstream(directory)).toBe('main');
  });

  test('in another working tree of the repository', async () => {
    const { root } = makeRepository();
    const other = join(makeFolder(), 'other');
    git(root, 'worktree', 'add', '--quiet', '-b', 'feature', other);
    const directory = join(other, 'db/migrations');
    expect(findRepositoryRoot(directory)).toBe(other);
    expect(await findBase(directory, 'main')).toMatchObject({ commit: git(root, 'rev-parse', 'main') });
    rmSync(join(directory, '1_users/up.sql'));
    expect((await filesOf(directory))['1_users']).toMatchObject({ up: { text: 'SELECT 1;\n' }, down: same });
  });

  test('in a clone without history', async () => {
    const { root } = makeRepository();
    commitAll(root);
    git(root, 'checkout', '--quiet', '-b', 'feature');
    commitAll(root);
    const clone = join(makeFolder(), 'clone');
    git(root, 'clone', '--quiet', '--depth', '1', '--branch', 'feature', `file://${root}`, clone);
    const directory = join(clone, 'db/migrations');
    const help = expect.stringContaining('fetch-depth: 0');
    expect(await findBase(directory, 'origin/main')).toEqual({
      reason: 'git has no revision "origin/main" here',
      help,
    });
    git(clone, 'fetch', '--quiet', '--depth', '1', 'origin', 'main:refs/remotes/origin/main');
    expect(await findBase(directory, 'origin/main')).toEqual({
      reason: 'origin/main and the current commit have no common commit in this clone',
      help,
    });
    git(clone, 'fetch', '--quiet', '--unshallow', 'origin', 'main:refs/remotes/origin/main');
    expect(await findBase(directory, 'origin/main')).toMatchObject({
      commit: git(root, 'rev-parse', 'main'),
    });
  });

  test('before the first commit', async () => {
    const root = makeFolder(sound('1_users'));
    git(root, 'init', '--quiet');
    expect(await findUpstream(root)).toBeUndefined();
    expect(await findBase(root, 'HEAD')).toMatchObject({ reason: 'git has no revision "HEAD" here' });
  });

  test('in a hook, whose variables name another folder', async () => {
    const { directory } = makeRepository();
    const names = { GIT_DIR: '.git', GIT_INDEX_FILE: '.git/index', GIT_PREFIX: '' };
    Object.assign(process.env, names);
    try {
      expect(await findBase(directory, 'HEAD')).toMatchObject({ revision: 'HEAD' });
      expect(Object.keys(await filesOf(directory)).sort()).toEqual(['1_users', '2_posts']);
    } finally {
      for (const name of Object.keys(names)) delete process.env[name];
    }
  });
});

describe('an upstream that git does not tell', () => {
  const refusals: [string, string, (root: string) => void][] = [
    ['of a broken file .git', 'invalid gitfile format', (root) => replaceGit(root, 'nothing')],
    [
      'of a configuration that git cannot read',
      'bad config line',
      (root) => writeFileSync(join(root, '.git/config'), '['),
    ],
  ];

  test.each(refusals)('because %s has a reason', async (_, reason, spoil) => {
    const { root, directory } = makeRepository();
    spoil(root);
    expect(await findUpstream(directory)).toMatchObject({ reason: expect.stringContaining(reason) });
  });

  test('because the repository belongs to somebody else has a reason', async () => {
    const { root, directory } = makeRepository();
    const { HOME } = process.env;
    // Whoever runs the tests may trust all repositories.
    Object.assign(process.env, { HOME: root, GIT_TEST_ASSUME_DIFFERENT_OWNER: '1' });
    try {
      expect(await findUpstream(directory)).toMatchObject({
        reason: expect.stringContaining('dubious ownership'),
        help: expect.stringMatching(
          /`git config --global --add safe\.directory \S+`, or .*`--git-base none`/,
        ),
      });
    } finally {
      Object.assign(process.env, { HOME });
      delete process.env.GIT_TEST_ASSUME_DIFFERENT_OWNER;
    }
  });

  test('because there is no repository has none', async () => {
    expect(await findUpstream(makeFolder(sound('1_users')))).toBeUndefined();
  });
});

describe('the migrations of a commit', () => {
  test('have texts where the disk has other bytes', async () => {
    const { directory } = makeRepository();
    rmSync(join(directory, '2_posts'), { recursive: true });
    expect(await filesOf(directory)).toEqual({
      '1_users': { up: same, down: same, metadata: same },
      '2_posts': {
        up: { isSame: false, text: 'SELECT 1;\n' },
        down: { isSame: false, text: 'SELECT 2;\n' },
        metadata: { isSame: false, text: 'name: posts\ntimestamp: 2\n' },
      },
    });
  });

  test('with strange names and texts, and nothing that is no migration', async () => {
    const root = makeFolder({
      ...sound('1_größe "x" \t%'),
      'notes.sql': 'SELECT 1;',
      '2_users/seed/up.sql': 'SELECT 1;',
      '3_empty/up.sql': '',
      '4_lines/up.sql': 'SELECT 1;\n\nblob 3\n\0ünï\n',
    });
    commitAll(root);
    for (const id of ['3_empty', '4_lines']) rmSync(join(root, id), { recursive: true });
    expect(await filesOf(root)).toEqual({
      '1_größe "x" \t%': { up: same, down: same, metadata: same },
      '3_empty': { up: { isSame: false, text: '' } },
      '4_lines': { up: { isSame: false, text: 'SELECT 1;\n\nblob 3\n\0ünï\n' } },
    });
  });

  test('with programs, under the names of their files', async () => {
    const root = makeFolder({ '1_users/up.ts': 'export default () => {};', '1_users/down.mjs': '' });
    commitAll(root);
    rmSync(join(root, '1_users/up.ts'));
    const [migration] = await loadBaseMigrations(root, 'HEAD');
    expect(migration?.files).toEqual({
      up: { name: 'up.ts', isSame: false, text: 'export default () => {};' },
      down: { name: 'down.mjs', isSame: true },
    });
  });

  test('in a repository of SHA-256', async () => {
    const root = makeFolder(sound('1_users'));
    git(root, 'init', '--quiet', '--object-format=sha256');
    commitAll(root);
    expect(await filesOf(root)).toEqual({ '1_users': { up: same, down: same, metadata: same } });
  });

  test('are none where the folder was not there yet', async () => {
    const { root, directory } = makeRepository();
    const first = git(root, 'rev-parse', 'HEAD');
    git(root, 'mv', 'db', 'database');
    commitAll(root);
    expect(await filesOf(join(root, 'database/migrations'), first)).toEqual({});
    expect(Object.keys(await filesOf(join(root, 'database/migrations')))).toHaveLength(2);
    await expect(loadBaseMigrations(join(root, 'database/migrations'), 'f'.repeat(40))).rejects.toMatchObject(
      {
        code: 'FILES_INVALID',
        message: expect.stringContaining('git ls-tree failed'),
      },
    );
    rmSync(directory, { recursive: true, force: true });
  });
});

test('the top of the working tree is found without git', () => {
  const { root, directory } = makeRepository();
  expect(findRepositoryRoot(directory)).toBe(root);
  expect(findRepositoryRoot(root)).toBe(root);
  expect(findRepositoryRoot('/')).toBeUndefined();
});
