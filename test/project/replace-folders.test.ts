import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { replaceFolders } from '../../src/project/folder/replace-folders.js';

let root: string;

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'kat-replace-'));
  for (const id of ['1_a', '2_b', '3_c']) {
    mkdirSync(join(root, id));
    for (const name of ['up.sql', 'down.sql', 'metadata.yaml'])
      writeFileSync(join(root, id, name), `${id} ${name}`);
  }
  writeFileSync(join(root, '3_c/notes.md'), 'notes');
});

afterEach(() => rmSync(root, { recursive: true, force: true }));

const kept = { kept: '3_c', texts: { up: 'new up', metadata: 'new metadata' } };

/** Every file below the folder with its text. */
function snapshot(): Record<string, string> {
  const files = readdirSync(root, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  return Object.fromEntries(
    files.map(({ parentPath, name }) => [
      join(parentPath, name).slice(root.length + 1),
      readFileSync(join(parentPath, name), 'utf8'),
    ]),
  );
}

test('one folder stands for all of them afterwards, with whatever else was in it', () => {
  replaceFolders(root, kept, ['1_a', '2_b']).finish();
  expect(snapshot()).toEqual({
    '3_c/up.sql': 'new up',
    '3_c/metadata.yaml': 'new metadata',
    '3_c/notes.md': 'notes',
  });
});

test('it can be undone until it is finished', () => {
  const before = snapshot();
  const replacement = replaceFolders(root, kept, ['1_a', '2_b']);
  expect(existsSync(join(root, '1_a'))).toBe(false);
  replacement.undo();
  expect(snapshot()).toEqual(before);
  expect(readdirSync(root).sort()).toEqual(['1_a', '2_b', '3_c']);
});

test('when the disk refuses in the middle, everything is as it was', () => {
  const before = snapshot();
  expect(() => replaceFolders(root, kept, ['1_a', '9_gone', '2_b'])).toThrow(
    expect.objectContaining({ code: 'FILES_INVALID' }),
  );
  expect(snapshot()).toEqual(before);
  expect(readdirSync(root).sort()).toEqual(['1_a', '2_b', '3_c']);
});

test('what an interrupted one left behind is not written over', () => {
  mkdirSync(join(root, '.kat-replace-3_c/old/1_a'), { recursive: true });
  const before = snapshot();
  expect(() => replaceFolders(root, kept, ['1_a'])).toThrow('was interrupted has left');
  expect(snapshot()).toEqual(before);
});
