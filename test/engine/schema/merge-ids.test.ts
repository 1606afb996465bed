/** What becomes of the ids beside a schema file when git merges two branches. */

import { expect, test } from 'vitest';
import { parseIds } from '../../../src/engine/schema/ids-file.js';
import { mergeIds } from '../../../src/engine/schema/merge/merge-ids.js';

const [a, b, c] = ['a', 'b', 'c'].map((digit) => digit.repeat(16)) as [string, string, string];

test.each([
  ['one adds', '', `1_x ${a}`, '', `1_x ${a}`],
  ['the other edits', `1_x ${a}`, `1_x ${a}`, `1_x ${b}`, `1_x ${b}`],
  ['one edits', `1_x ${a}`, `1_x ${b}`, `1_x ${a}`, `1_x ${b}`],
  ['both edit, and the merged text has another checksum', `1_x ${a}`, `1_x ${b}`, `1_x ${c}`, `1_x ${b}`],
  ['one removes, the other adds', `1_x ${a}`, '', `1_x ${a}\n2_y ${b}`, `2_y ${b}`],
  ['both add the same', '', `1_x ${a}`, `1_x ${a}`, `1_x ${a}`],
  ['a line without checksum', '1_x y', '1_x y', `1_x y ${a}`, `1_x y ${a}`],
])('%s', (_, base, ours, theirs, merged) => {
  const { text, ids } = mergeIds({ base, ours, theirs });
  expect(text).toBe(`${merged}\n`);
  expect(ids).toEqual([...parseIds(merged).keys()]);
});
