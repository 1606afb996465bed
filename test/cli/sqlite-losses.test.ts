/** What a plain rollback on SQLite asks about before it destroys data. */

import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { makeSqliteProject, type SqliteProject, withSqlite } from '../support/sqlite.js';

/** A project of one migration that attaches another file, and the path of that file. */
function projectWithOther(up: string, down: string): { project: SqliteProject; other: string } {
  const project = makeSqliteProject();
  const other = join(project.folder, 'other.db');
  const attach = `ATTACH '${other}' AS o;`;
  project.addMigration('1_other', { up: `${attach} ${up}`, down: `${attach} ${down}`, noTransaction: true });
  return { project, other };
}

describe('a file that a rollback attaches', () => {
  test.each([
    ['drops a table of it', 'DROP TABLE o.p;', 'o.p'],
    ['drops a table of it by its name alone', 'DROP TABLE p;', 'p'],
    ['empties a table of it', 'DELETE FROM o.p;', 'o.p'],
    ['drops a column of it', 'ALTER TABLE o.p DROP COLUMN b;', 'o.p'],
    ['overwrites a column of it', 'UPDATE o.p SET b = NULL;', 'o.p'],
  ])('is asked about where the rollback %s', async (_name, down, table) => {
    const { project, other } = projectWithOther('CREATE TABLE o.p (a, b);', down);
    expect((await project.kat('up')).code).toBe(0);
    await withSqlite(other, (session) => session.execute('INSERT INTO p VALUES (1, 2)'));
    expect(await project.kat('down')).toMatchObject({
      code: 2,
      stderr: expect.stringContaining(`could not read: ${table} (in another file)`),
    });
    const [rows] = await withSqlite(other, (session) => session.execute('SELECT a, b FROM p'));
    expect(rows?.rows).toEqual([{ a: '1', b: '2' }]);
    expect((await project.kat('down --yes')).code).toBe(0);
  });

  test('is not asked about where the rollback only reads it, or drops an empty table of the main file', async () => {
    const { project } = projectWithOther(
      'CREATE TABLE o.p (a, b); CREATE TABLE main.q (a, b);',
      'INSERT INTO main.q SELECT * FROM o.p; DROP TABLE main.q;',
    );
    expect((await project.kat('up')).code).toBe(0);
    expect((await project.kat('down')).code).toBe(0);
  });
});
