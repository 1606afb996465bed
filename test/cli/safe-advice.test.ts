/** Migrations without a folder: the advice that Kat gives loses no row, and what would lose rows is refused until it is named. */

import { renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { commandMajors } from '../support/database.js';
import { documentOf } from '../support/document.js';
import { type DatabaseProject, makeProject, type Project, projectOn } from '../support/kat-project.js';
import { table } from './shop.js';

const isRenamed = '1_users has no folder, and 1_people has the same SQL: was the folder renamed?';

async function renamedProject(major: number): Promise<DatabaseProject> {
  const users = { up: 'CREATE TABLE users (id int);', down: 'DROP TABLE users;' };
  const migrations = { '1_users': users, '2_posts': table('posts', [1]), '3_tags': table('tags') };
  const project = await projectOn(major, { migrations });
  await project.migrate();
  await project.database.query('INSERT INTO users VALUES (7)');
  renameFolder(project, '1_users', '1_people');
  return project;
}

function renameFolder(project: Project, from: string, to: string): void {
  renameSync(join(project.folder, 'migrations', from), join(project.folder, 'migrations', to));
  const metadata = `migrations/${to}/metadata.yaml`;
  project.write(metadata, project.read(metadata).replace(`name: ${from}`, `name: ${to}`));
}

const usersOf = ({ database }: DatabaseProject) => database.query('SELECT id FROM users');

/** The commands that a text advises, in their order. */
function commandsIn(text: string): string[] {
  return [...text.matchAll(/`kat ([^`]+)`/g)].map(([, command]) => command as string);
}

describe.each(commandMajors())('PostgreSQL %i', (major) => {
  test.each(['up', 'sync --yes', 'down --all --yes', 'down --count 3', 'redo 1_users --yes'])(
    'a renamed folder: `kat %s` asks whether it was renamed',
    async (command) => {
      const project = await renamedProject(major);
      const run = await project.kat(command);
      expect(run.code).toBe(3);
      expect(run.stderr).toContain(isRenamed);
      expect(run.stderr).not.toContain('kat sync');
      expect(await project.applied()).toEqual(['1_users', '2_posts', '3_tags']);
      expect(await usersOf(project)).toEqual([{ id: 7 }]);
    },
  );

  test('`kat up --allow-missing` does not run the SQL again under the new name, unless that is named', async () => {
    const project = await renamedProject(major);
    for (const args of ['up --allow-missing', 'up --allow-missing --dry-run', 'plan up --allow-missing']) {
      const run = await project.kat(args);
      expect(run.code, args).toBe(3);
      expect(run.stderr).toContain('1_people would run the SQL of 1_users again');
      expect(commandsIn(run.stderr)[0]).toBe('stamp --only 1_people');
    }
    project.addMigration('4_more', table('more'));
    expect((await project.kat('up --allow-missing --to 4_more')).code).toBe(0);
    await project.database.query('ALTER TABLE users RENAME TO former');
    expect((await project.kat('up --allow-missing --to 1_people')).code).toBe(0);
    expect(await project.applied()).toContain('1_people');
  });

  test.each([
    ['a comment before it', '-- People who buy.\nCREATE TABLE users (id int);'],
    ['a comment in it, and more white space', 'CREATE TABLE users (\n  id int -- of the shop\n);\n\n'],
  ])('a renamed folder is known by its SQL, also with %s', async (_what, up) => {
    const project = await renamedProject(major);
    project.write('migrations/1_people/up.sql', up);
    for (const command of ['up', 'up --allow-missing', 'sync --yes', 'status', 'validate']) {
      const { stdout, stderr } = await project.kat(command);
      expect(`${stdout}${stderr}`).toMatch(/1_people has the same SQL|1_people would run the SQL of 1_users/);
    }
    expect(await project.applied()).toEqual(['1_users', '2_posts', '3_tags']);
    expect(await usersOf(project)).toEqual([{ id: 7 }]);
  });

  test('migrations that do nothing are not taken for each other', async () => {
    const migrations = { '1_a': 'SELECT;', '2_b': table('b') };
    const project = await projectOn(major, { migrations });
    await project.migrate();
    rmSync(join(project.folder, 'migrations/1_a'), { recursive: true });
    project.addMigration('3_c', { up: 'SELECT;' });
    expect((await project.kat('up --allow-missing')).code).toBe(0);
    expect((await project.kat('status')).stdout).not.toContain('was the folder renamed?');
  });

  test('an empty migrations folder rolls nothing back', async () => {
    const project = await projectOn(major, { migrations: { '1_users': table('users') } });
    await project.migrate();
    rmSync(join(project.folder, 'migrations/1_users'), { recursive: true });
    for (const args of ['up', 'sync --yes', 'down', 'down --all --yes']) {
      const run = await project.kat(args);
      expect(run.code, args).toBe(3);
      expect(run.stderr).toContain('the migrations folder is empty, but 1 migration is applied');
      expect(run.stderr).toContain('Check `migration.directory`');
      expect(run.stderr).not.toContain('kat sync');
    }
    expect(await project.applied()).toEqual(['1_users']);
    expect((await project.kat('down 1_users --yes')).code).toBe(0);
  });

  test('status and validate ask it, too', async () => {
    const project = await renamedProject(major);
    expect((await project.kat('status')).stdout).toContain(
      '1_people has the same SQL: was the folder renamed?',
    );
    const [missing] = documentOf(await project.kat('status --json')).migrations as { renamedTo: string }[];
    expect(missing?.renamedTo).toBe('1_people');
    expect((await project.kat('validate')).stdout).toContain(isRenamed);
  });

  test('the commands that it advises keep rows and order, at each step', async () => {
    const project = await renamedProject(major);
    const commands = commandsIn((await project.kat('up')).stderr);
    expect(commands).toEqual(['stamp --only 1_people', 'repair 1_users --drop-missing']);
    expect((await project.kat(`${commands[0]} --yes`)).code).toBe(0);
    const between = await project.kat('sync --yes');
    expect(between.code).toBe(3);
    expect(commandsIn(between.stderr)[0]).toBe(commands[1]);
    expect((await project.kat(`${commands[1]} --yes`)).code).toBe(0);
    expect(await usersOf(project)).toEqual([{ id: 7 }]);
    expect((await project.kat('status --check')).code).toBe(0);
    expect((await project.kat('sync')).stdout).toContain('No migration(s) to roll back or apply');
    const down = documentOf(await project.kat('down --all --dry-run --json')).migrations as { id: string }[];
    const ids = down.map(({ id }) => id);
    expect(ids.indexOf('2_posts')).toBeLessThan(ids.indexOf('1_people'));
  });

  test('renaming the folder back is enough, and naming the migration rolls it back', async () => {
    const project = await renamedProject(major);
    renameFolder(project, '1_people', '1_users');
    await project.migrate();
    renameFolder(project, '1_users', '1_people');
    expect((await project.kat('down 1_users --yes')).code).toBe(0);
    expect(await project.applied()).toEqual(['3_tags']);
  });

  test("two projects with one tracking table: another project's tables stay", async () => {
    const first = await projectOn(major, {
      migrations: { '1_users': table('users'), '2_posts': table('posts') },
    });
    await first.migrate();
    const config = `database:\n  url: ${first.database.url}\n`;
    const second = makeProject({ config, migrations: { '1_invoices': table('invoices') } });
    for (const command of ['up', 'sync --yes', 'down', 'down --all --yes', 'down --to 1_users --yes']) {
      const run = await second.kat(command);
      expect(run.code, command).toBe(3);
      expect(run.stderr).toContain("the tracking table seems to be another project's");
      expect(run.stderr).toMatch(/\n\nIf another project uses this tracking table, set another `tablename`/);
      expect(run.stderr).not.toContain('kat sync');
    }
    for (const command of ['status', 'validate'])
      expect((await second.kat(command)).stdout, command).toContain('set another `tablename`');
    expect(await first.applied()).toEqual(['1_users', '2_posts']);
    second.write('kat.conf.yaml', `${config}migration:\n  tablename: invoice_migrations\n`);
    await second.kat('up');
    expect(await first.database.query("SELECT to_regclass('users')::text AS users")).toEqual([
      { users: 'users' },
    ]);
  });

  test('a branch without the folders of others is no other project once the log knows its migrations', async () => {
    const project = await projectOn(major, { migrations: { '1_users': table('users') } });
    await project.migrate();
    await project.kat('down');
    rmSync(join(project.folder, 'migrations/1_users'), { recursive: true });
    project.addMigration('2_posts', table('posts'));
    await project.migrate();
    rmSync(join(project.folder, 'migrations/2_posts'), { recursive: true });
    project.addMigration('1_users', table('users'));
    expect((await project.kat('sync --yes')).code).toBe(0);
    expect(await project.applied()).toEqual(['1_users']);
  });

  test('of an edited migration, bringing the file back is named first and what redoing costs is said', async () => {
    const project = await projectOn(major, { migrations: { '1_users': table('users') } });
    await project.migrate();
    await project.database.query('INSERT INTO users DEFAULT VALUES');
    project.write('migrations/1_users/up.sql', 'CREATE TABLE users (id int);\n');
    const { stdout } = await project.kat('validate');
    expect(stdout).toMatch(
      /Restore the file .*in development only.*`kat redo --modified`: .*with all their rows/,
    );
    const [command] = commandsIn(stdout);
    expect((await project.kat(`${command} --yes`)).code).toBe(0);
    expect(await project.database.query('SELECT count(*)::int AS n FROM users')).toEqual([{ n: 1 }]);
  });
});
