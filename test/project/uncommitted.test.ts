import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { findUncommitted } from '../../src/project/git/uncommitted.js';
import { commitAll, git } from '../support/git.js';

let root: string;

function write(path: string, text = path): void {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), text);
}

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'kat-git-'));
  for (const id of ['1_a', '2_b', '3 ü']) write(`db/migrations/${id}/up.sql`);
});

afterEach(() => rmSync(root, { recursive: true, force: true }));

function find(names = ['1_a', '2_b', '3 ü']) {
  return findUncommitted(join(root, 'db/migrations'), names);
}

test('what is committed can be had back', async () => {
  commitAll(root);
  expect(await find()).toEqual({ folders: [] });
});

test('edits, new files, staged ones and ignored ones cannot', async () => {
  write('.gitignore', '*.log');
  commitAll(root);
  write('db/migrations/1_a/up.sql', 'edited');
  write('db/migrations/3 ü/notes.log');
  expect(await find()).toEqual({ folders: ['1_a', '3 ü'] });
  expect(await find(['2_b'])).toEqual({ folders: [] });
  write('db/migrations/2_b/new/deep.txt');
  git(root, 'add', 'db/migrations/2_b');
  expect(await find()).toEqual({ folders: ['1_a', '2_b', '3 ü'] });
});

test('files that git was told not to look at cannot', async () => {
  commitAll(root);
  git(root, 'update-index', '--assume-unchanged', 'db/migrations/1_a/up.sql');
  git(root, 'update-index', '--skip-worktree', 'db/migrations/3 ü/up.sql');
  write('db/migrations/1_a/up.sql', 'edited');
  expect(await find()).toEqual({ folders: ['1_a', '3 ü'] });
});

test('a folder that is ignored as a whole', async () => {
  write('.gitignore', 'db/');
  commitAll(root);
  expect(await find()).toEqual({ folders: ['1_a', '2_b', '3 ü'] });
});

test('nor can anything without a repository', async () => {
  expect(await find()).toEqual({ reason: 'the migrations folder is not in a git repository' });
});
