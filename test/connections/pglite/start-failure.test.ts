/** What PGlite throws when it cannot start, in words. */

import { expect, test } from 'vitest';
import { startFailure } from '../../../src/connections/pglite/start-database.js';

test.each([
  [{ name: 'ErrnoError', errno: 51 }, 'no space is left on the disk'],
  [{ name: 'ErrnoError', errno: 69 }, 'the disk is read-only'],
  [{ name: 'ErrnoError', errno: 1000 }, 'its file system reports error 1000'],
  [Object.assign(new Error('ENOSPC: write'), { code: 'ENOSPC', errno: -28 }), 'no space is left on the disk'],
  [new Error('it broke'), 'it broke'],
  ['a text', 'a text'],
])('%j', (cause, reason) => {
  const { message, help } = startFailure('data', [], { lines: [], cause });
  expect(message).toBe(`cannot open the database data: ${reason}`);
  const isFull = reason.startsWith('no space');
  const isOfFiles = typeof cause === 'object' && 'errno' in cause;
  expect(help).toContain(
    isFull ? 'Free disk space, and run' : isOfFiles ? 'rights to write' : 'this version of PGlite',
  );
});

const interrupted = [
  '2026-11-30 20:57:10.867 UTC [42] LOG:  database system was interrupted while in recovery at 2026-11-30 20:57:10 UTC',
  '2026-11-30 20:57:10.867 UTC [42] HINT:  This probably means that some data is corrupted and you will have to use the last backup for recovery.',
  '2026-11-30 20:57:10.869 UTC [42] LOG:  database system was not properly shut down; automatic recovery in progress',
];
const cause = new Error('PGlite failed to initialize properly');

test.each([
  ['FATAL', 'could not write to file "pg_wal/xlogtemp.42": No space left on device'],
  ['PANIC', 'could not write to file "pg_wal/xlogtemp.42": No space left on device'],
  ['FATAL', 'could not extend file "base/5/24623": wrote only 4096 of 8192 bytes at block 7'],
])('a server without space, second start: %s: %s', (level, reason) => {
  const lines = [
    ...interrupted,
    `2026-11-30 20:57:11.138 UTC [42] ${level}:  ${reason}`,
    '2026-11-30 20:57:11.138 UTC [42] HINT:  Check free disk space.',
  ];
  expect(startFailure('data', [], { lines, cause })).toMatchObject({
    message: `cannot open the database data: ${reason}`,
    help: 'Free disk space, and run the command again.',
  });
});

test.each([
  [{ errno: 51 }],
  [{ errno: 19 }],
  [Object.assign(new Error('disk full'), { code: '53100' })],
  [Object.assign(new Error('EDQUOT: write'), { code: 'EDQUOT', errno: -122 })],
])('a full disk or quota: %j', (full) => {
  expect(startFailure('data', [], { lines: interrupted, cause: full }).help).toBe(
    'Free disk space, and run the command again.',
  );
});

test('a hint is passed on from the failure, and not from a line before', () => {
  const fatal = 'FATAL:  could not locate required checkpoint record';
  const helpOf = (...lines: string[]) =>
    startFailure('data', [], { lines: [...interrupted, ...lines], cause }).help;
  expect(helpOf(fatal, 'HINT:  Restore it.')).toBe('Restore it.');
  expect(helpOf(fatal)).toContain('Check that this version of PGlite made the folder');
});
