/** The workflows of the concepts page: feature branches that meet again, and dependencies written by hand. */
import { cpSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { commandMajors } from '../support/database.js';
import { type DatabaseProject, makeProject, type Project, projectOn } from '../support/kat-project.js';
import { withoutTimes } from './guide.js';

/** What `git checkout -b` does to the migrations folder. */
function branchOff(project: Project): Project {
  const branch = makeProject({ config: project.read('kat.conf.yaml') });
  cpSync(join(project.folder, 'migrations'), join(branch.folder, 'migrations'), { recursive: true });
  return branch;
}

/** What `git merge` does to it. */
function merge(branch: Project, into: Project): void {
  cpSync(join(branch.folder, 'migrations'), join(into.folder, 'migrations'), { recursive: true });
}

async function add(
  project: Project,
  name: string,
  ...flags: string[]
): Promise<{ id: string; parents: string[] }> {
  const { stdout } = await project.kat(['add', name, '--json', ...flags]);
  return JSON.parse(stdout);
}

function fill(project: Project, id: string, table: string): void {
  project.write(`migrations/${id}/up.sql`, `CREATE TABLE ${table} (id int);\n`);
  project.write(`migrations/${id}/down.sql`, `DROP TABLE ${table};\n`);
}

async function tables(project: DatabaseProject): Promise<string[]> {
  const rows = await project.database.query(
    "SELECT relname FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace AND relname !~ '^migrations' ORDER BY 1",
  );
  return rows.map(({ relname }) => String(relname));
}

describe.each(commandMajors())('PostgreSQL %i', (major) => {
  test('two feature branches follow the same parent, and the next migration joins them', async () => {
    const main = await projectOn(major);
    const users = await add(main, 'create_users_table');
    fill(main, users.id, 'users');
    const [profilesBranch, postsBranch] = [branchOff(main), branchOff(main)];
    const profiles = await add(profilesBranch, 'create_profiles_table');
    fill(profilesBranch, profiles.id, 'profiles');
    // Two people seldom add in the same second; here the second one waits for a free timestamp as if they were one.
    const now = Number(profiles.id.split('_')[0]);
    const posts = `${now + 60}_create_posts_table`;
    postsBranch.addMigration(posts, {
      up: 'CREATE TABLE posts (id int);',
      parents: [users.id.split('_')[0] ?? ''],
    });
    expect(users.parents).toEqual([]);
    expect(profiles.parents).toEqual([users.id]);

    // The posts are merged and applied first, although they are younger than the profiles.
    merge(postsBranch, main);
    await main.migrate();
    merge(profilesBranch, main);
    const late = await main.kat('up');
    expect(withoutTimes(late.stdout)).toContain(
      `Successful migrations:\n  ✓ ${profiles.id} (up) - TIME\n\nTotal: 1 migration(s) applied`,
    );
    expect(await tables(main)).toEqual(['posts', 'profiles', 'users']);

    const tags = await add(main, 'create_tags_table');
    expect(new Set(tags.parents)).toEqual(new Set([profiles.id, posts]));
  });

  test('parents written by hand decide the order, whatever the timestamps say', async () => {
    const project = await projectOn(major);
    const orders = await add(project, 'create_orders_table');
    const users = await add(project, 'create_users_table');
    const products = await add(project, 'create_products_table');
    for (const [{ id }, parents] of [
      [orders, [users, products]],
      [users, []],
      [products, []],
    ] as const) {
      const timestamps = parents.map((parent) => parent.id.split('_')[0]);
      project.write(
        `migrations/${id}/metadata.yaml`,
        `name: ${id}\ntimestamp: ${id.split('_')[0]}\nparents: [${timestamps.join(', ')}]\n`,
      );
      fill(project, id, id.replace(/^\d+_create_|_table$/g, ''));
    }
    const up = await project.kat('up');
    expect(up.code).toBe(0);
    expect(await project.applied()).toEqual([users.id, products.id, orders.id]);
    const down = await project.kat('down');
    expect(down.stdout).toContain(`${orders.id} \n`);
    expect(await tables(project)).toEqual(['products', 'users']);
  });
});

test('a cycle and a missing parent are named, both at once, with the file and the line', async () => {
  const project = makeProject({
    config: 'database:\n  name: nowhere\n',
    migrations: {
      '1_a': { up: 'SELECT 1;', parents: [3] },
      '2_b': { up: 'SELECT 1;', parents: [1] },
      '3_c': { up: 'SELECT 1;', parents: [2] },
      '4_d': { up: 'SELECT 1;', parents: [1679012345] },
    },
  });
  const run = await project.kat('export');
  expect(run).toMatchObject({ code: 2, stdout: '' });
  expect(run.stderr).toContain(
    'Cycle detected: 1_a → 2_b → 3_c → 1_a\n  migrations/1_a/metadata.yaml:3:11\n',
  );
  expect(run.stderr).toContain('Parent not found: no migration matches the parent "1679012345" of 4_d\n');
  expect(run.stderr).toContain('  migrations/4_d/metadata.yaml:3:11\n');
});
