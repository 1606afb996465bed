/** `kat.deps()` as programs call it: what it finds, what it infers, and that what it writes applies in any order. */
import { describe, expect, test } from 'vitest';
import type { DepsResult } from '../../src/index.js';
import { majors, type Row } from '../support/database.js';
import { contentOf, makeProject, projectOn } from '../support/kat-project.js';
import { failureOf, openKat } from './library.js';

const outline = ({ findings }: DepsResult) =>
  findings.map(({ severity, code, migration }) => `${severity}[${code}] ${migration}`);

const users = 'CREATE TABLE users (id bigint PRIMARY KEY);';
const posts = 'CREATE TABLE posts (id bigint PRIMARY KEY, author bigint REFERENCES users);';

const nobody = 'which no migration creates';
const fn = 'CREATE FUNCTION f(t text) RETURNS bool LANGUAGE sql AS $$SELECT true$$';
const noLonger = 'which 1_a creates, but which no longer exists at this point';

test.each([
  ['DROP TABLE b', `table b, ${nobody}`],
  ['DROP TYPE b', `type b, ${nobody}`],
  ['DROP SCHEMA b', `schema b, ${nobody}`],
  ['CREATE TABLE b.c ()', `schema b, ${nobody}`],
  ['CREATE TABLE IF NOT EXISTS b.c ()', `schema b, ${nobody}`],
  ['CREATE FUNCTION b.f() RETURNS int LANGUAGE sql AS $$SELECT 1$$', `schema b, ${nobody}`],
  ['DROP TABLE a; DROP TABLE a', `table a, ${noLonger}`],
  ['ALTER TABLE a RENAME TO c; ALTER TABLE a ADD x int', `table a, ${noLonger}`],
  ['DROP TABLE IF EXISTS b', undefined],
  ['CREATE SCHEMA b; CREATE TABLE b.c (); DROP TABLE b.c; DROP SCHEMA b', undefined],
  ['CREATE TABLE public.c (); CREATE TEMP TABLE d (); DROP TABLE d, c', undefined],
  ['CREATE SCHEMA b CREATE TABLE c ()', undefined],
  // What is left after a DROP without CASCADE had lost its need of the dropped object before.
  [
    `${fn}; CREATE DOMAIN d AS text CONSTRAINT c CHECK (f(value)); ALTER DOMAIN d DROP CONSTRAINT c; DROP FUNCTION f; CREATE TABLE b (x d)`,
    undefined,
  ],
  [
    'CREATE DOMAIN d AS text; CREATE TYPE p AS (x d, y int); ALTER TYPE p DROP ATTRIBUTE x; DROP DOMAIN d; CREATE TABLE b (x p)',
    undefined,
  ],
  [
    `${fn}; CREATE POLICY p ON a USING (f('')); ALTER POLICY p ON a USING (true); DROP FUNCTION f; DROP POLICY p ON a`,
    undefined,
  ],
  // Nobody writes down what goes along with a table or column.
  ...(
    [
      ['ALTER TABLE t DROP COLUMN b; DROP INDEX i', 'index i'],
      ['ALTER TABLE t DROP COLUMN b; ALTER TABLE t DROP CONSTRAINT t_b_key', 'constraint t.t_b_key'],
      ['ALTER TABLE t DROP COLUMN b; ALTER TABLE t DROP COLUMN b', 'column t.b'],
      ['DROP TABLE t; DROP SEQUENCE s', 'sequence s'],
      ['DROP TABLE t CASCADE; DROP MATERIALIZED VIEW m', 'materialized view m'],
      ['DROP INDEX i; DROP INDEX i', 'index i'],
      ['ALTER TABLE t DROP COLUMN b; DROP INDEX IF EXISTS i', undefined],
      ['ALTER TABLE t RENAME COLUMN b TO c; DROP INDEX i', undefined],
      ['ALTER TABLE t ALTER b TYPE text; DROP INDEX i', undefined],
      ['ALTER TABLE t RENAME TO u; ALTER TABLE u DROP CONSTRAINT t_b_key', undefined],
      ['DROP INDEX i; CREATE INDEX i ON t (id); DROP INDEX i', undefined],
      ['DROP INDEX nobody', undefined],
      ['do $$ begin if false then drop index i; end if; end $$; DROP INDEX i', undefined],
      ['DROP TABLE t CASCADE; CREATE TABLE t AS SELECT * FROM a; ALTER TABLE t DROP COLUMN b', undefined],
    ] as const
  ).map(
    ([up, gone]) =>
      [
        `CREATE TABLE t (id int, b int UNIQUE); CREATE INDEX i ON t (b); CREATE SEQUENCE s OWNED BY t.b; CREATE MATERIALIZED VIEW m AS SELECT id FROM t; ${up}`,
        gone && `${gone}, which 2_b creates, but which no longer exists at this point`,
      ] as [string, string | undefined],
  ),
])('what a statement needs and nothing leaves is named, with the reason: %s', async (up, words) => {
  const { kat } = openKat(
    makeProject({ migrations: { '1_a': 'CREATE TABLE a ();', '2_b': { up, parents: [1] } } }),
  );
  const { findings } = await kat.deps();
  const unknown = findings.filter(({ code }) => code === 'unknown');
  expect(unknown.map(({ message }) => message)).toEqual(words ? [`line 1 references ${words}`] : []);
});

test('what is needed without being an ancestor is undeclared, told once and with both places', async () => {
  const { kat } = openKat(
    makeProject({
      migrations: {
        '1_users': users,
        '2_posts': `-- who wrote what\n${posts}`,
        '3_index': { up: 'CREATE INDEX ON posts (author);', parents: [2] },
        '4_view': {
          up: 'CREATE VIEW v AS SELECT p.id FROM posts p JOIN users u ON u.id = p.author;',
          parents: [3],
        },
      },
    }),
  );
  const result = await kat.deps();
  expect(outline(result)).toEqual(['error[undeclared] 2_posts']);
  expect(result.findings[0]).toMatchObject({
    message:
      'needs 1_users, which is not among its ancestors: line 2 references table users, which 1_users creates (1_users/up.sql:1:14)',
    location: { line: 2, sourceLine: posts },
  });
  expect(result).toMatchObject({
    isValid: false,
    counts: { errors: 1, warnings: 0, infos: 0 },
    isDryRun: false,
  });
  const [, second] = result.migrations;
  expect(second).toMatchObject({ id: '2_posts', parents: [], inferredParents: ['1_users'], opaque: [] });
  expect(second?.needs).toMatchObject([{ id: '1_users', isAncestor: false }]);
  expect(outline(await kat.deps({ of: ['index'] }))).toEqual([]);
});

test('who needs what comes later is told so, and when that follows it, that there would be a cycle', async () => {
  const project = makeProject({
    migrations: {
      '1_posts': posts,
      '2_users': users,
      '3_view': 'CREATE VIEW recent AS SELECT id FROM events;',
      '4_events': { up: 'CREATE TABLE events (id bigint);', parents: [3] },
    },
  });
  const { kat } = openKat(project);
  const result = await kat.deps();
  const messages = result.findings.filter(({ code }) => code === 'undeclared').map(({ message }) => message);
  expect(messages).toEqual([
    expect.stringMatching(/^needs 2_users, which comes later: line 1 references .*users/),
    expect.stringMatching(
      /^needs 4_events, which is its descendant, so the edge would close a cycle: line 1 .*events/,
    ),
  ]);
  const fixed = await kat.deps({ fix: true });
  expect(fixed.changes).toMatchObject([{ id: '1_posts', before: [], after: ['2_users'] }]);
  expect(outline(fixed)).toEqual(['error[undeclared] 3_view']);
});

test('who uses a table that was dropped and made again follows the newest one', async () => {
  const project = makeProject({
    migrations: {
      '1_users': 'CREATE TABLE users (id int);',
      '2_drop': { up: 'CREATE TABLE users_new (id int, n int); DROP TABLE users;', parents: [1] },
      '3_again': { up: 'ALTER TABLE users_new RENAME TO users;', parents: [2] },
      '4_uses': 'ALTER TABLE users ADD x int;',
    },
  });
  const { kat } = openKat(project);
  const fixed = await kat.deps({ fix: true });
  expect(fixed.changes).toMatchObject([{ id: '4_uses', after: ['3_again'] }]);
  expect(outline(fixed)).toEqual([]);
});

test('a newer migration that makes the table again comes behind its older users', async () => {
  const project = makeProject({
    migrations: {
      '1_x': 'CREATE TABLE x (id int);',
      '2_uses': 'ALTER TABLE x ADD y int;',
      '3_had': { up: 'ALTER TABLE x ADD z int;', parents: [1] },
      '4_drop': { up: 'DROP TABLE x;', parents: [1] },
      '5_again': 'CREATE TABLE x (id text);',
    },
  });
  const { kat } = openKat(project);
  const fixed = await kat.deps({ fix: true });
  expect(fixed.changes?.map(({ id, after }) => [id, after])).toEqual([
    ['2_uses', ['1_x']],
    ['4_drop', ['1_x', '2_uses', '3_had']],
    ['5_again', ['4_drop']],
  ]);
  const { findings } = await kat.deps();
  expect(findings.filter(({ code }) => code === 'undeclared')).toEqual([]);
});

test('what only the new parents show gets its parent, too', async () => {
  const project = makeProject({
    migrations: {
      '1_t': 'CREATE TABLE t (a int, b int);',
      '2_index': { up: 'CREATE INDEX i ON t (a);', parents: [1] },
      '3_drop_index': 'DROP INDEX i;',
      '4_drop_column': { up: 'ALTER TABLE t DROP COLUMN a;', parents: [1] },
    },
  });
  const { kat } = openKat(project);
  const before = project.snapshot();
  const tried = await kat.deps({ fix: true, dryRun: true });
  expect(project.snapshot()).toEqual(before);
  const fixed = await kat.deps({ fix: true });
  expect(fixed.changes).toMatchObject([
    { id: '3_drop_index', before: [], after: ['2_index'] },
    { id: '4_drop_column', before: ['1_t'], after: ['1_t', '2_index', '3_drop_index'] },
  ]);
  expect(tried.changes).toEqual(fixed.changes);
  expect(fixed.counts).toMatchObject({ errors: 0, warnings: 0 });
});

test('edges that close a cycle together are refused, and nothing is written', async () => {
  const project = makeProject({
    migrations: {
      '1_a': 'CREATE VIEW v AS SELECT 1 FROM b;',
      '2_b': 'CREATE TABLE b (id int); CREATE VIEW w AS SELECT 1 FROM c;',
      '3_c': { up: 'CREATE TABLE c (id int);', parents: [1] },
    },
  });
  const before = project.snapshot();
  const error = await failureOf(openKat(project).kat.deps({ fix: true }));
  expect(error).toMatchObject({ code: 'GRAPH_INVALID', problems: [{ title: 'Cycle detected' }] });
  expect(project.snapshot()).toEqual(before);
});

test('names that nobody creates are warnings, unless something unseen may have, or a comment says who does', async () => {
  const project = makeProject({
    migrations: {
      '1_a': 'CREATE VIEW v AS SELECT id FROM nowhere;',
      '2_b': "DO $$ BEGIN EXECUTE 'CREATE TABLE ' || current_user; END $$; SELECT * FROM ada;",
      '3_c': '-- kat:provides elsewhere by hand\nCREATE VIEW w AS SELECT id FROM elsewhere;',
      '4_d': 'SELEC 1;',
    },
  });
  const { kat } = openKat(project);
  const result = await kat.deps();
  expect(outline(result)).toEqual(['error[syntax] 4_d', 'warning[unknown] 1_a', 'info[unknown] 2_b']);
  expect(result.findings[1]?.message).toBe('line 1 references relation nowhere, which no migration creates');
  expect(result.migrations[1]?.opaque).toMatchObject([{ location: { line: 1 } }]);
  expect(result.migrations[3]?.opaque).toMatchObject([{ reason: 'a text that is not SQL' }]);
  const some = await kat.deps({ of: ['1_a'] });
  expect([some.isValid, (await kat.deps({ of: ['1_a'], strict: true })).isValid]).toEqual([true, false]);
  project.addMigration('5_e', { up: 'CREATE VIEW x AS SELECT id FROM hidden;', parents: [2, 4] });
  expect(outline(await kat.deps())).toContain('info[unknown] 5_e');
});

test('a function of a well-known extension is named with it, and is no warning', async () => {
  const distribute = "SELECT create_distributed_table('users', 'id');";
  const project = makeProject({
    migrations: { '1_users': users, '2_far': { up: distribute, parents: [1] } },
  });
  const { kat } = openKat(project);
  const result = await kat.deps();
  expect(outline(result)).toEqual(['info[unknown] 2_far']);
  expect(result.findings[0]).toMatchObject({
    message:
      'line 1 references function create_distributed_table of the extension citus, which no migration creates',
    help: expect.stringContaining('Add CREATE EXTENSION to a migration.'),
  });
  project.addMigration('0_citus', 'CREATE EXTENSION citus;');
  project.addMigration('1_users', { up: users, parents: [0] });
  expect(outline(await kat.deps()).filter((line) => line.includes('2_far'))).toEqual([]);
});

test('redundant and unneeded parents are named where they stand; joins need no reason', async () => {
  const { kat } = openKat(
    makeProject({
      migrations: {
        '1_users': users,
        '2_posts': { up: posts, parents: [1] },
        '3_index': { up: 'CREATE INDEX ON posts (author);', parents: [1, 2] },
        '4_other': { up: 'CREATE TABLE other (id int);', parents: ['users'] },
        '5_join': { up: '-- empty', parents: [3, 4] },
      },
    }),
  );
  const { findings } = await kat.deps();
  expect(
    findings.map(({ code, message, location }) => [code, message, location?.line, location?.column]),
  ).toEqual([
    ['redundant', 'the parent 1_users is an ancestor of another parent', 3, 11],
    ['unneeded', 'no SQL of this migration or its descendants depends on the parent 1_users', 3, 11],
  ]);
});

test('a parent by which others reach what they need is needed', async () => {
  const migrations = {
    '1_users': users,
    '2_other': { up: 'CREATE TABLE other (id int);', parents: [1] },
    '3_posts': { up: posts, parents: [2] },
  };
  const { findings } = await openKat(makeProject({ migrations })).kat.deps();
  // Without 2 → 3, 3 would lose 1; then 1 → 2 leads to it, although 2 needs nothing.
  expect(findings).toEqual([]);
});

test('whoever would create what is there already does as well as the first creator', async () => {
  const first = 'CREATE SCHEMA IF NOT EXISTS shop;';
  const { kat } = openKat(
    makeProject({
      migrations: {
        '1_schema': first,
        '2_again': `${first} CREATE TABLE shop.carts (id int);`,
        '3_items': { up: 'CREATE TABLE shop.items (id int);', parents: [1] },
        '4_orders': { up: 'CREATE TABLE shop.orders (id int);', parents: [2] },
        '5_extension': 'CREATE EXTENSION IF NOT EXISTS pg_trgm;',
        '6_extension': 'CREATE EXTENSION IF NOT EXISTS pg_trgm;',
        '7_index': {
          up: 'CREATE TABLE t (a text); CREATE INDEX ON t USING gin (a gin_trgm_ops);',
          parents: [6],
        },
        '8_drop': { up: 'DROP SCHEMA shop CASCADE;', parents: [3] },
      },
    }),
  );
  const result = await kat.deps({ of: ['items', 'orders', 'index'] });
  expect(outline(result)).toEqual([]);
  expect(result.migrations.map(({ inferredParents }) => inferredParents)).toEqual([
    ['1_schema'],
    ['2_again'],
    ['6_extension'],
  ]);
  const drop = await kat.deps({ of: ['drop'] });
  expect(outline(drop)).toContain('error[undeclared] 8_drop');
});

test('two that set the same property are in no order, and each needs the table', async () => {
  const { kat } = openKat(
    makeProject({
      migrations: {
        '1_users': 'CREATE TABLE users (id bigint, email text);',
        '2_one': { up: 'ALTER TABLE users ALTER email SET NOT NULL;', parents: [1] },
        '3_other': { up: 'ALTER TABLE users ALTER email SET NOT NULL;', parents: [1] },
        '4_default': { up: "ALTER TABLE users ALTER email SET DEFAULT '';", parents: [1] },
      },
    }),
  );
  const { findings, migrations } = await kat.deps();
  expect(findings).toEqual([]);
  expect(migrations.slice(1).map(({ inferredParents }) => inferredParents)).toEqual([
    ['1_users'],
    ['1_users'],
    ['1_users'],
  ]);
});

test('comments name needs that the SQL does not show', async () => {
  const { kat } = openKat(
    makeProject({
      migrations: {
        '1_users': users,
        '2_hidden': '-- kat:provides app.log\nSELECT 1;',
        '3_log': '-- kat:requires users\nCREATE VIEW w AS SELECT id FROM app.log;',
      },
    }),
  );
  const { findings } = await kat.deps();
  expect(findings.map(({ code, message }) => `${code}: ${message.slice(0, 14)}`)).toEqual([
    'undeclared: needs 1_users,',
    'undeclared: needs 2_hidden',
  ]);
});

test('guesses count only when they are asked for, and then they are warnings', async () => {
  const migrations = {
    '1_users': users,
    '2_hidden': "DO $$ BEGIN EXECUTE 'DROP TABLE ' || current_user; END $$;",
  };
  const { kat } = openKat(makeProject({ migrations }));
  expect(outline(await kat.deps())).toEqual([]);
  expect(outline(await kat.deps({ conservative: true }))).toEqual(['warning[undeclared] 2_hidden']);
});

test('guesses are looked for also where a later migration must come first', async () => {
  const migrations = {
    '1_users': users,
    '2_view': { up: 'CREATE VIEW v AS SELECT phone FROM users;', parents: [1] },
    '3_phone': { up: 'ALTER TABLE users ADD COLUMN phone text;', parents: [1] },
    '4_hidden': { up: "DO $$ BEGIN EXECUTE 'DROP VIEW ' || current_user; END $$;", parents: [1] },
  };
  const { kat } = openKat(makeProject({ migrations }));
  expect(outline(await kat.deps({ conservative: true }))).toEqual([
    'error[undeclared] 2_view',
    'warning[undeclared] 4_hidden',
  ]);
});

test('options that exclude each other', async () => {
  const { kat } = openKat(makeProject({ migrations: { '1_users': users } }));
  for (const options of [
    { infer: true, fix: true },
    { infer: true, of: ['1_users'] },
    { write: true },
    { dryRun: true },
    { of: ['nobody'] },
  ]) {
    expect((await failureOf(kat.deps(options))).code).toBe('USAGE');
  }
});

/** A chain, as a tool without a graph leaves it. */
const chain = {
  '1_users': users,
  '2_posts': { up: posts, parents: [1] },
  '3_tags': { up: 'CREATE TABLE tags (id bigint PRIMARY KEY, name text);', parents: [2] },
  '4_rename': { up: 'ALTER TABLE tags RENAME TO labels;', parents: [3] },
  '5_count': { up: 'ALTER TABLE users ADD COLUMN posts int NOT NULL DEFAULT 0;', parents: [4] },
  '6_view': { up: 'CREATE VIEW busy AS SELECT id FROM users WHERE posts > 9;', parents: [5] },
  '7_fill': { up: "INSERT INTO labels VALUES (1, 'new');", parents: [6] },
};

test('infer builds the graph of a chain, measures it, and writes it when it is asked to', async () => {
  const project = makeProject({ migrations: chain });
  const { kat } = openKat(project);
  const before = project.snapshot();
  const result = await kat.deps({ infer: true, conservative: true, write: true, dryRun: true });
  expect(
    Object.fromEntries(result.migrations.map(({ id, inferredParents }) => [id, inferredParents])),
  ).toEqual({
    '1_users': [],
    '2_posts': ['1_users'],
    '3_tags': [],
    '4_rename': ['3_tags'],
    '5_count': ['1_users'],
    '6_view': ['5_count'],
    '7_fill': ['4_rename'],
  });
  expect(result.shape).toEqual({ migrations: 7, edges: 5, criticalPath: 3, widestLevel: 3 });
  expect(result.changes?.map(({ id }) => id)).toEqual(['3_tags', '5_count', '7_fill']);
  expect(project.snapshot()).toEqual(before);
  const written = await kat.deps({ infer: true, conservative: true, write: true });
  expect(written.changes).toEqual(result.changes);
  expect(project.read('migrations/5_count/metadata.yaml')).toBe(
    'name: 5_count\ntimestamp: 5\nparents:\n  - 1 # users\n',
  );
  expect((await kat.deps({ infer: true, conservative: true, write: true })).changes).toEqual([]);
  expect(outline(await kat.deps({ conservative: true }))).toEqual([]);
});

describe.each(majors().slice(-1))('PostgreSQL %i', (major) => {
  test('an inferred graph applies in every order, and ends the same', async () => {
    const schemas: Row[][] = [];
    for (const order of [
      ['1', '2', '3', '4', '5', '6', '7'],
      ['7', '6', '2'],
      ['6', '7', '2'],
    ]) {
      const project = await projectOn(major, { migrations: chain });
      const { kat } = openKat(project);
      await kat.deps({ infer: true, conservative: true, write: true });
      for (const target of order) await kat.up({ to: [target] });
      await kat.up();
      expect(await project.applied()).toHaveLength(7);
      schemas.push(await contentOf(project.database));
    }
    const [first, ...others] = schemas;
    for (const other of others) expect(other).toEqual(first);
  });
});
