/** What is written down in a DO block is looked at like any other statement, where it stands. */
import { describe, expect, test } from 'vitest';
import { rules } from '../../../src/sql/lint/rules.js';
import { findBy, lintSql } from './lint-sql.js';
import { type Example, readRulePage } from './rule-pages.js';

const applied = ['CREATE TABLE users (id bigint PRIMARY KEY, email text, age int)'];
const inBlock = (sql: string) =>
  `DO $$\nBEGIN\n  IF NOT EXISTS (SELECT FROM pg_constraint WHERE conname = 'x') THEN\n    ${sql};\n  END IF;\nEND $$;`;

test('the place is that of the statement in the block', () => {
  expect(
    findBy('add-check-validated', { applied, up: inBlock('ALTER TABLE users ADD CHECK (age > 0)') }),
  ).toEqual([expect.stringMatching(/^4:23 /)]);
  expect(
    findBy('create-index-not-concurrent', { applied, up: inBlock('CREATE INDEX ON users (email)') }),
  ).toEqual([expect.stringMatching(/^4:21 /)]);
});

test('a literal that is executed counts, with the place of the block where its quotes were written twice', () => {
  const up = inBlock("EXECUTE 'ALTER TABLE users ADD CHECK (age > 0)'");
  expect(findBy('add-check-validated', { applied, up })).toEqual([expect.stringMatching(/^4:32 /)]);
  const quoted = inBlock("EXECUTE 'ALTER TABLE users ADD CHECK (email <> '''')'");
  expect(findBy('add-check-validated', { applied, up: quoted })).toEqual([expect.stringMatching(/^1:1 /)]);
});

test.each([
  ['', "EXECUTE 'CREATE INDEX ' || 'by_email ON users (email)'"],
  ['', "EXECUTE format('CREATE INDEX %I ON %I (email)', 'by_email', 'users')"],
  ["DECLARE made text := 'CREATE INDEX '; t text := made || 'ON users'; ", "EXECUTE t || ' (email)'"],
  [
    'DECLARE t text; ',
    "FOREACH t IN ARRAY ARRAY['users'] LOOP EXECUTE format('CREATE INDEX ON %I (email)', t); END LOOP",
  ],
])('%s%s: a text of constants that is executed counts', (declared, body) => {
  const found = lintSql({ applied, up: `DO $$ ${declared}BEGIN ${body}; END $$` }).map(({ rule }) => rule);
  expect(found).toContain('create-index-not-concurrent');
  expect(found).not.toContain('dynamic-sql');
});

test('each round of a FOREACH over constants counts', () => {
  const up =
    "DO $$ DECLARE t text; BEGIN FOREACH t IN ARRAY ARRAY['users', 'tags'] LOOP EXECUTE 'TRUNCATE ' || t; END LOOP; END $$";
  expect(findBy('truncate', { applied, up })).toEqual([
    expect.stringContaining('lock on users'),
    expect.stringContaining('lock on tags'),
  ]);
});

test.each([
  'SELECT relname INTO t FROM pg_class',
  't := current_user',
  'FOR t IN SELECT relname FROM pg_class LOOP EXECUTE t; END LOOP',
])('%s: a variable that gets a value later is no constant', (change) => {
  const up = `DO $$ DECLARE t text := 'users'; BEGIN ${change}; EXECUTE 'TRUNCATE ' || t; END $$`;
  const found = lintSql({ applied, up }).map(({ rule }) => rule);
  expect(found).not.toContain('truncate');
  expect(found).toContain('dynamic-sql');
});

test('what a block makes is new to what follows in it and behind it', () => {
  const up = `${inBlock('CREATE TABLE tags (id int); CREATE INDEX ON tags (id)')}\nCREATE INDEX ON tags (id);`;
  expect(findBy('create-index-not-concurrent', { applied, up })).toEqual([]);
});

test('what is there already is not made again', () => {
  const up = inBlock('CREATE TABLE users (id bigint); CREATE INDEX ON users (id)');
  expect(findBy('create-index-not-concurrent', { applied, up })).toEqual([expect.stringMatching(/^4:53 /)]);
});

test('a comment in the block accepts a finding, and nothing in a block is fixed', () => {
  const sql = 'ALTER TABLE users ADD CHECK (age > 0) -- kat:ignore add-check-validated it is small\n';
  expect(findBy('add-check-validated', { applied, up: inBlock(sql) })).toEqual([]);
  expect(lintSql({ applied, up: inBlock('ALTER TABLE users ADD CHECK (age > 0)') })).not.toContainEqual(
    expect.objectContaining({ fix: expect.anything() }),
  );
});

/** Rules about a file, or about what a block as a whole does to a migration; and one whose page has a block itself. */
const notInBlocks: ReadonlySet<string> = new Set([
  ...['empty-up', 'two-concerns', 'mixed-no-transaction', 'needless-no-transaction'],
  ...['index-dropped-before-replacement', 'needs-no-transaction'],
]);

const ups = (id: string, title: string): readonly Example[] =>
  (readRulePage(id).sections.find((section) => section.title === title)?.examples ?? []).filter(
    ({ words }) => !words.has('down'),
  );

describe.each(rules.map((rule) => [rule.id, rule] as const).filter(([id]) => !notInBlocks.has(id)))(
  '%s',
  (id, { isOptional, severity }) => {
    const applied = ups(id, 'Before').map(({ sql }) => sql);

    test.each(ups(id, 'Found').map(({ sql, words }) => [sql, words] as const))(
      'is found in a block as well: %s',
      (sql, words) => {
        const scene = {
          applied,
          isTransactional: !words.has('no_transaction'),
          lockTimeoutMs: words.has('no_lock_timeout') ? 0 : 5000,
          severities: isOptional ? { [id]: severity } : {},
        };
        const places = (up: string) =>
          lintSql({ ...scene, up }).filter(({ rule, direction }) => rule === id && direction === 'up').length;
        expect(places(`DO $block$\nBEGIN\n${sql.trim().replace(/;$/, '')};\nEND\n$block$`)).toBe(places(sql));
      },
    );
  },
);
