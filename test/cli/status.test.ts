/** `kat status`: what is applied, when and how long; what is pending, in order, and why it waits. */
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { majors } from '../support/database.js';
import { projectOn } from '../support/kat-project.js';

describe.each(majors())('PostgreSQL %i', (major) => {
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
  ✓ 1_users     2026-01-02 03:04:05 UTC  12ms
  ✓ 2_posts     2026-01-02 03:04:05 UTC  2m3.456s

Pending
  • 4_profiles  ready
  • 3_joined    waits for 4_profiles

2 applied, 2 pending
`);
    const planned = JSON.parse((await project.kat('up --dry-run --json')).stdout);
    expect(planned.migrations.map(({ id }: { id: string }) => id)).toEqual(['4_profiles', '3_joined']);
  });

  test('an up.sql that was edited since it was applied is shown; line endings do not count', async () => {
    const project = await projectOn(major, {
      migrations: { '1_users': 'SELECT 1;\nSELECT 2;\n', '2_posts': 'SELECT 1;\nSELECT 2;\n' },
    });
    await project.kat('up');
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

  test('an applied migration whose folder is gone is shown, and up refuses to guess', async () => {
    const project = await projectOn(major, {
      migrations: { '1_users': 'SELECT 1;', '2_posts': 'SELECT 1;' },
    });
    await project.kat('up');
    rmSync(join(project.folder, 'migrations/1_users'), { recursive: true });
    project.addMigration('3_tags', 'SELECT 1;');
    const { stdout } = await project.kat('status');
    expect(stdout).toMatch(/^ {2}! 1_users .* missing: its folder is gone$/m);
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
    await project.kat('up');
    expect((await project.kat('status')).stdout).toContain('1 applied, 0 pending\n');
    await project.kat('down');
    expect((await project.kat('status')).stdout).toContain('0 applied, 1 pending\n');
  });
});

test('an empty folder', async () => {
  const [major = 18] = majors();
  const project = await projectOn(major);
  expect(await project.kat('status')).toEqual({ code: 0, stdout: '0 applied, 0 pending\n', stderr: '' });
});
