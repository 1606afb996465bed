/** A change of the migrations folder happens as a whole, also when its command ends between any two steps. */
import {
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { rewrittenFolder } from '../../../src/project/folder/change/rewritten-folder.js';
import { type FolderChange, stageChange } from '../../../src/project/folder/change/stage-change.js';
import { findUnfinished, finishChange } from '../../../src/project/folder/change/unfinished-change.js';
import { examineFolder, listMigrationIds, loadMigrations } from '../../../src/project/folder/load.js';
import { failureOf, makeFolder, sound } from '../temporary.js';

const texts = { up: 'new up', metadata: 'name: c\ntimestamp: 3\n' };

function open() {
  const root = makeFolder({ ...sound('1_a'), ...sound('2_b'), ...sound('3_c'), '3_c/notes.md': 'notes' });
  return root;
}

/** `3_c` stands for all of them, `4_d` is new, and a file of `2_b` changes before it goes with it. */
function squash(root: string, recorded: string[] = []): FolderChange {
  const write = (target: string) => {
    mkdirSync(target);
    writeFileSync(join(target, 'up.sql'), 'SELECT 4;');
  };
  const put = [rewrittenFolder(root, '3_c', texts), { path: '4_d', kind: 'new' as const, write }];
  return { command: 'squash', put, remove: ['1_a', '2_b'], recorded };
}

/** Every file below the folder with its text. */
function snapshot(root: string): Record<string, string> {
  const files = readdirSync(root, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  return Object.fromEntries(
    files.map(({ parentPath, name }) => {
      const path = join(parentPath, name);
      return [path.slice(root.length + 1), readFileSync(path, 'utf8')];
    }),
  );
}

const changed = {
  '3_c/up.sql': 'new up',
  '3_c/metadata.yaml': texts.metadata,
  '3_c/notes.md': 'notes',
  '4_d/up.sql': 'SELECT 4;',
};

test('all of it is in place afterwards, with whatever else was in a folder', () => {
  const root = open();
  stageChange(root, squash(root)).apply();
  expect(snapshot(root)).toEqual(changed);
  expect(readdirSync(root).sort()).toEqual(['3_c', '4_d']);
});

test('what links lead to is written when the change is in place, and not before', () => {
  const root = makeFolder({ ...sound('1_a'), ...sound('store/3_c'), 'shared.sql': 'shared' });
  symlinkSync('store/3_c', join(root, '3_c'));
  rmSync(join(root, 'store/3_c/up.sql'));
  symlinkSync('../../shared.sql', join(root, 'store/3_c/up.sql'));
  const before = snapshot(root);
  const change = { command: 'squash', put: [rewrittenFolder(root, '3_c', texts)], remove: ['1_a'] };
  stageChange(root, change).discard();
  expect(snapshot(root)).toEqual(before);
  stageChange(root, change).apply();
  expect(readFileSync(join(root, '3_c/up.sql'), 'utf8')).toBe('new up');
  expect(readFileSync(join(root, 'shared.sql'), 'utf8')).toBe('shared');
  expect(readlinkSync(join(root, '3_c'))).toBe('store/3_c');
});

test('nothing is in place until it is applied, and nothing is left when it is discarded', async () => {
  const root = open();
  const before = snapshot(root);
  const staged = stageChange(root, squash(root));
  for (const path of Object.keys(before)) expect(existsSync(join(root, path))).toBe(true);
  expect(existsSync(join(root, '4_d'))).toBe(false);
  staged.discard();
  expect(snapshot(root)).toEqual(before);
  expect(await loadMigrations(root)).toHaveLength(3);
});

test('while it is unfinished, the folder is refused by everybody, and only that is said', async () => {
  const root = open();
  stageChange(root, squash(root));
  for (const read of [() => loadMigrations(root), () => listMigrationIds(root)]) {
    const error = await failureOf(read);
    expect(error.message).toMatch(
      /^`kat squash` did not finish its change of the migrations folder \(process/,
    );
    expect(error.message).toContain(join(root, '.kat-change'));
    expect(error.help).toContain('run `kat repair`');
    expect(error.problems).toHaveLength(1);
  }
  expect((await examineFolder(root)).problems).toMatchObject([{ code: 'unfinished-change' }]);
  expect(await failureOf(() => stageChange(root, squash(root)))).toMatchObject({ code: 'FILES_INVALID' });
});

test('when the disk refuses in the middle, everything is as it was', async () => {
  const root = open();
  const before = snapshot(root);
  const change = squash(root);
  const error = await failureOf(() => {
    const staged = stageChange(root, change);
    // Somebody else makes the same folder meanwhile.
    mkdirSync(join(root, '4_d'));
    staged.apply();
  });
  expect(error.code).toBe('FILES_INVALID');
  expect(snapshot(root)).toEqual(before);
  expect(readdirSync(root).sort()).toEqual(['1_a', '2_b', '3_c', '4_d']);
});

test('a folder that is taken is refused before anything is moved', async () => {
  const root = open();
  mkdirSync(join(root, '4_d'));
  const error = await failureOf(() => stageChange(root, squash(root)));
  expect(error.message).toBe(`cannot write ${join(root, '4_d')}: it already exists`);
  expect(readdirSync(root).sort()).toEqual(['1_a', '2_b', '3_c', '4_d']);
});

/** The renames of a committed change, in order: what was done of them is the state that a kill leaves. */
const moves: readonly [string, string][] = [
  ['1_a', '.kat-change/old/1_a'],
  ['2_b', '.kat-change/old/2_b'],
  ['3_c', '.kat-change/old/3_c'],
  ['.kat-change/new/3_c', '3_c'],
  ['.kat-change/new/4_d', '4_d'],
];

test.each([0, 1, 2, 3, 4, 5])('a committed change that ended behind move %i is completed', (count) => {
  const root = open();
  stageChange(root, squash(root)).commit();
  mkdirSync(join(root, '.kat-change/old'));
  for (const [from, to] of moves.slice(0, count)) renameSync(join(root, from), join(root, to));
  expect(findUnfinished(root)).toMatchObject({ needsLedger: false });
  expect(finishChange(root)).toEqual({ command: 'squash', isComplete: true });
  expect(snapshot(root)).toEqual(changed);
});

test('one that was not committed is taken back', () => {
  const root = open();
  const before = snapshot(root);
  stageChange(root, squash(root));
  expect(finishChange(root)).toEqual({ command: 'squash', isComplete: false });
  expect(snapshot(root)).toEqual(before);
});

test('where rows were to be recorded, they decide', () => {
  const [recorded, lost] = [open(), open()];
  for (const root of [recorded, lost]) {
    stageChange(root, squash(root, ['3_c', '4_d']));
    expect(findUnfinished(root)).toMatchObject({ needsLedger: true });
  }
  expect(finishChange(recorded, new Set(['4_d'])).isComplete).toBe(true);
  expect(snapshot(recorded)).toEqual(changed);
  expect(finishChange(lost, new Set(['1_a'])).isComplete).toBe(false);
  expect(readdirSync(lost).sort()).toEqual(['1_a', '2_b', '3_c']);
});

test('one that ended while it was cleared away leaves nothing to be moved', () => {
  const root = open();
  stageChange(root, squash(root)).apply();
  mkdirSync(join(root, '.kat-change/old/1_a'), { recursive: true });
  expect(finishChange(root)).toEqual({ command: undefined, isComplete: false });
  expect(snapshot(root)).toEqual(changed);
});

test('a plan that leads out of the folder is not followed, and folders that were moved are not deleted', async () => {
  const root = open();
  stageChange(root, squash(root)).commit();
  const plan = join(root, '.kat-change/committed.json');
  writeFileSync(plan, readFileSync(plan, 'utf8').replace('"path": "4_d"', '"path": "../4_d"'));
  cpSync(join(root, '1_a'), join(root, '.kat-change/old/1_a'), { recursive: true });
  const before = snapshot(root);
  expect((await failureOf(() => finishChange(root))).help).toContain('Move the folders in');
  expect(snapshot(root)).toEqual(before);
  expect(existsSync(join(root, '../4_d'))).toBe(false);
});
