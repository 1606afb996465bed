/** Rows that a restore has written are not those of the migrations, even if one transaction wrote them and the tracking table. */

import { describe, expect, test } from 'vitest';
import { commandMajors } from '../support/database.js';
import { type DatabaseProject, type MigrationSource, projectOn } from '../support/kat-project.js';
import { failureOf, idsOf, openKat } from './library.js';

const users = { up: 'CREATE TABLE users (id int);', down: 'DROP TABLE users;' };
const seeds = { up: 'INSERT INTO users VALUES (1);', down: 'TRUNCATE users;', parents: [1] };

/** As the schema restored by itself, and then all data in one transaction. */
async function restoreData({ database }: DatabaseProject): Promise<void> {
  const tables = ['users', 'migrations', 'migrations_log'];
  await database.query(
    `CREATE SCHEMA before; ${tables
      .map(
        (name) =>
          `ALTER TABLE ${name} SET SCHEMA before; CREATE TABLE ${name} (LIKE before.${name} INCLUDING ALL);`,
      )
      .join('\n')}`,
  );
  await database.query(
    tables.map((name) => `INSERT INTO ${name} OVERRIDING SYSTEM VALUE TABLE before.${name};`).join('\n'),
  );
}

describe.each(commandMajors())('PostgreSQL %i', (major) => {
  async function openApplied(
    migrations: Readonly<Record<string, MigrationSource>>,
    isSingleTransaction: boolean,
  ) {
    const project = await projectOn(major, { migrations });
    const { kat } = openKat(project);
    await kat.up({ singleTransaction: isSingleTransaction });
    return { project, kat };
  }

  test.each([
    ['of one migration', { '1_users': users }, false, 1],
    ['of two migrations of one transaction', { '1_users': users, '2_seeds': seeds }, true, 2],
    ['of two such migrations, of which the later goes', { '1_users': users, '2_seeds': seeds }, true, 1],
  ])('a plain down asks behind a restore %s', async (_name, migrations, isSingleTransaction, count) => {
    const { project, kat } = await openApplied(migrations, isSingleTransaction);
    await project.database.query('INSERT INTO users VALUES (7)');
    await restoreData(project);
    const { message } = await failureOf(kat.down({ count }));
    expect(message).toContain('drops or empties public.users, which holds rows');
    expect(await project.database.query('SELECT id FROM users WHERE id = 7')).toEqual([{ id: 7 }]);
  });

  test('a restore of a migration that makes no table shows by older entries of the log', async () => {
    const { parents: _, ...first } = seeds;
    const project = await projectOn(major, { migrations: { '1_seeds': first } });
    await project.database.query('CREATE TABLE users (id int)');
    const { kat } = openKat(project);
    await kat.up();
    await kat.redo();
    await project.database.query('INSERT INTO users VALUES (7)');
    await restoreData(project);
    expect((await failureOf(kat.down())).message).toContain('public.users, which holds rows');
  });

  test('without a restore nobody is asked, however the migrations ran', async () => {
    const migrations = { '1_users': users, '2_seeds': seeds };
    const { kat, project } = await openApplied(migrations, true);
    await kat.down({ count: 2 });
    await kat.up({ singleTransaction: true });
    await project.database.query('ALTER TABLE users ADD more text; CREATE INDEX ON users (id)');
    expect(idsOf((await kat.down({ count: 2 })).migrations)).toEqual(['2_seeds', '1_users']);
  });
});
