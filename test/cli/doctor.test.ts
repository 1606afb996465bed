/** `kat doctor`: each check looks for itself, says what to do, and changes nothing. */

import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { commandMajors } from '../support/database.js';
import { documentOf } from '../support/document.js';
import { eventually } from '../support/eventually.js';
import { commitAll } from '../support/git.js';
import { contentOf, makeProject, type Project, projectOn } from '../support/kat-project.js';

const migrations = { '1_users': { up: 'CREATE TABLE users (id int);', down: 'DROP TABLE users;' } };

interface Check {
  name: string;
  outcome: string;
  message: string;
  help?: string;
}

async function examine({ kat }: Project, args = ''): Promise<{ code: number | undefined; checks: Check[] }> {
  const run = await kat(`doctor --json${args}`);
  const { checks, isHealthy } = documentOf(run) as unknown as { checks: Check[]; isHealthy: boolean };
  expect(run).toMatchObject({ code: isHealthy ? 0 : 3, stderr: '' });
  return { code: run.code, checks };
}

const find = ({ checks }: { checks: Check[] }, wanted: string) => checks.find(({ name }) => name === wanted);
const outcomes = ({ checks }: { checks: Check[] }) =>
  Object.fromEntries(checks.map(({ name, outcome }) => [name, outcome]));
const [major = 18] = commandMajors();

test('a sound project, which stays as it is', async () => {
  const project = await projectOn(major, { migrations });
  const [files, content] = [project.snapshot(), await contentOf(project.database)];
  const fresh = await examine(project);
  expect(outcomes(fresh)).toEqual({
    ...{ configuration: 'ok', folder: 'ok', git: 'skipped', connection: 'ok', server: 'ok', pooler: 'ok' },
    ...{ 'tracking table': 'ok', rights: 'ok', migrations: 'ok', lock: 'ok' },
  });
  expect(find(fresh, 'tracking table')?.message).toContain('does not exist yet');
  expect(find(fresh, 'migrations')?.message).toBe('0 applied, 1 pending');
  expect([project.snapshot(), await contentOf(project.database)]).toEqual([files, content]);
  expect(await project.database.query("SELECT FROM pg_class WHERE relname ~ '^migrations'")).toEqual([]);
  await project.migrate();
  const { stdout, code } = await project.kat('doctor');
  expect(code).toBe(0);
  expect(stdout).toMatch(/^ok {7}rights {10}may record migrations, and owns the tables of the schema$/m);
  expect(stdout).toMatch(/\n\n10 checks: 0 errors, 0 warnings\n$/);
});

test('git: what is not committed', async () => {
  const project = makeProject({ config: 'database: { driver: sqlite, path: a.db }\n', migrations });
  commitAll(project.folder);
  expect(find(await examine(project), 'git')).toMatchObject({ outcome: 'ok' });
  project.addMigration('2_posts', 'SELECT 1;');
  expect(find(await examine(project), 'git')).toMatchObject({
    ...{ outcome: 'warning', message: 'not committed: 2_posts' },
  });
});

test('a folder with errors, and a configuration that cannot be read', async () => {
  const project = makeProject({ config: 'database: { driver: sqlite, path: a.db }\n', migrations });
  const files = project.snapshot();
  expect(outcomes(await examine(project))).toMatchObject({
    connection: 'ok',
    rights: 'skipped',
    migrations: 'ok',
  });
  expect(project.snapshot()).toEqual(files);
  project.write('migrations/1_users/metadata.yaml', 'parents: [5]\n');
  const broken = await examine(project);
  expect(broken.code).toBe(3);
  expect(outcomes(broken)).toMatchObject({ folder: 'error', git: 'skipped', migrations: 'skipped' });
  project.write('kat.conf.yaml', 'database: { password: s3cr3t, prot: 1 }\n');
  const unread = await examine(project);
  expect(unread.checks).toHaveLength(1);
  expect(unread.checks[0]).toMatchObject({ name: 'configuration', outcome: 'error' });
  expect(JSON.stringify(unread)).not.toContain('s3cr3t');
});

test('no connection: the reason without the password, and the rest is skipped', async () => {
  const config = "database:\n  url: 'postgres://ada:s3cr3t@127.0.0.1:1/shop'\n";
  const project = makeProject({ config, migrations });
  const found = await examine(project);
  expect(find(found, 'connection')).toMatchObject({ outcome: 'error', help: expect.any(String) });
  expect(outcomes(found)).toMatchObject({
    folder: 'ok',
    server: 'skipped',
    rights: 'skipped',
    lock: 'skipped',
  });
  expect(JSON.stringify(found)).not.toContain('s3cr3t');
});

test('rights, owners and a server that accepts no changes', async () => {
  const project = await projectOn(major, { migrations });
  const { database } = project;
  await project.migrate();
  const role = `${database.name}_reader`;
  await database.query(
    `CREATE ROLE ${role} LOGIN PASSWORD 'r'; GRANT SELECT ON migrations, migrations_log TO ${role}`,
  );
  const url = database.url.replace(/\/\/[^@]*@/, `//${role}:r@`);
  project.write('kat.conf.yaml', `database:\n  url: ${url}\n`);
  const reader = await examine(project);
  expect(find(reader, 'rights')).toMatchObject({
    outcome: 'error',
    message:
      'this role lacks INSERT on "public"."migrations", DELETE on "public"."migrations", INSERT on "public"."migrations_log"',
  });
  expect(find(reader, 'migrations')).toMatchObject({ outcome: 'ok', message: '1 applied, 0 pending' });
  await database.query(`GRANT ALL ON migrations, migrations_log TO ${role}`);
  expect(find(await examine(project), 'rights')).toMatchObject({
    outcome: 'warning',
    message: 'may record migrations, but other roles own migrations, migrations_log and users',
  });
  await database.query(`ALTER ROLE ${role} SET default_transaction_read_only = on`);
  expect(find(await examine(project), 'server')).toMatchObject({
    outcome: 'error',
    message: 'this session is read-only',
  });
  await database.query(`DROP OWNED BY ${role}; DROP ROLE ${role}`);
});

test('the nodes of a Citus, and those that are not reachable', async () => {
  const project = await projectOn(major, { migrations });
  // What Citus has of these: its row, the table of its nodes, and the function by which they look at each other.
  await project.database.query(`SET allow_system_table_mods = on;
    INSERT INTO pg_extension (oid, extname, extowner, extnamespace, extrelocatable, extversion)
      VALUES (4294960000, 'citus', 10, 11, false, '13.0-1');
    CREATE TABLE pg_catalog.pg_dist_node (nodename text, isactive bool);
    INSERT INTO pg_catalog.pg_dist_node VALUES ('coordinator', true), ('worker', true), ('former', false);
    CREATE TABLE broken (is_broken bool);
    CREATE FUNCTION pg_catalog.citus_check_cluster_node_health(OUT from_nodename text, OUT from_nodeport int,
      OUT to_nodename text, OUT to_nodeport int, OUT result bool) RETURNS SETOF record LANGUAGE sql
      AS $$ SELECT 'coordinator', 5432, 'worker', 5433, NOT is_broken FROM public.broken $$;
    INSERT INTO broken VALUES (false)`);
  expect(find(await examine(project), 'server')).toMatchObject({
    outcome: 'ok',
    message: expect.stringMatching(/with Citus 13\.0-1, accepts changes; 2 nodes, all reachable$/),
  });
  await project.database.query('UPDATE broken SET is_broken = NULL');
  expect(find(await examine(project), 'server')).toMatchObject({
    ...{ outcome: 'warning', help: expect.stringContaining('Start these nodes') },
    message: expect.stringContaining('2 nodes, not reachable: worker:5433 from coordinator:5432'),
  });
  await project.database.query('DROP TABLE broken');
  expect(find(await examine(project), 'server')).toMatchObject({
    ...{ outcome: 'ok', message: expect.stringContaining('its nodes could not be asked: relation') },
  });
});

test('a table that is no tracking table, and migrations without a folder', async () => {
  const project = await projectOn(major, { migrations });
  await project.database.query('CREATE TABLE migrations (version text)');
  const other = await examine(project);
  expect(outcomes(other)).toMatchObject({
    'tracking table': 'error',
    rights: 'skipped',
    migrations: 'skipped',
  });
  await project.database.query('DROP TABLE migrations');
  await project.migrate();
  rmSync(join(project.folder, 'migrations/1_users'), { recursive: true });
  expect(find(await examine(project), 'migrations')).toMatchObject({
    outcome: 'error',
    message: 'migrations: 1 without a folder',
    help: expect.any(String),
  });
});

test('an edit is an error where `kat up` refuses it', async () => {
  const project = await projectOn(major, { migrations });
  await project.migrate();
  project.write('migrations/1_users/up.sql', `-- users\n${migrations['1_users'].up}`);
  expect(find(await examine(project), 'migrations')).toMatchObject({ outcome: 'ok' });
  const strict = { KAT_CHECKSUMS: 'strict' };
  const { code, stdout } = await project.kat('doctor --json', { env: strict });
  expect(code).toBe(3);
  expect(JSON.parse(stdout).checks.find(({ name }: Check) => name === 'migrations')).toMatchObject({
    outcome: 'error',
    message: 'migrations: 1 edited later, which `checksums: strict` forbids',
    help: 'Run `kat validate` to see them.',
  });
  expect(await project.kat('up', { env: strict })).toMatchObject({ code: 3 });
});

test('a run in progress holds the lock', async () => {
  const project = await projectOn(major, { migrations: { '1_slow': 'SELECT pg_sleep(60);' } });
  const { child, ended } = await project.start('up');
  const held = await eventually('a run that holds the lock', async () => {
    const lock = find(await examine(project), 'lock');
    return lock?.message.includes('applying 1_slow') && lock;
  });
  expect(held).toMatchObject({ outcome: 'warning', help: expect.stringContaining('kat watch') });
  child.kill('SIGTERM');
  expect((await ended).code).toBe(143);
});
