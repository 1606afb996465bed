/** Two git branches that add and change things: `kat sync` follows every switch, and nobody's rows are lost. */

import { describe, expect, test } from 'vitest';
import { createKat } from '../../src/index.js';
import { commandMajors, freshDatabase, type TestDatabase } from '../support/database.js';
import { commitAll, git } from '../support/git.js';
import { type DatabaseProject, projectOn } from '../support/kat-project.js';
import { schemaOf } from './schema.js';

const main = {
  '10_users': { up: 'CREATE TABLE users (id int PRIMARY KEY, name text);', down: 'DROP TABLE users;' },
  '11_orders': { up: 'CREATE TABLE orders (id int PRIMARY KEY, total int);', down: 'DROP TABLE orders;' },
  '12_settings': { up: 'CREATE TABLE settings (theme text);', down: 'DROP TABLE settings;' },
};

/** What each branch adds, and how it has edited 12_settings. */
const branches = {
  ada: {
    '12_settings': { up: 'CREATE TABLE settings (theme text, font text);', down: 'DROP TABLE settings;' },
    '20_profiles': {
      up: 'CREATE TABLE profiles (user_id int REFERENCES users, motto text);',
      down: 'DROP TABLE profiles;',
      parents: [10],
    },
    '22_emails': {
      up: 'ALTER TABLE users ADD email text; CREATE INDEX users_email ON users (email);',
      down: 'ALTER TABLE users DROP email;',
      parents: [10],
    },
    '24_contacts': {
      up: 'CREATE VIEW contacts AS SELECT name, email, font FROM users, settings;',
      down: 'DROP VIEW contacts;',
      parents: [12, 22],
    },
  },
  ben: {
    '12_settings': { up: 'CREATE TABLE settings (theme text, size int);', down: 'DROP TABLE settings;' },
    '21_tags': { up: 'CREATE TABLE tags (name text);', down: 'DROP TABLE tags;' },
    '23_phones': {
      up: 'ALTER TABLE users ADD phone text; ALTER TABLE orders ADD CHECK (total >= 0);',
      down: 'ALTER TABLE orders DROP CONSTRAINT orders_total_check; ALTER TABLE users DROP phone;',
      parents: [10, 11],
    },
    '25_index': {
      up: 'CREATE INDEX CONCURRENTLY orders_total ON orders (total);',
      down: 'DROP INDEX CONCURRENTLY orders_total;',
      parents: [23],
      noTransaction: true,
    },
  },
};

/** A project on three branches, whose database has those of main and rows. */
async function teamProject(major: number): Promise<DatabaseProject> {
  const project = await projectOn(major, { migrations: main });
  commitAll(project.folder, 'main');
  for (const [name, migrations] of Object.entries(branches)) {
    git(project.folder, 'switch', '--quiet', '--create', name, 'main');
    for (const [id, source] of Object.entries(migrations)) project.addMigration(id, source);
    commitAll(project.folder, name);
  }
  git(project.folder, 'switch', '--quiet', 'main');
  expect((await project.kat('up')).code).toBe(0);
  await project.database.query(`
    CREATE TABLE notes (text text);
    INSERT INTO notes VALUES ('nobody migrates this');
    INSERT INTO orders SELECT n, n * n FROM generate_series(1, 100) n;
    INSERT INTO users VALUES (1, 'Ada'), (2, 'Ben')`);
  return project;
}

async function rowsOf(database: TestDatabase): Promise<unknown> {
  return database.query(`
    SELECT (SELECT array_agg(text) FROM notes)::text AS notes,
           (SELECT array_agg(name ORDER BY id) FROM users)::text AS users,
           (SELECT count(*) || ' ' || sum(total) FROM orders) AS orders`);
}

const rows = [{ notes: '{"nobody migrates this"}', users: '{Ada,Ben}', orders: '100 338350' }];

/** What `kat up` makes of the branch that is checked out, in an empty database. */
async function freshSchema(project: DatabaseProject, major: number): Promise<unknown> {
  const database = await freshDatabase(major);
  const kat = createKat({ migrations: `${project.folder}/migrations`, database: database.url });
  try {
    await kat.up();
    await database.query('CREATE TABLE notes (text text)');
    return await schemaOf(database);
  } finally {
    await kat.close();
    await database.drop();
  }
}

describe.each(commandMajors())('PostgreSQL %i', (major) => {
  test('there and back again with sync --modified: always the schema of the branch, and all rows', async () => {
    const project = await teamProject(major);
    for (const branch of ['ada', 'ben', 'ada', 'main', 'ben', 'main']) {
      git(project.folder, 'switch', '--quiet', branch);
      expect(await project.kat('sync --modified --yes'), branch).toMatchObject({ code: 0 });
      expect(await schemaOf(project.database), branch).toEqual(await freshSchema(project, major));
      expect(await rowsOf(project.database), branch).toEqual(rows);
      expect((await project.kat('sync --modified')).stdout).toContain(
        'No migration(s) to roll back or apply\n',
      );
    }
  });

  test('plain sync leaves what both branches have as it was applied', async () => {
    const project = await teamProject(major);
    git(project.folder, 'switch', '--quiet', 'ben');
    expect(await project.kat('sync')).toMatchObject({ code: 0 });
    const sizes = "SELECT FROM pg_attribute WHERE attrelid = 'settings'::regclass AND attname = 'size'";
    expect(await project.database.query(sizes)).toEqual([]);
    expect(await rowsOf(project.database)).toEqual(rows);
    expect((await project.applied()).sort()).toEqual(project.ids());
    expect(await project.kat('sync --modified --yes')).toMatchObject({ code: 0 });
    expect(await schemaOf(project.database)).toEqual(await freshSchema(project, major));
    git(project.folder, 'switch', '--quiet', 'main');
    expect(await project.kat('sync --yes')).toMatchObject({ code: 0 });
    expect((await project.applied()).sort()).toEqual(Object.keys(main));
    expect(await rowsOf(project.database)).toEqual(rows);
  });

  test('merged branches join: what the database has of one stays, and the other is added', async () => {
    const project = await teamProject(major);
    git(project.folder, 'switch', '--quiet', 'ada');
    expect(await project.kat('sync --modified --yes')).toMatchObject({ code: 0 });
    await project.database.query("INSERT INTO profiles VALUES (1, 'first')");
    git(project.folder, 'merge', '--quiet', '--strategy-option', 'ours', '--message', 'merge', 'ben');
    const { stdout } = await project.kat('sync --modified --json');
    const steps = JSON.parse(stdout).migrations.map(({ id }: { id: string }) => id);
    expect(steps).toEqual(['21_tags', '23_phones', '25_index']);
    expect(await schemaOf(project.database)).toEqual(await freshSchema(project, major));
    expect(await project.database.query('SELECT motto FROM profiles')).toEqual([{ motto: 'first' }]);
    expect(await rowsOf(project.database)).toEqual(rows);
  });
});
