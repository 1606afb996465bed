/** Values that a migration copied and then overwrote do not come back with it: the copy is the only one. */

import { describe, expect, test } from 'vitest';
import { commandMajors } from '../support/database.js';
import { projectOn } from '../support/kat-project.js';
import { failureOf, idsOf, openKat } from './library.js';

const created = 'CREATE TABLE n (a int, b text);';

describe.each(commandMajors())('PostgreSQL %i', (major) => {
  async function openMoved(up: string, down: string, before: readonly string[] = []) {
    const project = await projectOn(major, {
      migrations: { '1_base': 'CREATE TABLE t (a int, b text, d int);' },
    });
    const { kat } = openKat(project);
    await kat.up();
    await project.database.query("INSERT INTO t SELECT g, 'app' || g, g FROM generate_series(1, 3) g");
    for (const sql of before) await project.database.query(sql);
    project.addMigration('2_move', { up, down, parents: [1] });
    await kat.up();
    return kat;
  }

  test.each([
    ['NULL', 'CREATE TABLE n AS SELECT a, b FROM t; UPDATE t SET b = NULL;'],
    ['a constant', "CREATE TABLE n AS TABLE t; UPDATE t SET b = 'moved';"],
    ['a part of it', `${created} INSERT INTO n SELECT a, b FROM t; UPDATE t SET b = left(b, 1);`],
    [
      'a part of it, by a join',
      'CREATE TABLE n AS SELECT t.* FROM t; UPDATE t SET b = left(x.b, 1) FROM t x WHERE x.a = t.a;',
    ],
    [
      'another type',
      `${created} INSERT INTO n SELECT a, b FROM t; ALTER TABLE t ALTER b TYPE varchar(1) USING b::varchar(1);`,
    ],
    [
      'a part of it, through a view',
      'CREATE VIEW v AS SELECT a, b FROM t; CREATE TABLE n AS SELECT a, b FROM t; UPDATE v SET b = left(b, 1);',
    ],
  ])('in a new table, behind which the column gets %s', async (_name, up) => {
    const kat = await openMoved(up, 'DROP TABLE n;');
    expect((await failureOf(kat.down())).message).toContain('drops or empties public.n, which holds rows');
  });

  test.each([
    ['drops the source', 'ALTER TABLE t DROP b;'],
    ['overwrites the source', 'UPDATE t SET b = NULL;'],
  ])('in a column that was computed, behind which it %s', async (_name, end) => {
    const kat = await openMoved(
      `ALTER TABLE t ADD c text GENERATED ALWAYS AS (b) STORED; ALTER TABLE t ALTER c DROP EXPRESSION; ${end}`,
      'ALTER TABLE t DROP c;',
    );
    expect((await failureOf(kat.down())).message).toContain('drops public.t.c, which holds values');
  });

  test.each([
    ['a function', 'CREATE TABLE n AS SELECT * FROM f(); TRUNCATE t;'],
    [
      'a function that takes a query',
      "CREATE TABLE n AS SELECT query_to_xml('SELECT * FROM t', true, true, ''); TRUNCATE t;",
    ],
    ['CASCADE', 'CREATE TABLE n AS SELECT a, e::text FROM t2; DROP TYPE e CASCADE;'],
  ])('of rows that are read and taken away by %s', async (_name, up) => {
    const kat = await openMoved(up, 'DROP TABLE n;', [
      "CREATE FUNCTION f() RETURNS SETOF t LANGUAGE sql AS 'SELECT * FROM t'",
      "CREATE TYPE e AS ENUM ('x'); CREATE TABLE t2 (a int, e e); INSERT INTO t2 VALUES (1, 'x')",
    ]);
    expect((await failureOf(kat.down())).message).toContain('drops or empties public.n, which holds rows');
  });

  test.each([
    ['one statement', 'UPDATE t SET c = b, b = NULL;'],
    ['two statements', "UPDATE t SET c = b; UPDATE t SET b = 'moved';"],
    ['two statements with FROM', 'UPDATE t SET c = x.b FROM t x WHERE x.a = t.a; UPDATE t SET b = upper(b);'],
  ])('in a new column, in %s', async (_name, up) => {
    const kat = await openMoved(`ALTER TABLE t ADD c text; ${up}`, 'ALTER TABLE t DROP c;');
    expect((await failureOf(kat.down())).message).toContain('drops public.t.c, which holds values');
  });

  test.each([
    ['its source stays', 'ALTER TABLE t ADD c text; UPDATE t SET c = upper(b);', 'ALTER TABLE t DROP c;'],
    [
      'another column of its source is overwritten',
      "ALTER TABLE t ADD c text; UPDATE t SET c = b || 'x', d = 1;",
      'ALTER TABLE t DROP c;',
    ],
    [
      'its source was cleaned before',
      'UPDATE t SET b = trim(b); CREATE TABLE n AS SELECT a, b FROM t;',
      'DROP TABLE n;',
    ],
    [
      'a column is changed in its place',
      'ALTER TABLE t ADD c int; UPDATE t SET b = trim(b), c = 1;',
      'ALTER TABLE t DROP c;',
    ],
    [
      'its source is a column of the migration',
      "ALTER TABLE t ADD c text DEFAULT 'x'; CREATE TABLE n AS SELECT a, c FROM t; UPDATE t SET c = b;",
      'DROP TABLE n; ALTER TABLE t DROP c;',
    ],
  ])('a copy is not asked about where %s', async (_name, up, down) => {
    const kat = await openMoved(up, down);
    expect(idsOf((await kat.down()).migrations)).toEqual(['2_move']);
  });
});
