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
  expect(help).toContain(typeof cause === 'object' && 'errno' in cause ? 'space' : 'this version of PGlite');
});
