/** A COMMIT that waits for a synchronous standby keeps its locks, and nothing but a word of Kat says so. */

import { expect, test } from 'vitest';
import { commandMajors, ownServer, runOnce, type ServerAddress } from '../support/database.js';
import { eventually } from '../support/eventually.js';
import { type DatabaseProject, projectOn } from '../support/kat-project.js';
import { untilSays } from './scene.js';

const setStandbys = async (server: ServerAddress, names: string) => {
  const where = { ...server, database: 'postgres' };
  await runOnce(where, `ALTER SYSTEM SET synchronous_standby_names = '${names}'`);
  await runOnce(where, 'SELECT pg_reload_conf()');
  await eventually('the server has read its settings', async () => {
    const [row] = await runOnce(where, 'SHOW synchronous_standby_names');
    return row?.synchronous_standby_names === names;
  });
};

async function open(
  migrations: Record<string, string>,
): Promise<{ project: DatabaseProject; server: ServerAddress }> {
  const server = await ownServer(commandMajors().at(-1) as number, {
    settings: { synchronous_commit: 'on' },
  });
  return { project: await projectOn(server, { migrations }), server };
}

test('where no standby is connected, it is said before the first COMMIT, and the run ends when that is answered', async () => {
  const { project, server } = await open({ '1_users': 'CREATE TABLE users (id int);' });
  await setStandbys(server, 'elsewhere');
  const run = await project.start('up');
  await untilSays(run, 'no standby is connected');
  await setStandbys(server, '');
  const { code, stderr } = await run.ended;
  expect(stderr).toContain(
    "Warning: no standby is connected, and the server answers no COMMIT without one: synchronous_standby_names is 'elsewhere'",
  );
  expect(code).toBe(0);
  expect(await project.applied()).toEqual(['1_users']);
  expect((await project.kat('up')).stderr).not.toContain('standby');
});

test('a standby that goes away meanwhile is told of the migration that waits for it', async () => {
  const { project, server } = await open({ '1_users': 'SELECT pg_sleep(2); CREATE TABLE users (id int);' });
  const run = await project.start('up');
  await eventually('the migration runs', async () => {
    const rows = await project.database.query(
      "SELECT FROM pg_stat_activity WHERE query LIKE '%pg_sleep%' AND pid <> pg_backend_pid()",
    );
    return rows.length > 0;
  });
  await setStandbys(server, 'elsewhere');
  await untilSays(run, '1_users waits for a synchronous standby to confirm its COMMIT');
  await setStandbys(server, '');
  expect((await run.ended).code).toBe(0);
  expect(await project.applied()).toEqual(['1_users']);
});

test('a role that may not see standbys applies migrations without the warning', async () => {
  const project = await projectOn(commandMajors().at(-1) as number, {
    migrations: { '1_users': 'CREATE TABLE users (id int);' },
  });
  const { database } = project;
  const role = `blind_${database.name}`;
  await database.query(`CREATE ROLE ${role} LOGIN PASSWORD 'blind'; GRANT ALL ON SCHEMA public TO ${role};
    REVOKE SELECT ON pg_stat_replication FROM PUBLIC;
    REVOKE EXECUTE ON FUNCTION pg_stat_get_wal_senders() FROM PUBLIC`);
  const url = database.url.replace(/\/\/[^@]*@/, `//${role}:blind@`);
  try {
    const { code, stderr } = await project.kat('up', { env: { KAT_MIGRATION_DATABASE_URL: url } });
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(await project.applied()).toEqual(['1_users']);
  } finally {
    await database.query(`DROP OWNED BY ${role} CASCADE; DROP ROLE ${role}`);
  }
});
