/** What a command says when the server refuses a statement of Kat itself. */

import { expect, test } from 'vitest';
import { majors } from '../support/database.js';
import { projectOn } from '../support/kat-project.js';

const major = majors().at(-1) as number;

test('a role without a privilege on the log is told what to do by every command', async () => {
  const project = await projectOn(major, { migrations: { '1_a': 'SELECT 1;' } });
  expect((await project.kat('up')).code).toBe(0);
  const { name, host, port } = project.database;
  const role = `kat_lim_${name}`;
  await project.database.query(
    `CREATE ROLE ${role} LOGIN PASSWORD 'x'; GRANT USAGE ON SCHEMA public TO ${role}; GRANT SELECT, INSERT ON migrations TO ${role}`,
  );
  const env = { KAT_MIGRATION_DATABASE_URL: `postgres://${role}:x@${host}:${port}/${name}` };
  try {
    for (const command of ['status', 'history', 'up', 'drift', 'repair'])
      expect(await project.kat(command, { env }), command).toMatchObject({
        code: 2,
        stderr: expect.stringContaining(
          'permission denied for table migrations_log (SQLSTATE 42501)\n\nGrant this role the privilege',
        ),
      });
    expect((await project.kat('doctor', { env })).stdout).toMatch(/rights/);
  } finally {
    await project.database.query(`DROP OWNED BY ${role}; DROP ROLE ${role}`);
  }
});

test('a migration that fails keeps its own advice', async () => {
  const project = await projectOn(major, { migrations: { '1_a': 'SET ROLE nobody_here;' } });
  const { stderr } = await project.kat('up');
  expect(stderr).not.toContain('kat doctor');
});
