/** Faults 31 to 35, 37 and 39: files that cannot be trusted, read, or taken for numbers. */
import { chmodSync, mkdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { commandMajors } from '../support/database.js';
import { makeProject, type Project, projectOn } from '../support/kat-project.js';
import { runAsOrdinaryUser } from '../support/ordinary-user.js';

const id = '1679012345_create_users';
const config = 'database:\n  driver: postgres\n  host: 127.0.0.1\n  port: 1\n';

function projectWith(files: Record<string, string | Uint8Array>): Project {
  return makeProject({ config, migrations: { [id]: 'CREATE TABLE users ();' }, files });
}

async function expectRefusal(project: Project, command: string, texts: readonly string[]): Promise<void> {
  const before = project.snapshot();
  const run = await project.kat(command);
  expect(run).toMatchObject({ code: 2, stdout: '' });
  for (const text of texts) expect(run.stderr).toContain(text);
  expect(project.snapshot()).toEqual(before);
}

describe('31: folder name and metadata disagree', () => {
  test.each([
    ['name', 'name: drop_users\ntimestamp: 1679012345\n', '1:7', `name: ${id}`],
    ['name', 'name: 1679012346_create_users\ntimestamp: 1679012345\n', '1:7', `name: ${id}`],
    ['timestamp', 'name: create_users\ntimestamp: 1679012346\n', '2:12', 'timestamp: 1679012345'],
  ])('%s: %j', async (field, metadata, place, correction) => {
    await expectRefusal(projectWith({ [`migrations/${id}/metadata.yaml`]: metadata }), 'status', [
      `Error: \`${field}\` and the folder disagree: the folder is ${id}\n  migrations/${id}/metadata.yaml:${place}\n`,
      `Write \`${correction}\``,
    ]);
  });
});

describe('32: invalid UTF-8', () => {
  const broken = Buffer.concat([Buffer.from('-- caf'), Buffer.from([0xe9]), Buffer.from('\nSELECT 1;\n')]);

  test('in metadata.yaml and in the configuration: the file and the offset', async () => {
    const inMetadata = projectWith({
      [`migrations/${id}/metadata.yaml`]: Buffer.concat([Buffer.from('# '), broken]),
    });
    await expectRefusal(inMetadata, 'status', [
      `invalid UTF-8 at byte offset 8 of ${join(inMetadata.folder, 'migrations', id, 'metadata.yaml')}\n`,
    ]);
    const inConfig = projectWith({ 'kat.conf.yaml': broken });
    await expectRefusal(inConfig, 'status', [
      `invalid UTF-8 at byte offset 6 of ${join(inConfig.folder, 'kat.conf.yaml')}\n`,
    ]);
  });

  test.each(commandMajors())('in up.sql, on PostgreSQL %i: nothing runs', async (major) => {
    const project = await projectOn(major, {
      migrations: { '1_first': 'CREATE TABLE first ();', [id]: '' },
      files: { [`migrations/${id}/up.sql`]: broken },
    });
    for (const command of ['up', 'up --dry-run']) {
      const run = await project.kat(command);
      expect(run.code).toBe(2);
      expect(run.stderr).toContain(
        `invalid UTF-8 at byte offset 6 of ${join(project.folder, 'migrations', id, 'up.sql')}\n`,
      );
    }
    expect(
      await project.database.query("SELECT FROM pg_class WHERE relname ~ '^(first|migrations)'"),
    ).toEqual([]);
  });
});

describe.each(commandMajors())('PostgreSQL %i', (major) => {
  test('33: a byte order mark is stripped from all files', async () => {
    const project = await projectOn(major, { migrations: { [id]: '\ufeffCREATE TABLE users ();' } });
    for (const path of [`migrations/${id}/metadata.yaml`, 'kat.conf.yaml']) {
      project.write(path, `\ufeff${project.read(path)}`);
    }
    expect(await project.kat('up')).toMatchObject({ code: 0, stderr: '' });
    expect(await project.applied()).toEqual([id]);
    expect(await project.database.query('SELECT FROM users')).toEqual([]);
  });

  test('34: CRLF in a function body is sent unchanged', async () => {
    const up = "CREATE FUNCTION f() RETURNS text LANGUAGE sql AS $$\r\nSELECT 'a\r\nb'\r\n$$;\r\n";
    const project = await projectOn(major, { migrations: { [id]: up } });
    await project.migrate();
    const [row] = await project.database.query("SELECT prosrc, f() FROM pg_proc WHERE proname = 'f'");
    expect(row).toEqual({ prosrc: "\r\nSELECT 'a\r\nb'\r\n", f: 'a\r\nb' });
  });

  test('35: a NUL byte is refused before anything runs', async () => {
    const migrations = {
      '1_first': 'CREATE TABLE first ();',
      [id]: 'SELECT 1;\nSELECT \0 2; DROP TABLE first;',
    };
    const project = await projectOn(major, { migrations });
    const run = await project.kat('up');
    expect(run.code).toBe(2);
    expect(run.stderr).toContain(`NUL byte in ${join(project.folder, 'migrations', id, 'up.sql')}\n`);
    expect(run.stderr).toContain(`  migrations/${id}/up.sql:2:8\n`);
    expect(
      await project.database.query("SELECT FROM pg_class WHERE relname ~ '^(first|migrations)'"),
    ).toEqual([]);
  });

  test('39: ids past 2^53 are told apart and kept as they are', async () => {
    const [first, second, third] = [
      '9007199254740992_a',
      '9007199254740993_b',
      '18446744073709551617_c',
    ] as const;
    const project = await projectOn(major, {
      migrations: {
        [first]: { up: 'SELECT 1;', parents: ['9007199254740993'] },
        [second]: 'SELECT 1;',
        [third]: { up: 'SELECT 1;', parents: ['9007199254740992'] },
      },
    });
    await project.migrate();
    expect(await project.applied()).toEqual([second, first, third]);
    const status = JSON.parse((await project.kat('status --json')).stdout);
    expect(status.migrations[2]).toMatchObject({ id: third, parents: [first] });
    expect((await project.kat('add next')).code).toBe(0);
  });
});

describe('37: links and permissions', () => {
  test('a link that loops, in place of a folder and of a file', async () => {
    const project = projectWith({});
    const migrations = join(project.folder, 'migrations');
    symlinkSync('2_loop', join(migrations, '2_loop'));
    mkdirSync(join(migrations, '3_file'));
    project.write('migrations/3_file/metadata.yaml', 'name: file\ntimestamp: 3\n');
    symlinkSync('up.sql', join(migrations, '3_file', 'up.sql'));
    await expectRefusal(project, 'status', [
      `cannot follow the symbolic link ${join(migrations, '2_loop')}: its symbolic links form a loop\n`,
      `cannot follow the symbolic link ${join(migrations, '3_file', 'up.sql')}: its symbolic links form a loop\n`,
    ]);
  });

  test('a link that leads out of the folder, or nowhere', async () => {
    const outside = makeProject({
      files: { 'secret/up.sql': 'SELECT 1;', 'secret/metadata.yaml': 'name: out\ntimestamp: 2\n' },
    });
    const project = projectWith({});
    const migrations = join(project.folder, 'migrations');
    symlinkSync(join(outside.folder, 'secret'), join(migrations, '2_out'));
    symlinkSync('/nowhere', join(migrations, id, 'down.sql.link'));
    mkdirSync(join(migrations, '3_file'));
    project.write('migrations/3_file/metadata.yaml', 'name: file\ntimestamp: 3\n');
    symlinkSync('../../kat.conf.yaml', join(migrations, '3_file', 'up.sql'));
    symlinkSync('/nowhere', join(migrations, '3_file', 'down.sql'));
    await expectRefusal(project, 'status', [
      `${join(migrations, '2_out')} points outside the migrations folder\n`,
      `${join(migrations, '3_file', 'up.sql')} points outside the migrations folder\n`,
      `cannot follow the symbolic link ${join(migrations, '3_file', 'down.sql')}: it does not exist\n`,
    ]);
  });

  test('a folder in the place of a file, and files that are missing', async () => {
    const project = projectWith({ 'migrations/2_folder/metadata.yaml': 'name: folder\ntimestamp: 2\n' });
    mkdirSync(join(project.folder, 'migrations/2_folder/up.sql'));
    mkdirSync(join(project.folder, 'migrations/3_empty'));
    await expectRefusal(project, 'status', [
      `${join(project.folder, 'migrations/2_folder/up.sql')} is not a regular file\n`,
      '3_empty has no up.sql\n',
      '3_empty has no metadata.yaml\n',
    ]);
  });

  test('a file that may not be read', async () => {
    const project = projectWith({});
    chmodSync(join(project.folder, 'migrations', id, 'metadata.yaml'), 0o000);
    const run = await runAsOrdinaryUser(project, 'export');
    expect(run).toMatchObject({ code: 2, stdout: '' });
    expect(run.stderr).toBe(
      `Error: cannot read ${join(project.folder, 'migrations', id, 'metadata.yaml')}: permission denied\n\nCorrect these files. Nothing was changed.\n`,
    );
  });

  test('a migrations folder that is missing, or a file', async () => {
    const missing = makeProject({ config });
    await expectRefusal(missing, 'status', [
      `Error: cannot read the migrations folder ${join(missing.folder, 'migrations')}: it does not exist\n\nCreate the folder, or correct`,
    ]);
    const file = makeProject({ config, files: { migrations: 'a file' } });
    await expectRefusal(file, 'status', [
      `Error: cannot read the migrations folder ${join(file.folder, 'migrations')}: a part of its path is not a folder\n`,
    ]);
  });
});
