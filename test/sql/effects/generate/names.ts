/** Names for the statements that are made at random: of what is there, and of what is new. */

import type fc from 'fast-check';
import { oneOf } from '../../../support/random-sql.js';

/** As a name of `public` may be written. */
function written(name: string): fc.Arbitrary<string> {
  return oneOf(name, name, `public.${name}`, `"public"."${name}"`);
}

function among(...names: string[]): fc.Arbitrary<string> {
  return oneOf(...names).chain(written);
}

/** Tables that are there before. */
export const table = among('users', 'posts', 'loose', 'animals', 'cats', 'measures', 'users', 'posts');

/** Their columns, of which a table has some. */
export const column = oneOf(
  'id',
  'email',
  'name',
  'mood',
  'age',
  'user_id',
  'title',
  'body',
  'score',
  'value',
  'at',
  'legs',
);

/** A name that nobody has. Each kind of object takes its own, so that later statements find it again. */
export const newTable = oneOf(
  'fresh',
  '"Odd Name"',
  'app.fresh',
  'a_table_with_such_a_long_name_that_nothing_can_be_added_to_it',
);
export const newColumn = oneOf(
  'extra',
  '"Extra Col"',
  'e2',
  'a_column_with_such_a_long_name_that_nothing_can_be_added_to',
);
export const newName = oneOf('other', '"Other"', 'renamed', 'moved');
export const schema = oneOf('app', 'public');

export const sequence = among('counter', 'users_id_seq', 'posts_id_seq');
export const index = among('posts_title', 'users_pkey', 'users_email_key', 'posts_pkey');
export const role = oneOf('reader', 'current_user');
export const cascade = oneOf('', '', ' cascade', ' restrict');
export const ifExists = oneOf('', '', ' if exists');
export const ifNotExists = oneOf('', '', ' if not exists');

/** A type, builtin or not. */
export const type = oneOf(
  ...[
    'int',
    'bigint',
    'text',
    'varchar(20)',
    'numeric(8, 2)',
    'timestamptz',
    'jsonb',
    'uuid',
    'text[]',
    'date',
  ],
  ...['mood', 'pair', 'positive', 'public.mood[]', 'users', 'int4range', 'double precision'],
);
