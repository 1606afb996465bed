/** Every example of the migrations guide, run as a new user would, with its output to the letter. */
import { statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { commandMajors, freshDatabase } from '../support/database.js';
import {
  contentOf,
  type MigrationSource,
  makeProject,
  type Project,
  projectOn,
} from '../support/kat-project.js';
import {
  connected,
  downDryRunOutput,
  downOutput,
  emailId,
  guideMetadata,
  guideMigrations,
  upDryRunOutput,
  upOutput,
  usersId,
  withoutTimes,
} from './guide.js';

/** Only what the guide's metadata.yaml has. */
const guideFiles = Object.fromEntries(
  Object.keys(guideMigrations).map((id) => [`migrations/${id}/metadata.yaml`, guideMetadata(id)]),
);
const guide = { migrations: guideMigrations, files: guideFiles };

/** The guide locks tables in use; what `up` says about that is no part of what was promised on stdout. */
const whatLintFound = /^(?:migrations\/.*: (?:error|warning)\[.*\n)*(?:Lint: .*\n)?$/;

async function expectOutput(project: Project, args: string, stdout: string): Promise<void> {
  const run = await project.kat(args);
  const stderr = expect.stringMatching(whatLintFound);
  expect({ ...run, stdout: withoutTimes(run.stdout) }).toEqual({ code: 0, stdout, stderr });
}

describe.each(commandMajors())('PostgreSQL %i', (major) => {
  test('init, add, up: the first five minutes', async () => {
    const database = await freshDatabase(major);
    const project = makeProject();
    const { host, port, name } = database;

    const init = await project.kat(['init', '--dbHost', host, '--dbPort', String(port), '--dbName', name]);
    expect(init).toEqual({
      code: 0,
      stdout: `Kat initialized successfully!\nConfig file: ${join(project.folder, 'kat.conf.yaml')}\n`,
      stderr: '',
    });
    await expectOutput(project, 'add create_users_table', 'Migration created successfully!\n');
    const [id = ''] = project.ids();
    expect(id).toMatch(/^\d{10}_create_users_table$/);
    for (const file of ['up.sql', 'down.sql', 'metadata.yaml']) {
      expect(statSync(join(project.folder, 'migrations', id, file)).isFile()).toBe(true);
    }
    expect(project.read(`migrations/${id}/metadata.yaml`)).toContain(
      `\nname: ${id}\ntimestamp: ${id.slice(0, 10)}\n`,
    );

    project.write(`migrations/${id}/up.sql`, (guideMigrations[usersId] as MigrationSource).up);
    const up = await project.kat('up');
    expect(up.code).toBe(0);
    expect(await database.query('SELECT * FROM users')).toEqual([]);
    await database.drop();
  });

  test('up', async () => {
    const project = await projectOn(major, guide);
    await expectOutput(project, 'up', upOutput);
    const columns = 'id, username, created_at, email, active';
    expect(await project.database.query(`SELECT ${columns} FROM users`)).toEqual([]);
  });

  test('up twice changes nothing the second time', async () => {
    const project = await projectOn(major, guide);
    await project.migrate();
    const before = await contentOf(project.database);
    const rows = await project.database.query('SELECT * FROM migrations ORDER BY id');
    await expectOutput(project, 'up', `${connected}No migration(s) to apply\n`);
    expect(await contentOf(project.database)).toEqual(before);
    expect(await project.database.query('SELECT * FROM migrations ORDER BY id')).toEqual(rows);
  });

  test('down, by one and by --count', async () => {
    const project = await projectOn(major, guide);
    const before = await contentOf(project.database);
    await project.migrate();
    await expectOutput(project, 'down', downOutput);
    expect(await project.applied()).toEqual([usersId]);
    await project.migrate();
    const both = await project.kat('down --count 3');
    expect(withoutTimes(both.stdout)).toBe(`${connected}${emailId} 
${usersId} 
Successfully rolled back 2 migrations

Migration Summary
Successful migrations:
  ✓ ${emailId} (down) - TIME
  ✓ ${usersId} (down) - TIME

Total: 2 migration(s) rolled back
`);
    expect(await project.applied()).toEqual([]);
    expect(await contentOf(project.database)).toEqual(before);
    await expectOutput(project, 'down', `${connected}No migration(s) to roll back\n`);
  });

  test('dry runs show what would happen and touch nothing, not even the tracking table', async () => {
    const project = await projectOn(major, guide);
    await expectOutput(project, 'up --dry-run', upDryRunOutput);
    expect(
      await project.database.query("SELECT FROM pg_class WHERE relname ~ '^(migrations|users)'"),
    ).toEqual([]);
    await project.migrate();
    const before = await contentOf(project.database);
    await expectOutput(project, 'down --dry-run', downDryRunOutput);
    expect(await contentOf(project.database)).toEqual(before);
    expect(await project.applied()).toEqual([usersId, emailId]);
  });

  test('the tracking table has the columns that were promised', async () => {
    const project = await projectOn(major, guide);
    await project.migrate();
    const columns = await project.database.query(
      `SELECT column_name, data_type, column_default FROM information_schema.columns
       WHERE table_name = 'migrations' AND table_schema = 'public' ORDER BY ordinal_position`,
    );
    expect(columns).toEqual([
      { column_name: 'id', data_type: 'integer', column_default: "nextval('migrations_id_seq'::regclass)" },
      { column_name: 'name', data_type: 'character varying', column_default: null },
      {
        column_name: 'migration_time',
        data_type: 'timestamp without time zone',
        column_default: expect.stringContaining('now()'),
      },
      { column_name: 'duration', data_type: 'integer', column_default: null },
    ]);
    const rows = await project.database.query(
      `SELECT id, name, duration >= 0 AND duration < 60000 AS lasted,
              now() AT TIME ZONE 'UTC' - migration_time BETWEEN interval '0' AND interval '1 minute' AS was_now
       FROM migrations ORDER BY id`,
    );
    expect(rows).toEqual([
      { id: 1, name: usersId, lasted: true, was_now: true },
      { id: 2, name: emailId, lasted: true, was_now: true },
    ]);
  });

  test('the duration of a migration is its time in milliseconds', async () => {
    const project = await projectOn(major, { migrations: { '1_sleep': 'SELECT pg_sleep(0.25);' } });
    const { stdout } = await project.kat('up');
    const shown = Number(/\(up\) - (\d+\.\d{3})ms/.exec(stdout)?.[1]);
    const [row] = await project.database.query('SELECT duration FROM migrations');
    expect(shown).toBeGreaterThanOrEqual(250);
    expect(Number(row?.duration)).toBeGreaterThanOrEqual(250);
    expect(Number(row?.duration)).toBeLessThan(60_000);
  });

  test('a tracking table of another name', async () => {
    const project = await projectOn(major, guide);
    const config = `migration:\n  tablename: migration_logs\n  directory: migrations\n`;
    project.write('kat.conf.yaml', `${config}database:\n  url: ${project.database.url}\n`);
    await expectOutput(project, 'up', upOutput);
    const rows = await project.database.query('SELECT name FROM migration_logs ORDER BY id');
    expect(rows).toEqual([{ name: usersId }, { name: emailId }]);
    expect(await project.database.query("SELECT FROM pg_class WHERE relname = 'migrations'")).toEqual([]);
  });

  test('another configuration file, and another database by KAT_DB_NAME', async () => {
    const project = await projectOn(major, guide);
    const [dev, prod] = await Promise.all([freshDatabase(major), freshDatabase(major)]);
    project.write('prod-config.yaml', project.read('kat.conf.yaml'));
    await project.kat('up', { env: { KAT_DB_NAME: dev.name } });
    await project.kat('up --count 1 --config prod-config.yaml', { env: { KAT_DB_NAME: prod.name } });
    expect(await dev.query('SELECT name FROM migrations')).toHaveLength(2);
    expect(await prod.query('SELECT name FROM migrations')).toEqual([{ name: usersId }]);
    expect(await project.database.query("SELECT FROM pg_class WHERE relname = 'migrations'")).toEqual([]);
    await Promise.all([dev.drop(), prod.drop()]);
  });

  test('a configuration file elsewhere, by its absolute path: its paths belong to its folder', async () => {
    const project = await projectOn(major, guide);
    const elsewhere = makeProject();
    const run = await elsewhere.kat(['up', '--config', join(project.folder, 'kat.conf.yaml')]);
    expect(withoutTimes(run.stdout)).toBe(upOutput);
    expect(Object.keys(elsewhere.snapshot())).toEqual([]);
  });

  test('the CI script: ping, dry run, up', async () => {
    const project = await projectOn(major, guide);
    await expectOutput(project, 'ping --retry-count 5 --retry-delay 1000', connected);
    await expectOutput(project, 'up --dry-run', upDryRunOutput);
    await expectOutput(project, 'up', upOutput);
  });
});

test('the same on the embedded database', async () => {
  const project = makeProject(guide);
  await project.kat('init --driver pglite');
  await expectOutput(project, 'up', upOutput);
  await expectOutput(project, 'down --dry-run', downDryRunOutput);
  await expectOutput(project, 'down', downOutput);
  await expectOutput(
    project,
    'up --dry-run --count 1',
    upDryRunOutput
      .replace(/.*create_users_table.*\n/g, '')
      .replace('Validated 2', 'Validated 1')
      .replace('Total: 2', 'Total: 1'),
  );
});
