/** A copy is the only one as soon as another migration has taken its source away, whenever that one ran and whatever became of it. */

import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { commandMajors } from '../support/database.js';
import { projectOn } from '../support/kat-project.js';
import { failureOf, idsOf, openKat } from './library.js';

const copied = 'drops or empties public.n, which holds rows';
const copy = { up: 'CREATE TABLE n AS SELECT a, b FROM t;', down: 'DROP TABLE n;' };
const column = { up: 'ALTER TABLE t ADD c text; UPDATE t SET c = b;', down: 'ALTER TABLE t DROP c;' };

describe.each(commandMajors())('PostgreSQL %i', (major) => {
  async function openFilled() {
    const project = await projectOn(major, {
      migrations: { '1_base': 'CREATE TABLE t (a int, b text, d int); CREATE TABLE other (a int);' },
    });
    const { kat } = openKat(project);
    await kat.up();
    await project.database.query("INSERT INTO t SELECT g, 'app' || g, g FROM generate_series(1, 3) g");
    return { project, kat };
  }

  test.each([
    ['drops it', copy, 'DROP TABLE t;', 'CREATE TABLE t (a int, b text);', copied],
    ['deletes its rows', copy, 'DELETE FROM t WHERE a < 3;', 'SELECT 1;', copied],
    ['empties it', copy, 'TRUNCATE t;', 'SELECT 1;', copied],
    ['overwrites it', copy, "UPDATE t SET b = '';", 'SELECT 1;', copied],
    [
      'drops a column of it',
      column,
      'ALTER TABLE t DROP b;',
      'ALTER TABLE t ADD b text;',
      'drops public.t.c, which holds values',
    ],
    ['took it away when it was rolled back', copy, 'SELECT 1;', 'DELETE FROM t;', copied],
  ])('a later migration %s, and was rolled back before', async (_name, first, up, down, message) => {
    const { project, kat } = await openFilled();
    project.addMigration('2_copy', { ...first, parents: [1] });
    project.addMigration('3_contract', { up, down, parents: [2] });
    await kat.up();
    await kat.down({ confirm: () => true });
    expect((await failureOf(kat.down())).message).toContain(message);
  });

  test('a later migration of another branch has taken the source away, and stays', async () => {
    const { project, kat } = await openFilled();
    project.addMigration('2_copy', { ...copy, parents: [1] });
    await kat.up();
    project.addMigration('3_contract', { up: 'DELETE FROM t;', down: 'SELECT 1;', parents: [1] });
    await kat.up();
    const losses: unknown[] = [];
    const confirm = (plan: { losses: readonly unknown[] }) => {
      losses.push(...plan.losses);
      return false;
    };
    await failureOf(kat.down({ of: ['2_copy'], confirm }));
    expect(losses).toMatchObject([{ id: '2_copy', tables: ['public.n'] }]);
  });

  test('a later migration that nobody can read any more', async () => {
    const { project, kat } = await openFilled();
    project.addMigration('2_copy', { ...copy, parents: [1] });
    project.addMigration('3_contract', { up: 'DELETE FROM t;', down: 'SELECT 1;', parents: [2] });
    await kat.up();
    await kat.down();
    project.addMigration('3_contract', { up: 'SELECT 2;', down: 'SELECT 1;', parents: [2] });
    expect((await failureOf(kat.down())).message).toContain(copied);
  });

  test('rows come back with a migration of which only comments were edited', async () => {
    const { project, kat } = await openFilled();
    const up = 'CREATE TABLE roles (a int);\nINSERT INTO roles VALUES (1);';
    project.addMigration('2_roles', { up, down: 'DROP TABLE roles;', parents: [1] });
    await kat.up();
    project.write('migrations/2_roles/up.sql', `-- what everybody may be\n${up}\n`);
    expect(idsOf((await kat.down()).migrations)).toEqual(['2_roles']);
  });

  test('a migration whose folder is gone may have moved its rows', async () => {
    const { project, kat } = await openFilled();
    project.addMigration('2_copy', { ...copy, up: `${copy.up} DELETE FROM t;`, parents: [1] });
    await kat.up();
    rmSync(join(project.folder, 'migrations', '2_copy'), { recursive: true });
    expect((await failureOf(kat.down())).message).toContain(copied);
  });

  test('a program may have moved its rows', async () => {
    const { project, kat } = await openFilled();
    project.addMigration('2_copy', { ...copy, parents: [1] });
    rmSync(join(project.folder, 'migrations', '2_copy', 'up.sql'));
    project.write(
      'migrations/2_copy/up.mjs',
      'export default async ({ sql }) => { await sql`CREATE TABLE n AS SELECT a, b FROM t`; await sql`DELETE FROM t`; };\n',
    );
    await kat.up();
    expect((await failureOf(kat.down())).message).toContain(copied);
  });

  test.each([
    ['adds something', copy, 'ALTER TABLE t ADD e int;', 'ALTER TABLE t DROP e;'],
    ['makes a table', copy, 'CREATE TABLE later (a int);', 'DROP TABLE later;'],
    ['drops another column', column, 'ALTER TABLE t DROP d;', 'ALTER TABLE t ADD d int;'],
    ['deletes rows of another table', column, 'DELETE FROM other;', 'SELECT 1;'],
  ])('a later migration that only %s is asked about as before', async (_name, first, up, down) => {
    const { project, kat } = await openFilled();
    project.addMigration('2_copy', { ...first, parents: [1] });
    project.addMigration('3_later', { up, down, parents: [2] });
    await kat.up();
    await kat.down({ confirm: () => true });
    expect(idsOf((await kat.down()).migrations)).toEqual(['2_copy']);
  });

  test.each([
    ['dropped twice', 'DROP TABLE t; DROP TABLE t;'],
    ['renamed in front of it', 'ALTER TABLE t RENAME TO gone; DROP TABLE t;'],
    ['dropped by its schema before', 'DROP TABLE x.t; TRUNCATE t;'],
    ['in a schema that gets another name', 'ALTER SCHEMA x RENAME TO y; DELETE FROM t;'],
  ])('a name that means the next table of the search path: %s', async (_name, sql) => {
    const { project, kat } = await openFilled();
    await project.database.query('CREATE SCHEMA x; CREATE TABLE x.t (a int)');
    project.addMigration('2_index', {
      up: 'SELECT 1;',
      down: `SET search_path = x, public; ${sql}`,
      parents: [1],
    });
    await kat.up();
    expect((await failureOf(kat.down())).message).toContain('drops or empties public.t, which holds rows');
  });
});
