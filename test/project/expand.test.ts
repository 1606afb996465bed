import fc from 'fast-check';
import { expect, test } from 'vitest';
import { escapeDollars, expandVariables } from '../../src/project/config/expand.js';

const env = { USER_NAME: 'ada', EMPTY: '', TRICKY: `a: b\n- 'c' "d" \${USER_NAME} $$` };

test.each([
  [`\${USER_NAME}`, 'ada'],
  ['$USER_NAME', 'ada'],
  ['$USER_NAME-x', 'ada-x'],
  [`<\${USER_NAME}\${USER_NAME}>`, '<adaada>'],
  [`\${MISSING:-fallback}`, 'fallback'],
  [`\${MISSING:-}`, ''],
  [`\${EMPTY:-fallback}`, 'fallback'],
  [`\${USER_NAME:-fallback}`, 'ada'],
  [`\${MISSING:-a$$b}`, 'a$b'],
  [`\${MISSING:-$USER_NAME}`, '$USER_NAME'],
  [`\${MISSING:-postgres://u:p@h/db?x=1}`, 'postgres://u:p@h/db?x=1'],
  ['$$', '$'],
  ['$$USER_NAME', '$USER_NAME'],
  [`$\${USER_NAME}`, `\${USER_NAME}`],
  ['$$$USER_NAME', '$ada'],
  ['a$', 'a$'],
  [`$1 $- \${} \${1} \${USER_NAME`, `$1 $- \${} \${1} \${USER_NAME`],
  [`\${TRICKY}`, env.TRICKY],
])('%s becomes %s', (text, expected) => {
  expect(expandVariables(text, env)).toEqual({ text: expected, missing: [] });
});

test('names every variable that is not set or empty, once, and how it is referred to', () => {
  const { missing } = expandVariables(`$A \${B} \${A} \${C:-c} x\${EMPTY}y`, env);
  expect(missing).toEqual([
    { name: 'A', isEmpty: false, isWhole: false, isBracedApart: false },
    { name: 'B', isEmpty: false, isWhole: false, isBracedApart: true },
    { name: 'EMPTY', isEmpty: true, isWhole: false, isBracedApart: false },
  ]);
});

test('escaped text comes back', () => {
  fc.assert(
    fc.property(fc.string({ unit: fc.constantFrom('$', '{', '}', ':', '-', 'A', 'b', '_', '1') }), (text) => {
      expect(expandVariables(escapeDollars(text), { A: 'wrong', b: 'wrong' })).toEqual({ text, missing: [] });
    }),
  );
});
