import { describe, expect, test } from 'vitest';
import { findBy, lintSql } from './lint-sql.js';

const rule = 'set-not-null-scan';
const table = 'CREATE TABLE app.t (a int, "B" int, c int)';
const up = 'ALTER TABLE app.t ALTER c SET DEFAULT 1,\n  ALTER "B" SET NOT NULL';

function withCheck(check: string): string[] {
  return findBy(rule, { applied: [table, `ALTER TABLE app.t ADD CONSTRAINT k CHECK (${check})`], up });
}

test('names the column, and stands where the command does', () => {
  expect(findBy(rule, { applied: [table], up })).toEqual([
    '2:3 SET NOT NULL scans app.t for nulls in B under an ACCESS EXCLUSIVE lock, which blocks reads and writes until all rows are read',
  ]);
});

test.each(['"B" IS NOT NULL', 'a > 0 AND t."B" IS NOT NULL', '(a > 0 AND "B" IS NOT NULL) AND c > 0'])(
  'takes CHECK (%s) for a proof',
  (check) => {
    expect(withCheck(check)).toEqual([]);
  },
);

test.each(['"B" > 0', 'a IS NOT NULL', '"B" IS NULL', 'a > 0 OR "B" IS NOT NULL'])(
  'does not take CHECK (%s) for one',
  (check) => {
    expect(withCheck(check)).toHaveLength(1);
  },
);

test('a CHECK counts once it is valid, and what is missing is said', () => {
  const check = 'ALTER TABLE app.t ADD CONSTRAINT k CHECK ("B" IS NOT NULL) NOT VALID';
  const [found] = lintSql({ applied: [table, check], up });
  expect(found?.help).toBe('Use VALIDATE CONSTRAINT k in a migration before this one.');
  const validate = 'ALTER TABLE app.t VALIDATE CONSTRAINT k';
  expect(findBy(rule, { applied: [table, check, validate], up })).toEqual([]);
});

test('NOT NULL constraints of PostgreSQL 18 read rows, too, unless they are NOT VALID', () => {
  const add = 'ALTER TABLE app.t ADD CONSTRAINT n NOT NULL a';
  expect(findBy(rule, { applied: [table], up: add })).toEqual([
    expect.stringContaining('ADD NOT NULL scans app.t for nulls in a '),
  ]);
  expect(findBy(rule, { applied: [table], up: `${add} NOT VALID` })).toEqual([]);
  const context = { applied: [table, `${add} NOT VALID`, 'ALTER TABLE app.t VALIDATE CONSTRAINT n'] };
  expect(findBy(rule, { ...context, up: 'ALTER TABLE app.t ALTER a SET NOT NULL' })).toEqual([]);
});

test('the way out is shorter since PostgreSQL 18', () => {
  const help = (oldestServer: number) =>
    lintSql({ applied: [table], up, oldestServer }).find((finding) => finding.rule === rule)?.help;
  expect(help(17)).toContain('CHECK ("B" IS NOT NULL) NOT VALID');
  expect(help(18)).toContain('constraint NOT NULL "B" NOT VALID');
});

test('says less about a table that no migration makes', () => {
  expect(lintSql({ up }).map(({ severity }) => severity)).toEqual(['warning']);
});

test('a NOT NULL that waits to be validated is named', () => {
  const applied = [table, 'ALTER TABLE app.t ADD CONSTRAINT n NOT NULL a NOT VALID'];
  const [found] = lintSql({ applied, up: 'ALTER TABLE app.t ALTER a SET NOT NULL' });
  expect(found?.help).toBe('Use VALIDATE CONSTRAINT n in a migration before this one.');
});

describe('on a table that no migration makes', () => {
  const check = 'ALTER TABLE other ADD CONSTRAINT k CHECK (a IS NOT NULL)';
  const required = 'ALTER TABLE other ALTER a SET NOT NULL';
  const validate = 'ALTER TABLE other VALIDATE CONSTRAINT k';

  test.each([
    ['a valid CHECK of the same file', [`${check} NOT VALID`, validate, required]],
    ['a CHECK that is added as valid', [check, required]],
    ['a CHECK without a name', ['ALTER TABLE other ADD CHECK (a IS NOT NULL)', required]],
    [
      'a valid NOT NULL of PostgreSQL 18',
      ['ALTER TABLE other ADD CONSTRAINT k NOT NULL a NOT VALID', validate, required],
    ],
    ['a CHECK in a block', [`DO $$ BEGIN ${check}; ${required}; END $$`]],
  ])('takes %s for a proof', (_, statements) => {
    expect(findBy(rule, { up: statements.join(';\n') })).toEqual([]);
  });

  test.each([
    ['a CHECK that is not valid', [`${check} NOT VALID`, required]],
    ['a CHECK that is dropped again', [check, 'ALTER TABLE other DROP CONSTRAINT k', required]],
    ['a CHECK that is dropped by the same statement', [check, `${required}, DROP CONSTRAINT k`]],
    ['a CHECK of another column', [check.replace('a IS', 'b IS'), required]],
    ['a CHECK of a table that was renamed', [check, 'ALTER TABLE other RENAME a TO b', required]],
    ['a CHECK of a table that was dropped', [check, 'DROP TABLE other', required]],
    [
      'a CHECK without a name that may be the one that is dropped',
      [
        'ALTER TABLE other ADD CHECK (a IS NOT NULL)',
        'ALTER TABLE other DROP CONSTRAINT other_a_check',
        required,
      ],
    ],
  ])('does not take %s for one', (_, statements) => {
    expect(findBy(rule, { up: statements.join(';\n') })).toHaveLength(1);
  });

  test('remembers a CHECK of a migration before', () => {
    expect(findBy(rule, { applied: [`${check} NOT VALID`, validate], up: required })).toEqual([]);
  });
});
