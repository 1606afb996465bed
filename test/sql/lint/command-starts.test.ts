import { expect, test } from 'vitest';
import { findCommandStarts } from '../../../src/sql/lint/command-starts.js';

function commandsOf(text: string): string[] {
  return findCommandStarts(text).map((start) => text.slice(start).split(/\s*[,\n;]/)[0] as string);
}

test.each([
  ['ALTER TABLE t ADD a int, DROP b', ['ADD a int', 'DROP b']],
  ['alter table if exists only "a""b, c" . "t" ADD a int', ['ADD a int']],
  ['ALTER TABLE ONLY (t) ADD a int', ['ADD a int']],
  ['ALTER TABLE t * ADD a int', ['ADD a int']],
  ['ALTER TABLE t /* one, two */ -- three, four\n  ADD a int', ['ADD a int']],
  ["ALTER TABLE t ALTER a SET DEFAULT E'\\',', ADD b int", ["ALTER a SET DEFAULT E'\\'", 'ADD b int']],
  ['ALTER TABLE t ALTER a SET DEFAULT $x$ , $$ , $x$, ADD b int', ['ALTER a SET DEFAULT $x$', 'ADD b int']],
  ['ALTER TABLE größe ADD CHECK (a IN (1, 2)), ADD b int[2]', ['ADD CHECK (a IN (1', 'ADD b int[2]']],
])('finds the commands of %s', (text, expected) => {
  expect(commandsOf(text)).toEqual(expected);
});
