/** What exactly takes the place of a migration, and what is left alone. */

import { expect, test } from 'vitest';
import { fixSql, showDrafts } from './fix-sql.js';

const applied = [
  'CREATE TABLE users (id bigint PRIMARY KEY, email text, age int);',
  'CREATE TABLE keyed (id bigint PRIMARY KEY, a int, b int, CONSTRAINT keyed_key UNIQUE (a));',
  "CREATE TABLE measures (at date, user_id bigint) PARTITION BY RANGE (at); CREATE TABLE measures_rest PARTITION OF measures DEFAULT; CREATE TABLE measures_24 PARTITION OF measures FOR VALUES FROM ('2024-01-01') TO ('2025-01-01'); CREATE INDEX ON measures (user_id);",
];

function fixed(up: string, down?: string, isTransactional = true): string {
  return showDrafts(fixSql({ applied, up, down, isTransactional }));
}

test('an index leaves the transaction, and everything else stays in it', () => {
  const up = `-- Tags
CREATE TABLE tags (id bigint PRIMARY KEY);

-- Emails are looked up
create index on users (email); -- often
ALTER TABLE tags ADD COLUMN name text;`;
  expect(fixed(up, 'DROP TABLE tags;\nDROP INDEX users_email_idx;')).toBe(`== itself
-- Tags
CREATE TABLE tags (id bigint PRIMARY KEY);
ALTER TABLE tags ADD COLUMN name text;
-- down
DROP TABLE tags;
== concurrently (no_transaction)
-- Emails are looked up
create index concurrently users_email_idx on users (email); -- often
-- down
DROP INDEX CONCURRENTLY users_email_idx;
`);
});

test('a constraint holds for new rows first, and for all in a transaction of its own', () => {
  const up = 'ALTER TABLE users ADD CHECK (age > 0), ADD COLUMN note text;';
  expect(fixed(up, 'ALTER TABLE users DROP COLUMN note, DROP CONSTRAINT users_age_check;')).toBe(`== itself
ALTER TABLE users ADD COLUMN note text;
ALTER TABLE users ADD CONSTRAINT users_age_check CHECK (age > 0) NOT VALID;
-- down
ALTER TABLE users DROP COLUMN note, DROP CONSTRAINT users_age_check;
== validate
ALTER TABLE users VALIDATE CONSTRAINT users_age_check;
-- down
-- Nothing to take back.
`);
});

test('NOT NULL is proven by a check that goes again', () => {
  expect(fixed('ALTER TABLE users ALTER email SET NOT NULL;', 'SELECT 1;')).toBe(`== itself
ALTER TABLE users ADD CONSTRAINT users_email_filled CHECK (email IS NOT NULL) NOT VALID;
-- down
SELECT 1;
ALTER TABLE users DROP CONSTRAINT users_email_filled;
== validate
ALTER TABLE users VALIDATE CONSTRAINT users_email_filled;
-- down
-- Nothing to take back.
== not_null
ALTER TABLE users ALTER email SET NOT NULL;
ALTER TABLE users DROP CONSTRAINT users_email_filled;
-- down
ALTER TABLE users ADD CONSTRAINT users_email_filled CHECK (email IS NOT NULL) NOT VALID;
ALTER TABLE users ALTER COLUMN email DROP NOT NULL;
`);
});

test('a unique key takes over an index', () => {
  expect(fixed('ALTER TABLE users ADD UNIQUE (email, age);')).toBe(`== itself (no_transaction)
CREATE UNIQUE INDEX CONCURRENTLY users_email_age_key ON users (email, age);
-- down
== constraint
ALTER TABLE users ADD CONSTRAINT users_email_age_key UNIQUE USING INDEX users_email_age_key;
-- down
`);
});

test('a down.sql without statements stays what it is, in every part', () => {
  const down = '-- There is no down.sql\n';
  const drafts = fixSql({ applied, up: 'ALTER TABLE users ADD CHECK (age > 0);', down });
  expect(drafts.map((draft) => draft.down)).toEqual([down, down]);
});

test('each index goes on its own', () => {
  const context = ['CREATE INDEX a ON users (age); CREATE INDEX b ON users (email);'];
  const drafts = fixSql({
    applied: [...applied, ...context],
    up: 'drop index if exists a, public.b;',
    down: '',
  });
  expect(drafts.map(({ up }) => up)).toEqual([
    'DROP INDEX CONCURRENTLY IF EXISTS a;\nDROP INDEX CONCURRENTLY IF EXISTS public.b;\n',
  ]);
});

const leftAlone: [why: string, up: string, down?: string][] = [
  [
    'a key that comes with its column',
    'ALTER TABLE users ADD COLUMN phone text UNIQUE, ADD COLUMN note text;',
  ],
  [
    'a check that comes with its column',
    'ALTER TABLE users ADD COLUMN size int CHECK (size > 0), DROP COLUMN age;',
  ],
  [
    'a foreign key that comes with its column',
    'ALTER TABLE users ADD COLUMN boss bigint DEFAULT 1 REFERENCES users;',
  ],
  ['a primary key', 'ALTER TABLE users DROP CONSTRAINT users_pkey, ADD PRIMARY KEY (email);'],
  ['an index of a partitioned table', 'CREATE INDEX ON measures (at);'],
  [
    'a foreign key of a partitioned table',
    'ALTER TABLE measures ADD FOREIGN KEY (user_id) REFERENCES users;',
  ],
  ['a table with a default partition', 'ALTER TABLE measures DETACH PARTITION measures_24;'],
  ['a key with options', 'ALTER TABLE users ADD UNIQUE (email) INCLUDE (age);'],
  ['a key that is deferred', 'ALTER TABLE users ADD UNIQUE (email) DEFERRABLE;'],
  [
    'a transaction of its own in the middle',
    'ALTER TABLE users ADD CHECK (age > 0); COMMIT; BEGIN; SELECT 1;',
  ],
  [
    'a way back that cannot be looked into',
    'CREATE TABLE tags (id int PRIMARY KEY); CREATE INDEX ON users (age);',
    `DO $$ BEGIN EXECUTE (SELECT 'DROP INDEX ' || relname FROM pg_class LIMIT 1); END $$; DROP TABLE tags;`,
  ],
  [
    'a way back that uses the same names for something else',
    'ALTER TABLE keyed ADD CONSTRAINT tmp UNIQUE (a, b); ALTER TABLE keyed DROP CONSTRAINT keyed_key; ALTER TABLE keyed RENAME CONSTRAINT tmp TO keyed_key;',
    'ALTER TABLE keyed ADD CONSTRAINT tmp UNIQUE (a); ALTER TABLE keyed DROP CONSTRAINT keyed_key; ALTER TABLE keyed RENAME CONSTRAINT tmp TO keyed_key;',
  ],
  ['a way back that is no SQL', 'ALTER TABLE users ADD CHECK (age > 0);', 'DROP CONSTRAINT'],
  [
    'settings in the middle of the way back',
    'ALTER TABLE users ADD CHECK (age > 0);',
    'SELECT 1; SET search_path = app; ALTER TABLE public.users DROP CONSTRAINT users_age_check;',
  ],
  [
    'somebody who answers for it',
    '-- kat:ignore add-check-validated few rows\nALTER TABLE users ADD CHECK (age > 0);',
  ],
];

test.each(leftAlone)('%s is left alone', (_, up, down) => {
  expect(fixSql({ applied, up, down })).toEqual([{ label: undefined, up, down, isTransactional: true }]);
});

test('each migration that comes of one has a name of its own', () => {
  const up =
    'CREATE INDEX a ON users (email); CREATE TABLE t (id int); DROP INDEX a; CREATE INDEX b ON users (age);';
  const drafts = fixSql({
    applied,
    up: 'ALTER TABLE users ADD CHECK (age > 0); ALTER TABLE users ADD CHECK (age < 200); ALTER TABLE keyed ADD CHECK (a > 0);',
  });
  const labels = [...drafts, ...fixSql({ applied, up })].flatMap(({ label }) => label ?? []);
  const own = drafts.flatMap(({ label }) => label ?? []);
  expect(labels.length).toBeGreaterThan(2);
  expect(new Set(own).size).toBe(own.length);
});

test('a change of rows is taken back with the change of rows', () => {
  const up = 'UPDATE users SET age = age * 2;\nCREATE INDEX users_age ON users (age);';
  expect(fixed(up, 'DROP INDEX users_age;\nUPDATE users SET age = age / 2;')).toBe(`== itself
UPDATE users SET age = age * 2;
-- down
UPDATE users SET age = age / 2;
== concurrently (no_transaction)
CREATE INDEX CONCURRENTLY users_age ON users (age);
-- down
DROP INDEX CONCURRENTLY users_age;
`);
});

test.each([
  [
    'what gets another name behind it',
    'ALTER TABLE users ADD CONSTRAINT k FOREIGN KEY (age) REFERENCES keyed (a);\nALTER TABLE users RENAME CONSTRAINT k TO users_k;\n',
    'ALTER TABLE users DROP CONSTRAINT users_k;',
  ],
  [
    'what calls functions that nobody knows',
    'CREATE INDEX users_age ON users (age);\nSELECT fill();\n',
    'SELECT unfill();\nDROP INDEX users_age;',
  ],
  [
    'what takes back something that the file has not done',
    'CREATE INDEX users_age ON users (age);\nSELECT fill();\n',
    'DROP INDEX users_age;\nDELETE FROM keyed WHERE a = 1;',
  ],
  [
    'what may be taken back in several parts',
    'ALTER TABLE users SET (fillfactor = 70);\nCREATE INDEX users_age ON users (age);\n',
    'DROP INDEX users_age;\nCOMMENT ON TABLE users IS NULL;',
  ],
])('%s is not taken apart', (_, up, down) => {
  expect(fixed(up, down)).toBe(`== itself\n${up}-- down\n${down}`);
});
