/** Puts statements together at random, in a row or inside of blocks and functions. */

import fc from 'fast-check';
import { alterTable, indexes } from './alterations.js';
import { database } from './database.js';
import { objects } from './objects.js';
import { createTable } from './tables.js';

/** One statement of any kind. */
const statement: fc.Arbitrary<string> = fc.oneof(
  { weight: 3, arbitrary: createTable },
  { weight: 4, arbitrary: alterTable },
  { weight: 2, arbitrary: indexes },
  { weight: 5, arbitrary: objects },
  { weight: 4, arbitrary: database },
);

/** SQL inside of a body must not hold the quotes of the body. */
const simple = statement.filter((text) => !text.includes('$$') && !text.startsWith('select'));

const inside = fc.oneof(
  simple.map((text) => `do $$ begin ${text}; end $$`),
  simple.map((text) => `do $$ begin if true then ${text}; else ${text}; end if; end $$`),
  simple.map(
    (text) =>
      `do $$ declare n int := 1; begin perform n; ${text}; exception when unique_violation then null; end $$`,
  ),
  simple.map((text) => `do $$ begin execute $sql$ ${text} $sql$; end $$`),
  simple.map(
    (text) =>
      `create function doing() returns void language plpgsql as $$ begin ${text}; end $$; select doing(); drop function doing()`,
  ),
  simple.map((text) => `create procedure doing() language plpgsql as $$ begin ${text}; end $$; call doing()`),
  simple.map((text) => `create function doing() returns void language sql as $$ ${text} $$; select doing()`),
);

const some = fc.oneof({ weight: 8, arbitrary: statement }, { weight: 1, arbitrary: inside });

/** One to four statements. Some of what is made is nonsense that PostgreSQL refuses. */
export const texts: fc.Arbitrary<readonly string[]> = fc.array(some, { minLength: 1, maxLength: 4 });
