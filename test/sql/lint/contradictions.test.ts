/** No rule demands what another forbids: what pages call better, and what is left when rules are followed, is clean. */
import { describe, expect, test } from 'vitest';
import { rules } from '../../../src/sql/lint/rules.js';
import { lintSql } from './lint-sql.js';
import { type Example, readRulePage } from './rule-pages.js';

const complaints = (up: string, applied: readonly string[], isTransactional: boolean) =>
  lintSql({ applied, up, isTransactional })
    .filter(({ severity }) => severity !== 'info')
    .map(({ rule }) => rule);

const ups = (id: string, title: string): Example[] =>
  (readRulePage(id).sections.find((section) => section.title === title)?.examples ?? []).filter(
    ({ words }) => !words.has('down'),
  );

/** What is told of every trigger that is made or dropped, also where that is the best there is. */
const inAnyCase: ReadonlySet<string> = new Set(['create-trigger', 'drop-trigger']);

describe.each(rules.map(({ id }) => id))('%s', (id) => {
  test('whoever does what the page calls better is told nothing new', () => {
    const told = (examples: readonly Example[], applied: readonly string[]) =>
      examples.flatMap(({ sql, words }, index) =>
        lintSql({
          applied: [...applied, ...examples.slice(0, index).map((one) => one.sql)],
          up: sql,
          isTransactional: !words.has('no_transaction'),
        }).map(({ rule }) => rule),
      );
    const before = ups(id, 'Before').map(({ sql }) => sql);
    const known = new Set(ups(id, 'Found').flatMap((example) => told([example], before)));
    const more = told(ups(id, 'Better'), before).filter((rule) => !known.has(rule));
    expect(more.filter((rule) => !inAnyCase.has(rule))).toEqual([]);
  });

  test('who takes no_transaction out where it is needless is asked for nothing new', () => {
    const before = ups(id, 'Before').map(({ sql }) => sql);
    for (const { sql } of [...ups(id, 'Found'), ...ups(id, 'Better'), ...ups(id, 'Not found')]) {
      const apart = complaints(sql, before, false);
      if (!apart.includes('needless-no-transaction')) continue;
      const others = apart.filter((rule) => rule !== 'needless-no-transaction');
      expect(others).toEqual(expect.arrayContaining(complaints(sql, before, true)));
    }
  });
});

test('a constraint that is added and validated without a transaction is well as it is', () => {
  const applied = ['CREATE TABLE t (a int, b int); CREATE TABLE u (id int PRIMARY KEY)'];
  const check = 'ALTER TABLE t ADD CONSTRAINT c CHECK (a > 0) NOT VALID; ALTER TABLE t VALIDATE CONSTRAINT c';
  const key =
    'ALTER TABLE t ADD CONSTRAINT k FOREIGN KEY (a) REFERENCES u NOT VALID; ALTER TABLE t VALIDATE CONSTRAINT k';
  expect(complaints(check, applied, false)).toEqual([]);
  expect(complaints(key, applied, false)).not.toContain('needless-no-transaction');
  expect(complaints('ALTER TABLE t ADD COLUMN c int', applied, false)).toEqual(['needless-no-transaction']);
});

test('whoever adds a numbered column to a table in use is not sent to an identity, which writes every row as well', () => {
  const applied = ['CREATE TABLE t (a int)'];
  const rulesOf = (up: string) => lintSql({ applied, up }).map(({ rule }) => rule);
  for (const type of ['serial', 'bigserial', 'int GENERATED ALWAYS AS IDENTITY'])
    expect(rulesOf(`ALTER TABLE t ADD COLUMN c ${type}`)).toContain('add-column-rewrite');
  expect(rulesOf('ALTER TABLE t ADD COLUMN c bigserial')).not.toContain('prefer-identity');
  expect(rulesOf('TRUNCATE t; ALTER TABLE t ADD COLUMN c bigserial')).toContain('prefer-identity');
  expect(rulesOf('CREATE TABLE u (c bigserial PRIMARY KEY)')).toContain('prefer-identity');
});

test.each([
  ['ALTER TABLE p ADD COLUMN c int; ALTER TABLE p ADD FOREIGN KEY (c) REFERENCES u NOT VALID', false],
  ['ALTER TABLE p ADD COLUMN c int; CREATE TRIGGER x AFTER INSERT ON u EXECUTE FUNCTION f()', false],
  ['ALTER TABLE p ADD COLUMN c int; ALTER TABLE p ADD COLUMN d int', true],
  ['ALTER TABLE p ADD COLUMN c int; CREATE TABLE n (id int PRIMARY KEY)', true],
])(
  'whoever would wait for one table while another is locked is not told that a transaction is better: %s',
  (up, isNeedless) => {
    const applied = ['CREATE TABLE p (id int PRIMARY KEY); CREATE TABLE u (id int PRIMARY KEY)'];
    expect(complaints(up, applied, false).includes('needless-no-transaction')).toBe(isNeedless);
  },
);
