/** Changes by hand, chosen by chance: `kat drift` names exactly these, its SQL puts them back, and what it takes over does the same elsewhere. */

import { expect, test } from 'vitest';
import { createRandom } from '../reliability/crash-folder.js';
import { freshDatabase, majors } from '../support/database.js';
import { documentOf } from '../support/document.js';
import { type DatabaseProject, projectOn } from '../support/kat-project.js';

const migrations = {
  '1_shop': `CREATE TYPE mood AS ENUM ('sad', 'happy');
CREATE TABLE users (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, email text NOT NULL, age int);
CREATE TABLE orders (id serial PRIMARY KEY, buyer bigint REFERENCES users, title varchar(20), price numeric CONSTRAINT priced CHECK (price > 0));
CREATE INDEX orders_title ON orders (title);
CREATE VIEW adults AS SELECT id FROM users WHERE age > 17;
CREATE FUNCTION twice(n int) RETURNS int LANGUAGE sql RETURN 2 * n;`,
  '2_branch': { up: 'CREATE TABLE tags (name text); CREATE TABLE pairs (a int, b int);', parents: [1] },
  '3_other_branch': { up: 'CREATE TABLE notes (text text);', parents: [1] },
};

/** What each of them is called. None touches what another one is about. */
const byHand: readonly (readonly [sql: string, sentence: string])[] = [
  ['ALTER TABLE users ADD phone text', 'column public.users.phone was added'],
  ['ALTER TABLE users ALTER age SET NOT NULL', 'column public.users.age was changed: is now NOT NULL'],
  [
    "ALTER TABLE users ALTER email SET DEFAULT 'none'",
    "column public.users.email was changed: default is now 'none'::text",
  ],
  ['ALTER TABLE orders DROP CONSTRAINT priced', 'constraint priced on public.orders was removed'],
  [
    'ALTER TABLE orders ALTER price TYPE numeric(10, 2)',
    'column public.orders.price was changed: type was numeric, is now numeric(10,2)',
  ],
  ['DROP INDEX orders_title', 'index public.orders_title was removed'],
  ['CREATE INDEX hot ON orders (buyer)', 'index public.hot was added'],
  ['DROP VIEW adults', 'view public.adults was removed'],
  [
    'CREATE OR REPLACE FUNCTION twice(n int) RETURNS int LANGUAGE sql RETURN n + n',
    'function public.twice(integer) was changed: definition differs',
  ],
  [
    'CREATE FUNCTION thrice(n int) RETURNS int LANGUAGE sql RETURN 3 * n',
    'function public.thrice(integer) was added',
  ],
  ["CREATE TYPE colour AS ENUM ('red')", 'enum type public.colour was added'],
  ['CREATE SEQUENCE tickets', 'sequence public.tickets was added'],
  ['CREATE TABLE leftover (id int PRIMARY KEY)', 'table public.leftover was added'],
  ['GRANT SELECT ON tags TO pg_monitor', 'privileges of pg_monitor on table public.tags were added'],
  ['ALTER TABLE tags ENABLE ROW LEVEL SECURITY', 'table public.tags was changed: row security is now yes'],
  ["COMMENT ON TABLE notes IS 'by hand'", 'comment on table public.notes was added'],
  ['ALTER TABLE notes ADD CONSTRAINT noted UNIQUE (text)', 'constraint noted on public.notes was added'],
  ['DROP TABLE pairs', 'table public.pairs was removed'],
];

const timeoutMs = 60_000;

interface Difference {
  sentence: string;
  putBack: { statements: string[] };
}

async function driftOf({ kat }: DatabaseProject, ...args: string[]): Promise<Difference[]> {
  const run = await kat(['drift', '--json', ...args], { timeoutMs });
  return documentOf(run).differences as Difference[];
}

/** @returns `count` of them, in an order by chance. */
function choose(seed: number, count: number): typeof byHand {
  const random = createRandom(seed);
  const places = byHand.map((change) => ({ change, place: random() }));
  return places
    .sort((a, b) => a.place - b.place)
    .slice(0, count)
    .map(({ change }) => change);
}

test.each([1, 3, 37])('seed %i', { timeout: 6 * timeoutMs }, async (seed) => {
  const project = await projectOn(majors().at(-1) as number, { migrations });
  const { database } = project;
  const chosen = choose(seed, 7);
  const change = async () => {
    for (const [sql] of chosen) await database.query(sql);
  };
  await project.migrate();
  await change();
  const found = await driftOf(project);
  expect(found.map(({ sentence }) => sentence).sort()).toEqual(chosen.map(([, sentence]) => sentence).sort());
  for (const { putBack } of found) for (const sql of putBack.statements) await database.query(sql);
  expect(await driftOf(project)).toEqual([]);

  await change();
  expect(await driftOf(project, '--adopt', 'by hand')).toEqual([]);
  const other = await freshDatabase(majors().at(-1) as number);
  const env = { KAT_MIGRATION_DATABASE_URL: other.url };
  expect((await project.kat('up', { env })).code).toBe(0);
  expect(await project.kat(['diff', database.url, other.url])).toMatchObject({ code: 0 });
  await other.drop();
});
