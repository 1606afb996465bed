import fc from 'fast-check';
import { expect, test } from 'vitest';
import { compareLines } from '../../../src/engine/schema/line-changes.js';

const texts = fc.array(fc.constantFrom('a', 'b', 'c'), { maxLength: 12 }).map((lines) => lines.join('\n'));

/** The length of the longest sequence that both have, by trying everything. */
function common([a, ...rest]: string[], other: string[]): number {
  if (a === undefined || other.length === 0) return 0;
  const at = other.indexOf(a);
  const without = common(rest, other);
  return at < 0 ? without : Math.max(without, 1 + common(rest, other.slice(at + 1)));
}

test('the fewest lines are shown, each where it belongs', () => {
  expect(compareLines('x\na\ny', 'x\nb\ny')).toEqual(['-a', '+b']);
  expect(compareLines('x\ny', 'x\nnew\ny')).toEqual(['+new']);
  fc.assert(
    fc.property(texts, texts, (before, after) => {
      const changes = compareLines(before, after);
      const [old, next] = [before.split('\n'), after.split('\n')];
      const shared = common(old, next);
      expect(changes.filter((line) => line.startsWith('-'))).toHaveLength(old.length - shared);
      expect(changes.filter((line) => line.startsWith('+'))).toHaveLength(next.length - shared);
    }),
  );
});
