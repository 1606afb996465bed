import { expect, test } from 'vitest';
import { isAtLeastLock } from '../../../src/sql/impact/impact.js';
import { createLinter } from '../../../src/sql/lint/linter.js';
import type { LintedStatement } from '../../../src/sql/lint/rule.js';
import { rules } from '../../../src/sql/lint/rules.js';
import { keyOfName } from '../../../src/sql/schema/schema.js';
import { loadParser } from '../../../src/sql/syntax/parse.js';
import { readChances } from '../../support/random-sql.js';
import { beginning } from '../random/beginning.js';
import { sampleValid } from '../random/statements.js';
import { findBy } from './lint-sql.js';

const parser = await loadParser();

/** The tables in use whose rows a statement reads or rewrites while it blocks their writes. */
function blockedTables({ liveImpact: { locks, rewrites, scans } }: LintedStatement): string[] {
  const blocked = new Set(
    locks.filter(({ mode }) => isAtLeastLock(mode, 'SHARE')).map(({ relation }) => keyOfName(relation)),
  );
  return [...rewrites, ...scans].map(keyOfName).filter((key) => blocked.has(key));
}

/** What a statement blocks, and the rules that find something in it. */
function lintBehind(applied: string, up: string) {
  const blocked: string[] = [];
  const probe = {
    id: 'probe',
    severity: 'info',
    summary: 'a probe',
    checkStatement: (statement: LintedStatement) => {
      blocked.push(...blockedTables(statement));
      return [];
    },
  } as const;
  const setting = { rules: [...rules, probe], severities: new Map(), oldestServer: 18 };
  const linter = createLinter(parser, setting);
  linter.follow('1_applied', applied);
  const found = linter.lint({
    id: '2_asked',
    up,
    down: undefined,
    isTransactional: true,
    lockTimeoutMs: 5000,
    isNewWith: (creator) => creator === '2_asked',
  });
  return {
    blocked,
    found: found.filter(({ severity, rule }) => severity !== 'info' && rule !== 'missing-down'),
  };
}

const chances = readChances({ numRuns: 300, seed: 7 });

test('whatever reads or rewrites a table under a lock that blocks writes is found', {
  timeout: chances.timeout,
}, async () => {
  const unseen: string[] = [];
  const blocking = await sampleValid(chances, (text) => {
    const { blocked, found } = lintBehind(beginning, text);
    if (blocked.length > 0 && found.length === 0) unseen.push(`${text} -- ${blocked.join(', ')}`);
    return Promise.resolve(blocked.length > 0);
  });
  expect(unseen, `ORACLE_SEED=${chances.seed} ORACLE_RUNS=${chances.numRuns}`).toEqual([]);
  expect(blocking.length).toBeGreaterThan(0);
});

const tables = `
CREATE TABLE users (id bigint PRIMARY KEY, age int, twice int GENERATED ALWAYS AS (age * 2) STORED,
  virtual int GENERATED ALWAYS AS (age * 3) VIRTUAL);
CREATE TABLE orders (id bigint PRIMARY KEY, buyer bigint CONSTRAINT buyer REFERENCES users NOT ENFORCED);
CREATE INDEX orders_buyer ON orders (buyer);
CREATE MATERIALIZED VIEW ages AS SELECT age FROM users;`;

test.each([
  ['ALTER TABLE orders ALTER CONSTRAINT buyer ENFORCED', 'add-foreign-key-validated'],
  ['ALTER TABLE users ALTER COLUMN twice SET EXPRESSION AS (age * 4)', 'change-type-rewrite'],
  [
    'ALTER TABLE users ADD COLUMN half int GENERATED ALWAYS AS (age / 2) VIRTUAL NOT NULL',
    'set-not-null-scan',
  ],
  ['ALTER MATERIALIZED VIEW ages SET TABLESPACE fast', 'change-table-storage'],
  ['ALTER TABLE ALL IN TABLESPACE pg_default SET TABLESPACE fast', 'change-table-storage'],
])('%s is found', (up, rule) => {
  const { blocked, found } = lintBehind(tables, up);
  expect(blocked.length).toBeGreaterThan(0);
  expect(found.map((finding) => finding.rule)).toEqual([rule]);
});

test.each([
  'ALTER TABLE users ALTER COLUMN virtual SET EXPRESSION AS (age * 4)',
  'ALTER TABLE users ADD COLUMN half int GENERATED ALWAYS AS (age / 2) VIRTUAL',
  'ALTER TABLE users SET TABLESPACE pg_default, SET ACCESS METHOD heap',
  'ALTER TABLE users SET ACCESS METHOD DEFAULT',
  'ALTER TABLE ALL IN TABLESPACE fast SET TABLESPACE slow',
])('%s blocks nothing', (up) => {
  expect(lintBehind(tables, up)).toEqual({ blocked: [], found: [] });
});

test('an enforced key is checked once, and again after it was not enforced', () => {
  const found = (...applied: string[]) =>
    findBy('add-foreign-key-validated', {
      applied: [tables, ...applied],
      up: 'ALTER TABLE orders ALTER CONSTRAINT buyer ENFORCED',
    });
  expect(found()).toEqual([expect.stringContaining('as well as writes to users')]);
  expect(found('ALTER TABLE orders ALTER CONSTRAINT buyer ENFORCED')).toEqual([]);
  expect(
    found(
      'ALTER TABLE orders ALTER CONSTRAINT buyer ENFORCED',
      'ALTER TABLE orders ALTER CONSTRAINT buyer NOT ENFORCED',
    ),
  ).toHaveLength(1);
});

test('the storage of a partitioned table is that of new partitions', () => {
  const applied = ['CREATE TABLE logs (at date) PARTITION BY RANGE (at)'];
  const find = (up: string) => findBy('change-table-storage', { applied, up });
  expect(find('ALTER TABLE logs SET TABLESPACE fast')).toEqual([]);
  expect(find('ALTER TABLE logs SET ACCESS METHOD columnar')).toEqual([]);
});

test('tables are moved from the tablespace that they are in', () => {
  const find = (...statements: string[]) =>
    findBy('change-table-storage', { applied: statements.slice(0, -1), up: statements.at(-1) ?? '' });
  const made = 'CREATE TABLE t (id int) USING columnar TABLESPACE fast';
  expect(find(made, 'ALTER TABLE t SET TABLESPACE fast, SET ACCESS METHOD columnar')).toEqual([]);
  expect(find(made, 'ALTER TABLE t SET TABLESPACE pg_default, SET ACCESS METHOD heap')).toHaveLength(2);
  expect(find(made, 'ALTER TABLE ALL IN TABLESPACE fast SET TABLESPACE slow')).toHaveLength(1);
  expect(find(made, 'ALTER TABLE t SET ACCESS METHOD heap', 'ALTER TABLE t SET ACCESS METHOD heap')).toEqual(
    [],
  );
});

test('an index that moves stops the queries of its table', () => {
  const find = (up: string) => findBy('change-table-storage', { applied: [tables], up });
  expect(find('ALTER INDEX orders_buyer SET TABLESPACE fast')).toEqual([
    expect.stringContaining('all reads and writes of orders wait'),
  ]);
  expect(find('ALTER INDEX orders_buyer SET TABLESPACE pg_default')).toEqual([]);
  expect(
    find('CREATE TABLE own (id int); CREATE INDEX i ON own (id); ALTER INDEX i SET TABLESPACE fast'),
  ).toEqual([]);
});
