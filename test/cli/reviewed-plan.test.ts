/** Consent bound to a plan: what was reviewed is what runs, and nothing else. */

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { commandMajors } from '../support/database.js';
import { type MigrationSource, makeProject, type Project, projectOn } from '../support/kat-project.js';
import { emptyPglite } from '../support/pglite.js';

const users: MigrationSource = { up: 'CREATE TABLE users (id int);', down: 'DROP TABLE users;' };
const posts: MigrationSource = { up: 'CREATE TABLE posts ();', down: 'DROP TABLE posts;', parents: [1] };
const migrations = { '1_users': users, '2_posts': posts };

const connected = 'Attempting to ping database\nSuccessfully connected to database!\n';

async function planIdOf({ kat }: Project, ...args: string[]): Promise<string> {
  const { code, stdout, stderr } = await kat(['plan', ...args]);
  expect([code, stderr]).toEqual([0, '']);
  return /^Plan id: ([0-9a-f]{16})$/m.exec(stdout)?.[1] ?? '';
}

describe.each(commandMajors())('PostgreSQL %i', (major) => {
  test('the reviewed plan runs, and a repeated job finds nothing left to do', async () => {
    const project = await projectOn(major, { migrations });
    const planId = await planIdOf(project);
    expect(await planIdOf(project)).toBe(planId);
    expect(await project.kat(['up', '--plan-id', planId])).toMatchObject({ code: 0, stderr: '' });
    expect(await project.applied()).toEqual(['1_users', '2_posts']);
    const again = await project.kat(['up', '--plan-id', planId]);
    expect([again.code, again.stdout]).toEqual([0, `${connected}No migration(s) to apply\n`]);
  });

  test.each([
    ['UTF-8 with a byte order mark', (text: string) => Buffer.from(`\ufeff${text}`, 'utf8')],
    ['UTF-16', (text: string) => Buffer.from(`\ufeff${text}`, 'utf16le')],
  ])('a plan, a list of ids and a status that PowerShell wrote as %s', async (_, encode) => {
    const project = await projectOn(major, { migrations });
    const save = (name: string, text: string) =>
      writeFileSync(join(project.folder, name), encode(text.replaceAll('\n', '\r\n')));
    save('plan.json', (await project.kat('plan --json')).stdout);
    save('status.json', (await project.kat('status --json')).stdout);
    save('ids.txt', '1_users\n');
    expect((await project.kat('plan --applied-from status.json')).stdout).toContain('Total: 2 to apply');
    expect((await project.kat('plan --applied-from ids.txt')).stdout).toContain('Total: 1 to apply');
    expect(await project.kat('up --plan plan.json')).toMatchObject({ code: 0, stderr: '' });
  });

  test.each([
    ['a new migration', (project: Project) => project.addMigration('3_more', 'CREATE TABLE more ();')],
    [
      'an edited file',
      ({ folder }: Project) =>
        writeFileSync(join(folder, 'migrations/2_posts/up.sql'), 'CREATE TABLE other ();'),
    ],
    ['another run', ({ kat }: Project) => kat(['up', '--count', '1'])],
  ])('%s makes it another plan', async (_, change) => {
    const project = await projectOn(major, { migrations });
    const planId = await planIdOf(project);
    await change(project);
    const now = await planIdOf(project);
    const before = await project.kat(['status', '--json']);
    const run = await project.kat(['up', '--plan-id', planId]);
    expect(run).toEqual({
      code: 3,
      stdout: connected,
      stderr: `Error: the plan has changed since it was reviewed: its id is now ${now}, and was ${planId}\n\nNothing was changed. Review the new plan with \`kat plan up\`, and run the command with its id.\n`,
    });
    expect(JSON.parse((await project.kat(['status', '--json'])).stdout)).toEqual(JSON.parse(before.stdout));
  });

  test('a statement that has finished meanwhile makes it another plan', async () => {
    const work: MigrationSource = { up: 'CREATE TABLE a (); CREATE TABLE b ();', noTransaction: true };
    const project = await projectOn(major, { migrations: { '1_work': work } });
    await project.database.query('CREATE TABLE b ()');
    const planId = await planIdOf(project);
    expect((await project.kat('up')).code).not.toBe(0);
    await project.database.query('DROP TABLE b');
    const now = await planIdOf(project);
    expect((await project.kat(['up', '--plan-id', planId])).code).toBe(3);
    expect((await project.kat(['up', '--plan-id', now])).code).toBe(0);
    expect(await project.applied()).toEqual(['1_work']);
  });

  test('a saved plan tells what differs', async () => {
    const project = await projectOn(major, { migrations });
    const saved = join(project.folder, 'plan.json');
    writeFileSync(saved, (await project.kat(['plan', '--json'])).stdout);
    await project.kat(['up', '--count', '1']);
    project.addMigration('3_more', 'CREATE TABLE more ();');
    writeFileSync(join(project.folder, 'migrations/2_posts/up.sql'), 'CREATE TABLE other ();');
    const { code, stderr } = await project.kat(['up', '--plan', 'plan.json']);
    expect(code).toBe(3);
    for (const difference of [
      '3_more (up) is new in the plan',
      '1_users (up) is no longer in it',
      'the SQL of 2_posts (up) has changed',
    ]) {
      expect(stderr).toContain(difference);
    }
    writeFileSync(saved, (await project.kat(['plan', '--json'])).stdout);
    expect(await project.kat(['up', '--plan', 'plan.json'])).toMatchObject({ code: 0, stderr: '' });
    expect(await project.applied()).toEqual(['1_users', '2_posts', '3_more']);
  });

  test('the data that a rollback destroys belongs to the plan, and the id is its consent', async () => {
    const project = await projectOn(major, { migrations });
    await project.kat(['up']);
    const harmless = await planIdOf(project, 'down', '--all');
    await project.database.query('INSERT INTO users VALUES (1)');
    expect(await project.kat(['down', '--all', '--plan-id', harmless])).toMatchObject({
      code: 3,
      stdout: connected,
    });
    const shown = await project.kat(['plan', 'down', '--all']);
    expect(shown.stdout).toContain(
      'Data loss: rolling back 1_users drops or empties public.users, which holds rows\n',
    );
    const planId = await planIdOf(project, 'down', '--all');
    // Nobody is there to answer, and nobody is asked.
    expect(await project.kat(['down', '--all', '--plan-id', planId])).toMatchObject({ code: 0, stderr: '' });
    expect(await project.applied()).toEqual([]);
  });

  test('redo and sync take it likewise, and a dry run of up', async () => {
    const project = await projectOn(major, { migrations });
    const dry = await project.kat(['up', '--dry-run', '--plan-id', await planIdOf(project)]);
    expect(dry).toMatchObject({ code: 0, stderr: '' });
    const old = await planIdOf(project, 'sync');
    await project.kat(['up', '--count', '1']);
    expect(await project.kat(['sync', '--plan-id', old])).toMatchObject({ code: 3 });
    const sync = await planIdOf(project, 'sync');
    expect(await project.kat(['sync', '--plan-id', sync])).toMatchObject({ code: 0 });
    const redo = await planIdOf(project, 'redo', '1_users');
    expect(await project.kat(['redo', '1_users', '--plan-id', redo])).toMatchObject({ code: 0 });
    // The same steps from another order of application are another plan of the same set.
    expect(await planIdOf(project, 'redo', '1_users')).toBe(redo);
  });

  test('another database, and another command, have other plans', async () => {
    const [one, other] = [await projectOn(major, { migrations }), await projectOn(major, { migrations })];
    expect(await planIdOf(one)).not.toBe(await planIdOf(other));
    await one.kat(['up', '--count', '1']);
    expect(await planIdOf(one, 'up')).not.toBe(await planIdOf(one, 'sync'));
  });

  test('what is no plan is named', async () => {
    const project = await projectOn(major, {
      migrations,
      files: { 'text.json': 'nothing', 'other.json': '{"steps": []}' },
    });
    const offline = await project.kat(['plan', '--json', '--applied', 'none']);
    expect(JSON.parse(offline.stdout)).not.toHaveProperty('planId');
    for (const [args, message] of [
      [['--plan-id', 'abc'], '"abc" is not a plan id'],
      [['--plan-id', '0123456789abcdef', '--plan', 'x'], '--plan-id and --plan cannot be combined'],
      [['--plan', 'missing.json'], 'missing.json'],
      [['--plan', 'text.json'], 'text.json is not JSON'],
      [['--plan', 'other.json'], 'other.json has no plan id'],
    ] as const) {
      const { code, stdout, stderr } = await project.kat(['up', ...args]);
      expect([code, stdout]).toEqual([2, '']);
      expect(stderr).toContain(message);
    }
  });
});

test('on PGlite', async () => {
  const project = makeProject({
    config: 'database:\n  driver: pglite\n  path: data\n',
    migrations,
  });
  await (await emptyPglite({ dataDir: join(project.folder, 'data') })).close();
  const planId = await planIdOf(project);
  expect(await project.kat(['up', '--plan-id', planId])).toMatchObject({ code: 0 });
  expect(await project.kat(['down', '--plan-id', planId])).toMatchObject({ code: 3 });
});
