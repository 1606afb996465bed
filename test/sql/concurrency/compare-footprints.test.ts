/** Which migrations may run at the same time, and the reason where they may not. */

import { expect, test } from 'vitest';
import { doLocksConflict, type LockMode, lockModes } from '../../../src/sql/impact/impact.js';
import { loadParser } from '../../../src/sql/syntax/parse.js';
import { judgePair } from './judge-pair.js';

const parser = await loadParser();

const base = `CREATE TABLE users (id int PRIMARY KEY, name text);
CREATE TABLE orders (id int PRIMARY KEY, total int);
CREATE FUNCTION total() RETURNS int LANGUAGE plpgsql AS 'BEGIN RETURN 1; END';
CREATE TYPE mood AS ENUM ('sad');
CREATE SCHEMA shop;`;

function judge(one: string, other: string) {
  return judgePair(parser, base, [one, other]);
}

test.each([
  ['CREATE TABLE a (id int)', 'CREATE TABLE b (id int)'],
  ['CREATE TABLE a (id int); CREATE INDEX ON a (id); INSERT INTO a VALUES (1)', 'CREATE TABLE b (id int)'],
  ['CREATE INDEX ON users (name)', 'CREATE INDEX ON orders (total)'],
  ['ALTER TABLE users ADD a int', 'ALTER TABLE orders ADD a int'],
  ['CREATE VIEW v AS SELECT id FROM users', 'CREATE VIEW w AS SELECT id FROM users'],
  ['CREATE TABLE a (user_id int REFERENCES users)', 'CREATE TABLE b (order_id int REFERENCES orders)'],
  ['CREATE INDEX CONCURRENTLY a ON users (name)', 'CREATE INDEX CONCURRENTLY b ON orders (total)'],
  ['CREATE INDEX CONCURRENTLY a ON users (name)', 'ALTER TABLE orders ADD a int'],
  ['GRANT SELECT ON users TO public', 'GRANT SELECT ON orders TO public'],
  ["CREATE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT 1'", 'CREATE TABLE a (id int)'],
  ["CREATE TYPE size AS ENUM ('s')", "CREATE TYPE color AS ENUM ('red')"],
])('together: %s | %s', (one, other) => {
  const verdicts = judge(one, other);
  expect([verdicts.whyAlone(1), verdicts.whyAlone(2)]).toEqual([undefined, undefined]);
  expect(verdicts.whyApart(1, 2)).toBeUndefined();
});

test.each([
  ['lock', 'CREATE TABLE a (user_id int REFERENCES users)', 'CREATE TABLE b (user_id int REFERENCES users)'],
  ['lock', 'LOCK TABLE users; LOCK TABLE orders', 'LOCK TABLE orders; LOCK TABLE users'],
  ['lock', 'CREATE INDEX ON users (name)', 'CREATE INDEX CONCURRENTLY a ON users (id)'],
  ['lock', 'CREATE INDEX CONCURRENTLY a ON users (name)', 'CREATE INDEX CONCURRENTLY b ON users (id)'],
  [
    'lock',
    'CREATE INDEX a ON users (name); CREATE STATISTICS c ON id, name FROM users',
    'CREATE INDEX b ON users (id); CREATE STATISTICS d ON name, id FROM users',
  ],
  ['lock', 'GRANT SELECT ON users TO ada', 'GRANT SELECT ON users TO ben'],
  ['lock', 'GRANT SELECT (name) ON users TO ada', 'ALTER TABLE users ADD a int'],
  ['catalog row', 'GRANT USAGE ON SCHEMA shop TO ada', 'GRANT USAGE ON SCHEMA shop TO ben'],
  ['catalog row', 'ALTER FUNCTION total() COST 5', 'ALTER FUNCTION total() OWNER TO ada'],
  ['catalog row', "CREATE COLLATION a (locale = 'C')", "CREATE COLLATION b (locale = 'C')"],
  [
    'catalog row',
    "ALTER TYPE mood RENAME VALUE 'sad' TO 'blue'",
    "ALTER TYPE mood RENAME VALUE 'ok' TO 'fine'",
  ],
  ['lock', 'UPDATE orders SET id = 7', 'UPDATE orders SET total = 8'],
  ['snapshot', 'CREATE INDEX CONCURRENTLY a ON users (name)', 'CREATE INDEX ON orders (total)'],
  ['snapshot', 'UPDATE orders SET total = 1 WHERE id = 2', 'CREATE INDEX CONCURRENTLY a ON users (name)'],
  ['conflict', 'CREATE TABLE a (id int)', 'CREATE TABLE a (id int, b int)'],
  [
    'conflict',
    'CREATE FUNCTION g() RETURNS int LANGUAGE sql AS $$SELECT 1$$',
    'CREATE OR REPLACE FUNCTION g() RETURNS int LANGUAGE sql AS $$SELECT 2$$',
  ],
  [
    'lock',
    "CREATE FUNCTION f() RETURNS bigint LANGUAGE sql AS 'SELECT count(*) FROM users'",
    'LOCK TABLE users',
  ],
])('apart (%s): %s | %s', (reason, one, other) => {
  const verdicts = judge(one, other);
  expect([verdicts.whyAlone(1), verdicts.whyAlone(2)]).toEqual([undefined, undefined]);
  const apart = verdicts.whyApart(1, 2);
  expect(apart?.reason).toBe(reason);
  const back = verdicts.whyApart(2, 1);
  expect([back?.one, back?.other]).toEqual([apart?.other, apart?.one]);
});

test.each([
  ['DROP TYPE mood', 'drops type mood'],
  ['DROP FUNCTION total()', 'drops function total'],
  ['DROP SCHEMA shop', 'drops schema shop'],
  ['DROP TABLE users CASCADE', 'drops table users with CASCADE'],
  ['CREATE ROLE ada', 'creates role ada'],
  ['CREATE EXTENSION citext', 'creates extension citext'],
  ['ALTER DEFAULT PRIVILEGES GRANT SELECT ON TABLES TO ada', 'changes default privileges'],
  ['GRANT SELECT ON ALL TABLES IN SCHEMA shop TO ada', 'changes privileges of schema shop'],
  ['DO $$BEGIN EXECUTE lower(current_user); END$$', 'runs dynamic SQL, which cannot be read'],
  [
    'DO $$BEGIN PERFORM 1; END$$',
    'runs code whose locks are not known: a function, a trigger, a foreign key or a block',
  ],
  ['SELECT total()', 'runs code whose locks are not known: a function, a trigger, a foreign key or a block'],
  ['VACUUM users', 'runs a statement that cannot run in a transaction'],
  ['no SQL at all', 'runs a text that is not SQL, which cannot be read'],
])('alone: %s', (sql, words) => {
  expect(judge(`CREATE TABLE first (id int);\n${sql}`, 'SELECT 1').whyAlone(1)?.words).toBe(words);
});

test('the place is that of the statement', () => {
  const apart = judge(
    'SELECT 1;\n  LOCK TABLE users;',
    'CREATE TABLE a (id int);\n\nLOCK TABLE users;',
  ).whyApart(1, 2);
  expect([apart?.one.place, apart?.other.place]).toMatchObject([
    { line: 2, column: 3 },
    { line: 3, column: 1 },
  ]);
});

test('lock modes conflict as the documentation of PostgreSQL says', () => {
  const table = lockModes.map((one) =>
    lockModes.map((other) => (doLocksConflict(one, other) ? 'X' : '-')).join(''),
  );
  expect(table).toEqual([
    '-------X',
    '------XX',
    '----XXXX',
    '---XXXXX',
    '--XX-XXX',
    '--XXXXXX',
    '-XXXXXXX',
    'XXXXXXXX',
  ] satisfies string[]);
  const modes: readonly LockMode[] = lockModes;
  for (const one of modes)
    for (const other of modes) expect(doLocksConflict(one, other)).toBe(doLocksConflict(other, one));
});
