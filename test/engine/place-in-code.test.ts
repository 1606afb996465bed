/** Where code of a migration failed: in which line of a block, or of a function that the file creates. */

import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { freshDatabase, majors, type TestDatabase } from '../support/database.js';
import { type MigrationSource, makeProject } from '../support/kat-project.js';
import { failureOf, openKat } from './library.js';

const f = 'CREATE FUNCTION f(n int) RETURNS int LANGUAGE plpgsql AS $f$\nBEGIN\n  RETURN 1 / n;\nEND $f$;\n';
const block =
  'DO $$\nDECLARE r record;\nBEGIN\n  FOR r IN SELECT 1 AS n LOOP\n    PERFORM 1 / (r.n - 1);\n  END LOOP;\nEND $$;\n';

const cases: readonly [what: string, up: string, place: string][] = [
  ['a block', `SELECT 1;\n\n${block}SELECT 2;\n`, '7:5'],
  ['a block that begins in its first line', "DO $$ BEGIN RAISE 'no';\nEND $$;\n", '1:1'],
  ['a second block', `DO $$ BEGIN NULL; END $$;\n${block}`, '6:5'],
  ['a function of the same file', `${f}SELECT f(0);\n`, '3:3'],
  [
    'a procedure of the same file',
    `${f.replace('FUNCTION f(n int) RETURNS int', 'PROCEDURE f(n int)').replace('RETURN 1 / n', 'PERFORM 1 / n')}CALL f(0);\n`,
    '3:3',
  ],
  ['a block that calls a function of the same file', `${f}DO $$ BEGIN\n  PERFORM f(0);\nEND $$;\n`, '3:3'],
  [
    'a trigger function',
    `${f.replace('f(n int) RETURNS int', 'f() RETURNS trigger').replace('RETURN 1 / n', "RAISE 'no'")}CREATE TABLE t ();\nCREATE TRIGGER t BEFORE INSERT ON t FOR EACH ROW EXECUTE FUNCTION f();\nINSERT INTO t DEFAULT VALUES;\n`,
    '3:3',
  ],
  ['a block that calls a function of the database', 'DO $$ BEGIN\n  PERFORM theirs();\nEND $$;\n', '2:3'],
  ['a call of a function of the database', 'SELECT 1;\nSELECT theirs();\n', '2:1'],
  ['a call of one of two functions of a name', `${f}${f.replace('n int', 'n bigint')}SELECT f(0);\n`, '9:1'],
];

describe.each(majors())('PostgreSQL %i', (major) => {
  let own: TestDatabase;
  beforeAll(async () => {
    own = await freshDatabase(major);
    await own.query(
      "CREATE FUNCTION theirs() RETURNS int LANGUAGE plpgsql AS $$ BEGIN\n\n\nRAISE 'no'; END $$",
    );
  });
  afterAll(() => own.drop());

  const placeOf = async (up: string | MigrationSource): Promise<string> => {
    const { kat } = openKat(makeProject({ migrations: { '1_a': up } }), { database: own.url });
    const { problems } = await failureOf(kat.up());
    const { line, column } = problems[0]?.location ?? {};
    return `${line}:${column}`;
  };

  test.each(cases)('%s', async (_, up, place) => {
    expect(await placeOf(up)).toBe(place);
  });

  test('a block that runs as a statement of its own', async () => {
    expect(await placeOf({ up: `SELECT 1;\n${block}`, noTransaction: true })).toBe('6:5');
  });
});
