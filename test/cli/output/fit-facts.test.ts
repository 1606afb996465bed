/** Rows of `kat status` in a terminal: nothing is lost, and no line is too wide. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { fitFacts } from '../../../src/cli/output/fit-facts.js';
import { createStyle, terminalText } from '../../../src/cli/output/style.js';

const word = fc.string({ unit: fc.constantFrom('a', '_', ','), minLength: 1, maxLength: 20 });
const text = fc.array(word, { minLength: 1, maxLength: 6 }).map((words) => words.join(' '));

test('every word is kept in order, and lines fit', () => {
  fc.assert(
    fc.property(
      fc.tuple(word, text, text),
      fc.integer({ min: 30, max: 90 }),
      fc.boolean(),
      ([head, first, second], columns, isColoured) => {
        const { red } = createStyle({ isColoured });
        const lines = fitFacts([head, first, red(second)], columns).map(terminalText);
        // biome-ignore lint/suspicious/noControlCharactersInRegex: colours
        const shown = lines.map((line) => line.replaceAll(/\u001b\[\d+m/g, ''));
        expect(shown.join(' ').split(/ +/)).toEqual([head, first, second].join(' ').split(' '));
        for (const line of shown) expect(line.length).toBeLessThanOrEqual(columns);
      },
    ),
  );
});

test('facts stay together where they fit, and everything is in one line without a terminal', () => {
  const row = ['  ✓ 1_users', '2026-11-22 22:41:07 UTC  7 ms', 'changed: up.sql was edited since'] as const;
  expect(fitFacts(row, undefined)).toEqual([row.join('  ')]);
  expect(fitFacts(row, 60)).toEqual([
    '  ✓ 1_users  2026-11-22 22:41:07 UTC  7 ms',
    '      changed: up.sql was edited since',
  ]);
  expect(fitFacts(['1_users', 'waits for 2_a_long_name, 3_another_long_name'], 36)).toEqual([
    '1_users  waits for 2_a_long_name,',
    '      3_another_long_name',
  ]);
});
