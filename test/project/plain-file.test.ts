/** The short way to a file's fingerprint gives what the long way gives, or nothing. */

import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, expect, test } from 'vitest';
import { checksum } from '../../src/project/folder/load.js';
import { checksumIfPlain } from '../../src/project/folder/plain-file.js';

const folder = mkdtempSync(join(tmpdir(), 'kat-plain-'));
const file = join(folder, 'up.sql');
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test('any text has the fingerprint that checksum gives it, or is left to the long way', () => {
  const part = fc.oneof(fc.string({ unit: 'grapheme' }), fc.constantFrom('\r\n', '\n', '\ufeff', '\0'));
  fc.assert(
    fc.property(fc.array(part), (parts) => {
      const text = parts.join('');
      writeFileSync(file, text);
      const isPlain = !/[\r\0]/.test(text) && !text.startsWith('\ufeff');
      expect(checksumIfPlain(file)).toBe(isPlain ? checksum(text) : undefined);
    }),
  );
});

test.each([
  ['a long file', Buffer.alloc(1 << 16, 'a')],
  ['what is not UTF-8', Buffer.from('caf\xe9', 'latin1')],
])('%s is left to the long way', (_what, content) => {
  writeFileSync(file, content);
  expect(checksumIfPlain(file)).toBeUndefined();
});

test('a missing file is left to the long way', () => {
  expect(checksumIfPlain(join(folder, 'none.sql'))).toBeUndefined();
});

test.skipIf(process.platform === 'win32')('a pipe does not hold up the program', () => {
  const pipe = join(folder, 'pipe.sql');
  execFileSync('mkfifo', [pipe]);
  expect(checksumIfPlain(pipe)).toBe(checksum(''));
});
