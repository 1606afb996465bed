import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, expect, test } from 'vitest';
import { checksum, readSqlFile } from '../../src/project/folder/load.js';
import { checksumIfLonger, readIfLonger } from '../../src/project/folder/long-file.js';

const folder = mkdtempSync(join(tmpdir(), 'kat-long-'));
const file = join(folder, 'up.sql');
const pieceBytes = 65_536;

afterAll(() => rmSync(folder, { recursive: true, force: true }));

test('it is the checksum of the text, wherever the pieces end', () => {
  const unit = fc.constantFrom('\r\n', '\r', '\n', 'ä', '€', '𝕏', '\ufffd', 'x', '');
  const text = fc.tuple(fc.nat({ max: 3 }), unit, unit, unit).map(([less, ...units]) => {
    const around = units.join('');
    return `${'a'.repeat(pieceBytes - less)}${around}${'b'.repeat(pieceBytes - 5)}${around}`;
  });
  fc.assert(
    fc.property(text, fc.constantFrom('', '\ufeff'), (content, mark) => {
      writeFileSync(file, mark + content);
      const text = readSqlFile(file);
      expect(checksumIfLonger(file, 0)).toBe(checksum(text));
      const long = readIfLonger(file, 0);
      expect(long?.pieces.join('')).toBe(text);
      expect(long?.checksum).toBe(checksum(text));
    }),
    { numRuns: 60 },
  );
});

test.each([
  ['is not longer', 'SELECT 1;', 9],
  ['has a NUL byte', 'SELECT\0 1;', 0],
  ['is not UTF-8', Buffer.from([0x61, 0xe4, 0x62]), 0],
  ['breaks off inside of a character', Buffer.from([0x61, 0xe2, 0x82]), 0],
])('there is none for a file that %s', (_what, content, limitBytes) => {
  writeFileSync(file, content);
  expect(checksumIfLonger(file, limitBytes)).toBeUndefined();
  expect(readIfLonger(file, limitBytes)).toBeUndefined();
});

test('there is none for a file that is missing', () => {
  expect(checksumIfLonger(join(folder, 'none.sql'), 0)).toBeUndefined();
});
