/** Valid SQL may nest as deeply as PostgreSQL takes it, and histories may run in circles: nothing of it ends an analysis. */
import { describe, expect, test } from 'vitest';
import { makeProject, projectOn } from '../support/kat-project.js';
import { openKat } from './library.js';

const times = (count: number, part: (index: number) => string) =>
  Array.from({ length: count }, (_, index) => part(index));

const read = '(SELECT id FROM bottom)';

/** Each reads the table `bottom` where it is deepest. */
const deepQueries: Readonly<Record<string, string>> = {
  operators: `SELECT ${read}::text || ${times(2_000, () => "'a'").join(' || ')} AS v`,
  unions: `SELECT id FROM bottom UNION ALL ${times(5_000, () => 'SELECT 1').join(' UNION ALL ')}`,
  subselects: `SELECT * FROM ${'(SELECT * FROM '.repeat(750)}bottom${times(750, (index) => `) q${index}`).join('')}`,
  conditions: `SELECT ${times(1_000, (index) => `(${index % 2 ? 'true AND' : 'false OR'} `).join('')}${read} > 0${')'.repeat(1_000)} AS v`,
  cases: `SELECT ${times(1_000, (index) => `CASE WHEN 1 = ${index} THEN 1 ELSE `).join('')}${read}${' END'.repeat(1_000)} AS v`,
  calls: `SELECT ${'abs('.repeat(1_000)}${read}${')'.repeat(1_000)} AS v`,
  casts: `SELECT ${read}${'::bigint'.repeat(2_000)} AS v`,
  joins: `SELECT b.id FROM bottom b ${times(400, (index) => `CROSS JOIN (SELECT 1) j${index}`).join(' ')}`,
  withs: `${times(200, (index) => `WITH w${index} AS (`).join('')}SELECT id FROM bottom${times(200, (index) => `) SELECT * FROM w${199 - index}`).join('')}`,
};

const deepBodies: Readonly<Record<string, string>> = {
  branches: `DO $$ BEGIN ${'IF true THEN '.repeat(400)}PERFORM id FROM bottom;${' END IF;'.repeat(400)} END $$`,
  blocks: `DO $$ BEGIN ${'BEGIN '.repeat(400)}PERFORM id FROM bottom;${' END;'.repeat(400)} END $$`,
  dynamic: `DO $$ BEGIN EXECUTE ${times(1_500, () => "''").join(' || ')} || 'ALTER TABLE bottom ADD x int'; END $$`,
};

const deepTexts = Object.entries({
  ...Object.fromEntries(
    Object.entries(deepQueries).map(([name, sql]) => [name, `CREATE VIEW deep AS ${sql};`]),
  ),
  ...Object.fromEntries(Object.entries(deepBodies).map(([name, sql]) => [name, `${sql};`])),
});

describe('SQL that nests deeply', () => {
  test.each(deepTexts)('%s: what is needed at the bottom is found', async (_, up) => {
    const { kat } = openKat(
      makeProject({ migrations: { '1_bottom': 'CREATE TABLE bottom (id int);', '2_deep': up } }),
    );
    const { findings } = await kat.deps();
    expect(findings).toMatchObject([{ code: 'undeclared', migration: '2_deep' }]);
    expect(findings[0]?.message).toContain('1_bottom');
    await kat.check();
    await kat.lint();
  });

  test('is applied', async () => {
    const migrations = Object.fromEntries(
      deepTexts.map(([name, up], index) => [
        `${index + 2}_${name}`,
        { up: up.replace('VIEW deep', `VIEW ${name}`), parents: [index + 1] },
      ]),
    );
    const project = await projectOn(18, {
      migrations: { '1_bottom': 'CREATE TABLE bottom (id int);', ...migrations },
    });
    const { kat } = openKat(project);
    expect((await kat.up()).migrations).toHaveLength(deepTexts.length + 1);
  });
});

const circles: Readonly<Record<string, string[]>> = {
  'views that read each other': [
    'CREATE TABLE t (id int); CREATE VIEW b AS SELECT * FROM t; CREATE VIEW a AS SELECT * FROM b; CREATE OR REPLACE VIEW b AS SELECT * FROM a;',
    "CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END'; CREATE TRIGGER i INSTEAD OF INSERT ON b FOR EACH ROW EXECUTE FUNCTION f();",
    'INSERT INTO b VALUES (1); ALTER TABLE t ALTER id TYPE bigint; DROP VIEW a, b;',
  ],
  'domains that were renamed over each other': [
    'CREATE DOMAIN a AS int; CREATE DOMAIN b AS a; ALTER DOMAIN a RENAME TO x; CREATE DOMAIN a AS b; CREATE TABLE t (c a, d b);',
    'ALTER TABLE t ALTER c TYPE b; ALTER DOMAIN b ADD CHECK (value < 5); ALTER TABLE t ADD e a DEFAULT 1;',
  ],
  'tables that inherit under renamed names': [
    'CREATE TABLE p (id int); CREATE TABLE c () INHERITS (p); ALTER TABLE p RENAME TO x; CREATE TABLE p () INHERITS (c);',
    'ALTER TABLE x ADD y int; LOCK TABLE x; TRUNCATE x; DROP TABLE x CASCADE;',
  ],
  'foreign keys': [
    'CREATE TABLE p (id int PRIMARY KEY, q int); CREATE TABLE q (id int PRIMARY KEY, p int REFERENCES p); ALTER TABLE p ADD FOREIGN KEY (q) REFERENCES q;',
    'TRUNCATE p CASCADE; DELETE FROM p; DROP TABLE p CASCADE;',
  ],
  'triggers that fire each other': [
    'CREATE TABLE t (id int); CREATE TABLE u (id int);',
    "CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN IF pg_trigger_depth() < 3 THEN INSERT INTO u VALUES (1); END IF; RETURN NULL; END'; CREATE FUNCTION g() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN IF pg_trigger_depth() < 3 THEN INSERT INTO t VALUES (1); END IF; RETURN NULL; END';",
    'CREATE TRIGGER i AFTER INSERT ON t FOR EACH ROW EXECUTE FUNCTION f(); CREATE TRIGGER i AFTER INSERT ON u FOR EACH ROW EXECUTE FUNCTION g(); INSERT INTO t VALUES (1);',
  ],
  'a chain of calls': [
    `CREATE FUNCTION f0() RETURNS int LANGUAGE sql AS 'SELECT 1'; ${times(700, (index) => `CREATE FUNCTION f${index + 1}() RETURNS int LANGUAGE plpgsql AS 'BEGIN RETURN f${index}(); END';`).join(' ')}`,
    'CREATE TABLE t (id int DEFAULT f700()); CREATE VIEW v AS SELECT f700();',
  ],
};

describe('a history in circles', () => {
  test.each(Object.entries(circles))('%s', async (_, texts) => {
    const migrations = Object.fromEntries(
      texts.map((up, index) => [`${index + 1}_m`, { up, parents: index === 0 ? [] : [index] }]),
    );
    const project = await projectOn(18, { migrations });
    const { kat } = openKat(project);
    await kat.lint();
    await kat.check();
    await kat.deps();
    expect((await kat.up()).migrations).toHaveLength(texts.length);
  });
});
