import { existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { loadMigrations } from '../../../src/project/folder/load.js';
import { stageImport } from '../../../src/project/import/write-import.js';
import { failureOf, makeFolder } from '../temporary.js';

const first = {
  id: '1_a',
  parents: [],
  up: 'SELECT 1;\n',
  noTransaction: true,
  description: '1_a.sql of goose',
};
const second = {
  id: '2_b',
  parents: ['1_a'],
  up: 'SELECT 2;\n',
  down: 'SELECT -2;\n',
  noTransaction: false,
  description: 'say "b": it is\nlate',
};

test('folders that Kat reads, without down.sql where nothing goes back', async () => {
  const folder = join(makeFolder(), 'below', 'migrations');
  stageImport(folder, [first, second]).apply();
  expect(await loadMigrations(folder)).toMatchObject([
    { id: '1_a', parents: [], noTransaction: true, description: '1_a.sql of goose' },
    { id: '2_b', parents: [{ text: '1' }], noTransaction: false, description: 'say "b": it is\nlate' },
  ]);
  expect(readFileSync(join(folder, '2_b/down.sql'), 'utf8')).toBe('SELECT -2;\n');
  expect(existsSync(join(folder, '1_a/down.sql'))).toBe(false);
});

test('what was staged can be thrown away', async () => {
  const folder = makeFolder({ '0_mine/up.sql': 'SELECT 0;\n' });
  stageImport(folder, [first, second]).discard();
  expect(readdirSync(folder)).toEqual(['0_mine']);
  const fresh = join(folder, 'below', 'migrations');
  stageImport(fresh, [first]).discard();
  expect(readdirSync(folder)).toEqual(['0_mine']);
});

test('one folder that is taken keeps all from being written', async () => {
  const folder = makeFolder();
  mkdirSync(join(folder, '2_b'));
  const error = await failureOf(() => stageImport(folder, [first, second]));
  expect(error.message).toBe(`cannot write ${join(folder, '2_b')}: it already exists`);
  expect(readdirSync(folder)).toEqual(['2_b']);
});

test('a disk that refuses in the middle leaves nothing behind', async () => {
  const folder = join(makeFolder(), 'migrations');
  const error = await failureOf(() =>
    stageImport(folder, [first, { ...second, id: `2_${'b'.repeat(300)}` }]),
  );
  expect(error.code).toBe('FILES_INVALID');
  expect(error.message).toContain('its name is too long');
  expect(existsSync(folder)).toBe(false);
});
