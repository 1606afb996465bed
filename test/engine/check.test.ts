/** `kat.check()` as programs call it: pairs, the edges that settle them, what is accepted, and branches in git. */
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type OpenPair, settlePairs } from '../../src/engine/deps/order-pairs.js';
import { ancestorSets, has } from '../../src/graph/number-set.js';
import type { CheckResult } from '../../src/index.js';
import { commitAll, git } from '../support/git.js';
import { makeProject, type Project, type ProjectSource } from '../support/kat-project.js';
import { failureOf, openKat } from './library.js';

const users = 'CREATE TABLE users (id bigint PRIMARY KEY, email text);';
const outline = ({ findings }: CheckResult) =>
  findings.map(({ severity, code, migration, help }) => `${severity}[${code}] ${migration}: ${help}`);
const check = (migrations: ProjectSource['migrations']) =>
  openKat(makeProject({ migrations: migrations ?? {} })).kat.check();

test('a pair is told with both places and the edge that settles it', async () => {
  const result = await check({
    '1_users': users,
    '2_drop': { up: '-- not used any more\nALTER TABLE users DROP email;', parents: [1] },
    '3_index': { up: 'CREATE INDEX ON users (email);', parents: [1] },
    '4_posts': { up: 'CREATE TABLE posts (id bigint);', parents: [1] },
  });
  expect(result).toMatchObject({
    isValid: false,
    counts: { errors: 1, warnings: 0, infos: 0 },
    migrations: 4,
    unordered: 3,
    accepted: 0,
    edges: [{ parent: '3_index', child: '2_drop' }],
  });
  expect(result.findings).toMatchObject([
    {
      code: 'dropped-while-used',
      severity: 'error',
      message: 'unordered relative to 3_index: drops column users.email, which 3_index references',
      help: 'Add 3_index to the parents of 2_drop.',
      migration: '2_drop',
      location: { line: 2, sourceLine: 'ALTER TABLE users DROP email;' },
      related: [{ message: '3_index references column users.email', location: { line: 1, column: 1 } }],
    },
  ]);
  expect(result.pairs[0]?.reasons.length).toBeGreaterThan(0);
});

/*
 *      1 users
 *     /   \
 *    2     4
 *    |     |
 *    3     5
 */
test('one edge may settle several pairs', async () => {
  const result = await check({
    '1_users': users,
    '2_view': { up: 'CREATE VIEW v AS SELECT email FROM users;', parents: [1] },
    '3_index': { up: 'CREATE INDEX ON users (email);', parents: [2] },
    '4_rename': { up: 'ALTER TABLE users RENAME email TO mail;', parents: [1] },
    '5_other': { up: 'CREATE TABLE w (email text);', parents: [4] },
  });
  expect(outline(result)).toEqual([
    'error[dropped-while-used] 4_rename: Add 3_index to the parents of 4_rename.',
    'error[dropped-while-used] 4_rename: Add 3_index to the parents of 4_rename.',
  ]);
  expect(result.edges).toHaveLength(1);
});

test('the one that was complete first comes first where no order is right', async () => {
  const change = (value: number) => `ALTER TABLE users ALTER email SET DEFAULT '${value}';`;
  const result = await check({
    '1_users': users,
    '2_late': { up: change(1), parents: [4] },
    '3_middle': { up: change(2), parents: [1] },
    '4_newer': { up: 'SELECT 1;', parents: [1] },
  });
  expect(outline(result)).toEqual(['error[same-object] 2_late: Add 3_middle to the parents of 2_late.']);
});

test('no order is right for a pair that needs each other', async () => {
  const result = await check({
    '1_a': 'CREATE TABLE a (id int); ALTER TABLE b ADD x int;',
    '2_b': 'CREATE TABLE b (id int); ALTER TABLE a ADD x int;',
  });
  expect(result.pairs).toMatchObject([{ isTangled: true }]);
  expect(outline(result)[0]).toContain('Both orders conflict');
});

test('what is accepted in either of both is counted, and nothing else', async () => {
  const insert = "INSERT INTO users VALUES (1, 'a');";
  const migrations = (comment: string) => ({
    '1_users': users,
    '2_one': { up: `${comment}\n${insert}`, parents: [1] },
    '3_two': { up: `${insert}\nCREATE TABLE t (a int);`, parents: [1] },
    '4_three': { up: 'CREATE TABLE t (b int);', parents: [2] },
  });
  const accepted = await check(migrations('-- kat:ignore same-rows, enum-order the seeds of tests'));
  expect(outline(accepted)).toEqual([
    'error[same-name] 4_three: Whichever runs second fails, so no parent helps: rename, change or delete one of the two statements.',
  ]);
  expect(accepted.accepted).toBe(1);
  const other = await check(migrations('-- kat:ignore same-name not what is found there'));
  expect(other).toMatchObject({ accepted: 0, counts: { errors: 2 } });
});

test('what nobody can look into is told once, unless everything is in order', async () => {
  const hidden = "DO $$ BEGIN EXECUTE 'DROP TABLE ' || current_user; END $$;";
  const beside = await check({
    '1_a': 'CREATE TABLE a (id int);',
    '2_b': 'CREATE TABLE b (id int);',
    '3_do': hidden,
  });
  expect(beside.findings).toMatchObject([
    {
      code: 'opaque',
      severity: 'warning',
      migration: '3_do',
      message: expect.stringContaining('relative to 2 migrations'),
    },
  ]);
  expect(beside.isValid).toBe(true);
  expect(
    (await check({ '1_a': 'CREATE TABLE a (id int);', '2_do': { up: hidden, parents: [1] } })).findings,
  ).toEqual([]);
});

/*
 *    0   2
 *    |   |
 *    1   3
 */
test('graver pairs get the edges that they would have alone', () => {
  const parents = [[], [0], [], [2]];
  const grave = { one: 0, other: 3, first: 0, isHard: false, tier: 0 };
  const light = { one: 1, other: 2, first: 1, isHard: false, tier: 1 };
  expect(settlePairs(parents, [light, grave]).map(({ edge }) => edge)).toEqual([
    { parent: 1, child: 2 },
    { parent: 0, child: 3 },
  ]);
});

/*
 *    0 - 1 - 2
 *    3
 */
test('a lighter pair never turns a graver one round', () => {
  const parents = [[], [0], [1], []];
  const light = { one: 1, other: 3, first: 3, isHard: true, tier: 1 };
  const grave = { one: 2, other: 3, first: 2, isHard: true, tier: 0 };
  for (const pairs of [
    [light, grave],
    [grave, light],
  ]) {
    const found = settlePairs(parents, pairs)[pairs.indexOf(grave)];
    expect(found).toMatchObject({ parent: 2, child: 3 });
  }
});

test('the gravest pairs come into the order that they want, whatever lighter ones there are', () => {
  const size = 8;
  const pair = fc.tuple(fc.nat(size - 1), fc.nat(size - 1)).filter(([one, other]) => one < other);
  const rank = fc.shuffledSubarray([...Array(size).keys()], { minLength: size });
  fc.assert(
    fc.property(rank, fc.array(pair), fc.array(fc.tuple(pair, fc.boolean())), (ranks, grave, light) => {
      const hard = (one: number, other: number, first: number, tier: number): OpenPair => ({
        ...{ one, other, first, tier },
        isHard: true,
      });
      // All of these can be had together: they follow one order.
      const wanted = grave.map(([one, other]) =>
        hard(one, other, (ranks[one] as number) < (ranks[other] as number) ? one : other, 0),
      );
      const others = light.map(([[one, other], isFirst]) => hard(one, other, isFirst ? one : other, 1));
      const parents = Array.from({ length: size }, () => []);
      const settled = settlePairs(parents, [...others, ...wanted]).slice(others.length);
      expect(settled.map(({ parent }) => parent)).toEqual(wanted.map(({ first }) => first));
    }),
  );
});

test('settling never closes a cycle, and puts every pair in order', () => {
  const size = 8;
  const node = fc.nat(size - 1);
  const pair = fc
    .tuple(node, node, fc.boolean(), fc.boolean(), fc.nat(2))
    .filter(([one, other]) => one < other);
  const edges = fc.array(fc.tuple(node, node).filter(([parent, child]) => parent < child));
  fc.assert(
    fc.property(edges, fc.array(pair), (declared, wanted) => {
      const parents = Array.from({ length: size }, (_, child) => [
        ...new Set(declared.filter((edge) => edge[1] === child).map(([parent]) => parent)),
      ]);
      const sets = ancestorSets(parents);
      const open = wanted
        .filter(([one, other]) => !has(sets[other] as Uint32Array, one))
        .map(([one, other, isFirst, isHard, tier]) => ({
          one,
          other,
          first: isFirst ? one : other,
          isHard,
          tier,
        }));
      const settled = settlePairs(parents, open);
      const all = parents.map((own, child) => [
        ...own,
        ...settled.filter(({ edge }) => edge.child === child).map(({ edge }) => edge.parent),
      ]);
      const reach = (from: number): Set<number> => {
        const seen = new Set(all[from]);
        for (const one of seen) for (const parent of all[one] ?? []) seen.add(parent);
        return seen;
      };
      for (let one = 0; one < size; one += 1) expect(reach(one).has(one)).toBe(false);
      settled.forEach(({ parent, child }, index) => {
        expect(reach(child).has(parent)).toBe(true);
        expect([open[index]?.one, open[index]?.other].sort()).toEqual([parent, child].sort());
      });
    }),
  );
});

describe('git', () => {
  /** A branch with a migration of its own, and one that came to main since. */
  function branched(): Project {
    const project = makeProject({
      migrations: {
        '1_users': users,
        '2_index': { up: 'CREATE INDEX ON users (email);', parents: [1] },
        '3_clash': { up: 'CREATE INDEX users_email_idx ON users (id);', parents: [1] },
      },
    });
    commitAll(project.folder);
    git(project.folder, 'checkout', '--quiet', '-b', 'feature');
    git(project.folder, 'checkout', '--quiet', 'main');
    project.addMigration('5_mood', { up: '\nALTER TABLE users ADD mood text;', parents: [1] });
    project.addMigration('6_more', { up: 'ALTER TABLE users ADD more text;', parents: [5] });
    commitAll(project.folder);
    git(project.folder, 'checkout', '--quiet', 'feature');
    return project;
  }

  test('only what is new here against what the base has, and has got since', async () => {
    const project = branched();
    project.addMigration('4_mood', { up: 'ALTER TABLE users ADD mood int;', parents: [1] });
    project.addMigration('7_drop', { up: 'DROP INDEX users_email_idx;', parents: [3] });
    const { kat } = openKat(project);
    const result = await kat.check({ gitBase: 'main' });
    expect(outline(result)).toEqual([
      'error[same-name] 7_drop: Rename or delete one of them; if the second needs the object of the first, add 2_index to the parents of 7_drop.',
      'error[same-name] 4_mood: Whichever runs second fails, so no parent helps: rename, change or delete one of the two statements.',
    ]);
    expect(result.findings[1]?.related).toMatchObject([
      {
        message: '5_mood creates column users.mood',
        location: { line: 2, sourceLine: 'ALTER TABLE users ADD mood text;' },
      },
    ]);
    expect(result).toMatchObject({
      migrations: 7,
      base: { revision: 'main', commit: git(project.folder, 'merge-base', 'main', 'feature') },
    });
    expect((await kat.check()).findings.map(({ migration }) => migration)).not.toContain('4_mood');
    commitAll(project.folder);
    expect(outline(await kat.check({ gitBase: 'main' }))).toEqual(outline(result));
  });

  test('what the branch edited is compared with all that the base has', async () => {
    const project = branched();
    const { kat } = openKat(project);
    expect(await kat.check({ gitBase: 'main' })).toMatchObject({ findings: [] });
    project.addMigration('2_index', { up: 'ALTER TABLE users ADD mood int;', parents: [1] });
    const found = await kat.check({ gitBase: 'main' });
    expect(found.isValid).toBe(false);
    expect(outline(found).join()).toMatch(/same-name.*mood/);
  });

  test('what the branch deleted does not come back, and after a merge all is here', async () => {
    const project = branched();
    rmSync(join(project.folder, 'migrations', '3_clash'), { recursive: true });
    project.addMigration('8_drop', { up: 'DROP INDEX users_email_idx;', parents: [2] });
    const { kat } = openKat(project);
    expect(await kat.check({ gitBase: 'main' })).toMatchObject({ findings: [], migrations: 5 });
    commitAll(project.folder);
    git(project.folder, 'merge', '--quiet', '--no-edit', 'main');
    project.addMigration('9_mood', { up: 'ALTER TABLE users ADD mood int;', parents: [1] });
    expect(outline(await kat.check({ gitBase: 'main' }))).toEqual([
      'error[same-name] 9_mood: Whichever runs second fails, so no parent helps: rename, change or delete one of the two statements.',
    ]);
  });

  test('a revision that is not there is a mistake of usage', async () => {
    const { kat } = openKat(branched());
    expect(await failureOf(kat.check({ gitBase: 'nowhere' }))).toMatchObject({ code: 'USAGE' });
  });
});
