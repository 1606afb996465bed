/** A rollback that drops more than its text names: another database, or tables that depend on an object without rows. */

import { describe, expect, test } from 'vitest';
import { commandMajors } from '../support/database.js';
import { projectOn } from '../support/kat-project.js';
import { failureOf, idsOf, openKat } from './library.js';

describe.each(commandMajors())('PostgreSQL %i', (major) => {
  test('a database that exists is asked about', async () => {
    const project = await projectOn(major, { migrations: {} });
    const [{ name } = { name: '' }] = await project.database.query(
      "SELECT current_database() || '_other' AS name",
    );
    project.addMigration('1_other', {
      up: `CREATE DATABASE "${name}";`,
      down: `DROP DATABASE IF EXISTS "${name}";`,
      noTransaction: true,
    });
    const { kat } = openKat(project);
    await kat.up();
    const { message } = await failureOf(kat.down());
    expect(message).toContain(`could not read: ${name} (another database)`);
    expect(await project.database.query(`SELECT 1 AS n FROM pg_database WHERE datname = '${name}'`)).toEqual([
      { n: 1 },
    ]);
    expect((await kat.plan({ move: 'down' })).losses).toHaveLength(1);
    await project.database.query(`DROP DATABASE "${name}"`);
    expect(idsOf((await kat.down()).migrations)).toEqual(['1_other']);
  });

  test.each([
    [
      'its access method',
      'CREATE ACCESS METHOD other TYPE TABLE HANDLER heap_tableam_handler; CREATE TABLE kept (id int) USING other;',
      'DROP ACCESS METHOD other CASCADE;',
    ],
    [
      'a function of its partition key',
      `CREATE FUNCTION part(int) RETURNS int IMMUTABLE LANGUAGE sql AS 'SELECT $1 % 2';
       CREATE TABLE kept (id int) PARTITION BY LIST (part(id)); CREATE TABLE kept_all PARTITION OF kept DEFAULT;`,
      'DROP FUNCTION part CASCADE;',
    ],
    [
      'an operator class of its partition key',
      `CREATE OPERATOR CLASS own FOR TYPE int USING btree AS OPERATOR 3 =, OPERATOR 1 <, OPERATOR 5 >, FUNCTION 1 btint4cmp(int, int);
       CREATE TABLE kept (id int) PARTITION BY RANGE (id own); CREATE TABLE kept_all PARTITION OF kept DEFAULT;`,
      'DROP OPERATOR FAMILY own USING btree CASCADE;',
    ],
    [
      'the language of a function of its partition key',
      `CREATE LANGUAGE own HANDLER plpgsql_call_handler VALIDATOR plpgsql_validator;
       CREATE FUNCTION part(int) RETURNS int IMMUTABLE LANGUAGE own AS 'BEGIN RETURN $1 % 2; END';
       CREATE TABLE kept (id int) PARTITION BY LIST (part(id)); CREATE TABLE kept_all PARTITION OF kept DEFAULT;`,
      'DROP LANGUAGE own CASCADE;',
    ],
  ])('a table that goes with %s is asked about', async (_name, up, down) => {
    const project = await projectOn(major, { migrations: { '1_kept': { up, down } } });
    const { kat } = openKat(project);
    await kat.up();
    expect(idsOf((await kat.down()).migrations)).toEqual(['1_kept']);
    await kat.up();
    await project.database.query('INSERT INTO kept VALUES (7)');
    expect((await failureOf(kat.down())).message).toContain('drops or empties public.kept, which holds rows');
    expect(await project.database.query('SELECT id FROM kept')).toEqual([{ id: 7 }]);
  });

  test('a column whose type is the row of a view is asked about', async () => {
    const up = 'CREATE VIEW named AS SELECT 1 AS a; CREATE TABLE kept (id int, n named);';
    const project = await projectOn(major, {
      migrations: { '1_kept': { up, down: 'DROP VIEW named CASCADE;' } },
    });
    const { kat } = openKat(project);
    await kat.up();
    await project.database.query('INSERT INTO kept VALUES (7, ROW(8))');
    expect((await failureOf(kat.down())).message).toContain('drops public.kept.n, which holds values');
  });

  test.each([
    [
      'a function that a default calls',
      "CREATE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT 1'; ALTER TABLE kept ALTER id SET DEFAULT f();",
      'DROP FUNCTION f CASCADE;',
    ],
    ['a view of the table', 'CREATE VIEW v AS SELECT * FROM kept;', 'DROP VIEW v CASCADE;'],
  ])('%s takes no rows along, and nobody is asked', async (_name, up, down) => {
    const project = await projectOn(major, {
      migrations: { '1_kept': 'CREATE TABLE kept (id int);', '2_more': { up, down, parents: [1] } },
    });
    const { kat } = openKat(project);
    await kat.up();
    await project.database.query('INSERT INTO kept VALUES (7)');
    expect(idsOf((await kat.down()).migrations)).toEqual(['2_more']);
  });
});
