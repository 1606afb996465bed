/** `kat status`: what is applied, when and how long; what is pending, in order, and why it waits. */
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { commandMajors } from '../support/database.js';
import { documentOf } from '../support/document.js';
import { type DatabaseProject, makeProject, projectOn } from '../support/kat-project.js';

/** The migrations of `kat status --json` by id, each without its id, parents and times. */
async function states(project: DatabaseProject): Promise<Record<string, unknown>> {
  const { migrations } = documentOf(await project.kat('status --json'));
  return Object.fromEntries(
    (migrations as Record<string, unknown>[]).map(
      ({ id, parents: _parents, appliedAt: _at, durationMs: _ms, rolledBackAt: _back, ...rest }) => [
        id,
        rest,
      ],
    ),
  );
}

describe.each(commandMajors())('PostgreSQL %i', (major) => {
  test('a database that Kat has never seen stays untouched', async () => {
    const project = await projectOn(major, {
      migrations: {
        '9_users': 'SELECT 1;',
        '1_posts': { up: 'SELECT 1;', parents: [9] },
        '5_tags': 'SELECT 1;',
      },
    });
    expect(await project.kat('status')).toEqual({
      code: 0,
      stdout: `Pending
  • 5_tags   ready
  • 9_users  ready
  • 1_posts  waits for 9_users

0 applied, 3 pending
`,
      stderr: '',
    });
    expect(await project.database.query("SELECT FROM pg_class WHERE relname ~ '^migrations'")).toEqual([]);
  });

  test('people at a terminal see first which database it is', async () => {
    const project = await projectOn(major, { migrations: { '1_users': 'SELECT 1;' } });
    const options = {
      nodeArguments: ['--import', 'data:text/javascript,process.stdout.isTTY = true;'],
      env: { NO_COLOR: '1' },
    };
    const { stdout } = await project.kat('status', options);
    const [first, second] = stdout.split('\n');
    expect(first).toMatch(new RegExp(`^Database: postgres://.*/${project.database.name}\\b`));
    expect(first).not.toContain(`:${project.database.password}@`);
    expect(second).toBe('Pending');
    expect((await project.kat('plan --sql', options)).stdout).not.toContain('Database: ');
  });

  test('in a terminal of 80 columns no line is wider, and nothing is cut', async () => {
    const long = 'a_name_that_takes_more_than_half_of_a_line';
    const project = await projectOn(major, {
      migrations: {
        '1_users': 'SELECT 1;',
        [`2_${long}`]: 'SELECT 2;',
        [`3_${long}`]: { up: 'SELECT 3;', parents: [1] },
        [`4_${long}_4`]: { up: 'SELECT 4;', parents: [2, 3] },
      },
    });
    await project.kat('up --count 2');
    project.write('migrations/1_users/up.sql', 'SELECT 11;');
    const columns = (count: number) => ({
      nodeArguments: ['--import', `data:text/javascript,process.stdout.columns = ${count};`],
    });
    const { stdout } = await project.kat('status', columns(80));
    for (const line of stdout.split('\n')) expect(line.length).toBeLessThanOrEqual(80);
    expect(stdout.replaceAll(/\d{4}-\d\d-\d\d \d\d:\d\d:\d\d UTC {2}\d+ ms/g, 'TIME')).toBe(`Applied
  ✓ 1_users  TIME  changed: up.sql was edited since
  ✓ 2_${long}  TIME

Pending
  • 3_${long}  ready
  • 4_${long}_4
      waits for 3_${long}

2 applied, 2 pending, 1 changed
`);
    const piped = await project.kat('status');
    expect(piped.stdout).toContain(`\n  • 4_${long}_4  waits for 3_${long}\n`);
  });

  test('applied ones with their times, then pending ones in the order in which up applies them', async () => {
    const project = await projectOn(major, {
      migrations: {
        '1_users': 'SELECT 1;',
        '2_posts': { up: 'SELECT 1;', parents: [1] },
        '3_joined': { up: 'SELECT 1;', parents: [2, 4] },
        '4_profiles': { up: 'SELECT 1;', parents: [1] },
      },
    });
    await project.kat('up --count 2');
    await project.database.query(
      "UPDATE migrations SET migration_time = '2026-01-02 03:04:05.678', duration = CASE id WHEN 1 THEN 12 ELSE 123456 END",
    );
    const { stdout } = await project.kat('status', { env: { TZ: 'Pacific/Auckland' } });
    expect(stdout).toBe(`Applied
  ✓ 1_users     2026-01-02 03:04:05 UTC  12 ms
  ✓ 2_posts     2026-01-02 03:04:05 UTC  2 min 3 s

Pending
  • 4_profiles  ready
  • 3_joined    waits for 4_profiles

2 applied, 2 pending
`);
    const planned = JSON.parse((await project.kat('up --dry-run --json')).stdout);
    expect(planned.migrations.map(({ id }: { id: string }) => id)).toEqual(['4_profiles', '3_joined']);
  });

  test('an up.sql that was edited after it was applied is shown; line endings do not count', async () => {
    const project = await projectOn(major, {
      migrations: { '1_users': 'SELECT 1;\nSELECT 2;\n', '2_posts': 'SELECT 1;\nSELECT 2;\n' },
    });
    await project.migrate();
    const rewrite = (id: string, edit: (sql: string) => string) =>
      project.write(`migrations/${id}/up.sql`, edit(project.read(`migrations/${id}/up.sql`)));
    rewrite('1_users', (sql) => sql.replaceAll('\n', '\r\n'));
    rewrite('2_posts', (sql) => sql.replace('SELECT 2', 'SELECT 3'));
    const { stdout } = await project.kat('status');
    expect(stdout).toMatch(/1_users .*ms$/m);
    expect(stdout).toMatch(/2_posts .*ms {2}changed: up\.sql was edited since$/m);
    expect(stdout).toContain('2 applied, 0 pending, 1 changed\n');
    const { migrations, counts } = JSON.parse((await project.kat('status --json')).stdout);
    expect(migrations.map(({ isChanged }: { isChanged?: true }) => isChanged)).toEqual([undefined, true]);
    expect(counts.changed).toBe(1);
  });

  test('an edited or deleted down.sql is shown, and up goes on', async () => {
    const sources = Object.fromEntries(
      ['1_users', '2_posts', '3_tags', '4_none'].map((id) => [
        id,
        { up: 'SELECT 1;', down: 'SELECT 1;\nSELECT 2;' },
      ]),
    );
    const project = await projectOn(major, { migrations: sources });
    rmSync(join(project.folder, 'migrations/4_none/down.sql'));
    await project.migrate();
    project.write('migrations/1_users/down.sql', 'SELECT 1;\r\nSELECT 2;\r\n');
    project.write('migrations/2_posts/down.sql', 'SELECT 3;\n');
    rmSync(join(project.folder, 'migrations/3_tags/down.sql'));
    project.write('migrations/4_none/down.sql', 'SELECT 1;\n');
    expect(await states(project)).toEqual({
      '1_users': { state: 'applied' },
      '2_posts': { state: 'applied', downChange: 'edited' },
      '3_tags': { state: 'applied', downChange: 'deleted' },
      '4_none': { state: 'applied' },
    });
    const { stdout } = await project.kat('status');
    expect(stdout).toMatch(/2_posts .*ms {2}down\.sql was edited since$/m);
    expect(stdout).toMatch(/3_tags .*ms {2}down\.sql was deleted since$/m);
    expect((await project.kat('status --check')).code).toBe(0);
    expect(await project.kat('up')).toMatchObject({ code: 0, stderr: '' });
    const found = await project.kat('validate');
    expect(found.code).toBe(0);
    expect(found.stdout).toContain(
      '2_posts/down.sql:1:1: info[down-edited]: down.sql of 2_posts was edited after',
    );
    expect(found.stdout).toContain('info[down-edited]: down.sql of 3_tags was deleted after');
  });

  test('an applied migration whose folder is gone is shown, and up refuses to guess', async () => {
    const project = await projectOn(major, {
      migrations: { '1_users': 'SELECT 1;', '2_posts': 'SELECT 1;' },
    });
    await project.migrate();
    rmSync(join(project.folder, 'migrations/1_users'), { recursive: true });
    project.addMigration('3_tags', 'SELECT 3;');
    const { stdout } = await project.kat('status');
    expect(stdout).toMatch(/^ {2}! 1_users .* missing: its folder does not exist$/m);
    expect(stdout).toContain('\n1 applied, 1 pending, 1 missing\n');
    const up = await project.kat('up');
    expect(up.code).toBe(3);
    expect(up.stderr).toContain('1_users is applied, but it has no folder\n');
    expect(up.stderr).toContain('--allow-missing');
    expect(await project.applied()).toEqual(['1_users', '2_posts']);
    expect((await project.kat('up --allow-missing')).code).toBe(0);
    expect(await project.applied()).toEqual(['1_users', '2_posts', '3_tags']);
  });

  test('what was rolled back is pending again', async () => {
    const project = await projectOn(major, { migrations: { '1_users': 'SELECT 1;' } });
    await project.migrate();
    expect((await project.kat('status')).stdout).toContain('1 applied, 0 pending\n');
    await project.kat('down');
    expect((await project.kat('status')).stdout).toMatch(
      /^ {2}• 1_users {2}ready, rolled back \d{4}-\d\d-\d\d [\d:]{8} UTC$/m,
    );
    expect((await project.kat('status')).stdout).toContain('0 applied, 1 pending\n');
    expect(await states(project)).toEqual({ '1_users': { state: 'rolled back', waitsFor: [] } });
  });

  test('what got a parent after it was applied is unordered until that parent is applied', async () => {
    const project = await projectOn(major, { migrations: { '2_posts': 'SELECT 1;' } });
    await project.migrate();
    project.addMigration('1_users', 'SELECT 1;');
    project.addMigration('2_posts', { up: 'SELECT 1;', parents: [1] });
    const { stdout } = await project.kat('status');
    expect(stdout).toMatch(/^ {2}! 2_posts {2}.* UTC {2}\d+ ms {2}unordered: 1_users not applied$/m);
    expect(stdout).toContain('1 applied, 1 pending, 1 unordered\n');
    expect(await states(project)).toEqual({
      '2_posts': { state: 'applied', unappliedParents: ['1_users'] },
      '1_users': { state: 'pending', waitsFor: [] },
    });
    await project.migrate();
    expect(await states(project)).toEqual({
      '2_posts': { state: 'applied' },
      '1_users': { state: 'applied' },
    });
  });

  test('a migration that stopped between two statements, in either direction, with and without its folder', async () => {
    const project = await projectOn(major, {
      migrations: {
        '1_users': {
          up: 'CREATE TABLE users ();',
          down: 'DROP TABLE users;\nSELECT 1 / 0;',
          noTransaction: true,
        },
      },
    });
    await project.migrate();
    expect((await project.kat('down')).code).toBe(5);
    project.addMigration('2_posts', { up: 'CREATE TABLE posts ();\nSELECT 1 / 0;', noTransaction: true });
    expect((await project.kat('up --to posts')).code).toBe(5);
    const { stdout } = await project.kat('status');
    expect(stdout).toMatch(
      /^ {2}! 1_users {2}.*ms, stopped in statement 2 \(down\), rollback failed .* UTC in statement 2: ERROR: division by zero \(SQLSTATE 22012\)$/m,
    );
    expect(stdout).toMatch(
      /^ {2}• 2_posts {2}ready, stopped in statement 2 \(up\), failed .* UTC in statement 2: ERROR: .*$/m,
    );
    expect(stdout).toContain('1 applied, 1 pending, 2 half-done\n');
    rmSync(join(project.folder, 'migrations/2_posts'), { recursive: true });
    expect((await project.kat('status')).stdout).toMatch(
      /Gone\n {2}! 2_posts {2}not applied, and its folder does not exist, stopped in statement 2 \(up\), failed .*\n\n1 applied, 0 pending, 2 half-done\n/,
    );
    const failed = { statement: 2, sqlstate: '22012', error: 'ERROR: division by zero (SQLSTATE 22012)' };
    expect(await states(project)).toMatchObject({
      '1_users': {
        state: 'applied',
        halfDone: { direction: 'down', finished: 1, client: expect.stringContaining('@') },
        failed: { direction: 'down', ...failed },
      },
      '2_posts': {
        state: 'gone',
        halfDone: { direction: 'up', finished: 1 },
        failed: { direction: 'up', ...failed },
      },
    });
  });

  test('what was stamped is told apart from what ran', async () => {
    const project = await projectOn(major, {
      migrations: { '1_users': 'SELECT 1;', '2_posts': 'SELECT 1;' },
    });
    await project.kat('stamp 1_users 2_posts');
    await project.kat('stamp --delete 2_posts --yes');
    expect((await project.kat('status')).stdout).toMatch(
      /✓ 1_users {2}.* UTC {2}stamped\n\nPending\n {2}• 2_posts {2}ready, stamped as not applied\n/,
    );
    expect(await states(project)).toEqual({
      '1_users': { state: 'applied', isStamped: true },
      '2_posts': { state: 'pending', waitsFor: [], isStamped: true },
    });
  });

  test('lists what is asked for, and counts everything', async () => {
    const project = await projectOn(major, {
      migrations: { '1_users': 'SELECT 1;', '2_posts': 'SELECT 1;' },
    });
    await project.migrate();
    project.write('migrations/2_posts/up.sql', 'SELECT 2;');
    project.addMigration('3_tags', 'SELECT 1;');
    const listed = async (flags: string) => {
      const { stdout } = await project.kat(`status ${flags}`);
      expect(stdout).toContain('2 applied, 1 pending, 1 changed\n');
      const { migrations } = documentOf(await project.kat(`status ${flags} --json`));
      const ids = (migrations as { id: string }[]).map(({ id }) => id);
      expect(stdout.match(/\d_\w+/g)).toEqual(ids);
      return ids;
    };
    expect(await listed('--applied')).toEqual(['1_users', '2_posts']);
    expect(await listed('--pending')).toEqual(['3_tags']);
    expect(await listed('--wrong')).toEqual(['2_posts']);
    expect(await listed('--wrong --pending')).toEqual(['2_posts', '3_tags']);
  });

  test('--check ends with 3 and says why in one line when anything is pending or wrong', async () => {
    const project = await projectOn(major, {
      migrations: { '1_users': 'SELECT 1;', '2_posts': 'SELECT 1;' },
    });
    const check = async () => {
      const plain = await project.kat('status');
      const checked = await project.kat('status --check');
      expect(checked.stdout).toBe(plain.stdout);
      const json = await project.kat('status --check --json');
      expect(documentOf(json)).toEqual(documentOf(await project.kat('status --json')));
      expect([json.code, json.stderr]).toEqual([checked.code, checked.stderr]);
      return [checked.code, checked.stderr];
    };
    expect(await check()).toEqual([3, 'Check failed: 2 pending\n']);
    await project.migrate();
    expect(await check()).toEqual([0, '']);
    project.write('migrations/2_posts/up.sql', 'SELECT 2;');
    expect(await check()).toEqual([3, 'Check failed: 1 changed\n']);
    rmSync(join(project.folder, 'migrations/1_users'), { recursive: true });
    project.addMigration('3_tags', 'SELECT 1;');
    expect(await check()).toEqual([3, 'Check failed: 1 pending, 1 missing, 1 changed\n']);
  });
});

test('an empty folder', async () => {
  const [major = 18] = commandMajors();
  const project = await projectOn(major);
  expect(await project.kat('status')).toEqual({ code: 0, stdout: '0 applied, 0 pending\n', stderr: '' });
});

test('on PGlite', async () => {
  const project = makeProject();
  await project.kat('init --driver pglite');
  project.addMigration('1_users', 'SELECT 1;');
  await project.kat('up');
  project.addMigration('2_posts', { up: 'SELECT 1;', parents: [1] });
  const { code, stdout, stderr } = await project.kat('status --check');
  expect({ code, stderr }).toEqual({ code: 3, stderr: 'Check failed: 1 pending\n' });
  expect(stdout).toMatch(/✓ 1_users {2}.*\n\nPending\n {2}• 2_posts {2}ready\n\n1 applied, 1 pending\n/);
});
