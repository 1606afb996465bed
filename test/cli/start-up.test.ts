/** Starting is quick because nothing is loaded that is not used: neither the SQL parser nor PGlite. */
import { describe, expect, test } from 'vitest';
import { commandMajors } from '../support/database.js';
import { katCommand } from '../support/kat-command.js';
import { makeProject, projectOn } from '../support/kat-project.js';
import { recordLoads } from './record-loads.js';

const parser = /libpg-query/;
const pglite = /pglite/;
const postgresConfig = 'database:\n  host: nowhere.invalid\n';

/** Modules that are neither Node.js's own nor the command itself. */
function packagesIn(loads: readonly string[]): string[] {
  return loads.filter((load) => load.includes('node_modules'));
}

test.each([
  '--version',
  '--help',
  'up --help',
  'version',
  'add next',
  'export',
  'explain',
  'graph --offline',
  'init -c new.yaml',
])('kat %s loads nothing but itself', async (args) => {
  const project = makeProject({ config: postgresConfig, migrations: { '1_users': 'SELECT 1;' } });
  const { run, loads } = await recordLoads(project, args);
  expect(run.code).toBe(0);
  const command = await katCommand();
  expect(loads.some((load) => load.endsWith(command))).toBe(true);
  expect(packagesIn(loads)).toEqual([]);
});

describe.each(commandMajors())('PostgreSQL %i', (major) => {
  test('an up with something to do loads the parser: these tests can fail', async () => {
    const project = await projectOn(major, { migrations: { '1_users': 'SELECT 1;' } });
    const busy = await recordLoads(project, 'up');
    expect(busy.run.stdout).toContain('Successfully applied 1 migrations');
    expect(busy.loads.some((load) => parser.test(load))).toBe(true);
    expect(busy.loads.some((load) => pglite.test(load))).toBe(false);
  });

  test.each(['up', 'up --dry-run', 'status', 'ping'])('%s, when all is applied', async (args) => {
    const project = await projectOn(major, { migrations: { '1_users': 'SELECT 1;' } });
    await project.kat('up');
    const { run, loads } = await recordLoads(project, args);
    expect(run.code).toBe(0);
    expect(packagesIn(loads)).toEqual([]);
  });

  test.each(['up', 'plan up'])('%s loads what checks and runs SQL only when there is some', async (args) => {
    const project = await projectOn(major, { migrations: { '1_users': 'SELECT 1;' } });
    await project.kat('up');
    const idle = await recordLoads(project, args);
    project.addMigration('2_orders', 'SELECT 2;');
    const busy = await recordLoads(project, args);
    expect([idle.run.code, busy.run.code]).toEqual([0, 0]);
    const checks = /parts.work\.cjs$/;
    expect(idle.loads.some((load) => checks.test(load))).toBe(false);
    expect(busy.loads.some((load) => checks.test(load))).toBe(true);
  });
});

test('with PGlite, only PGlite is loaded', async () => {
  const project = makeProject({ config: 'database:\n  driver: pglite\n', files: { 'migrations/.keep': '' } });
  const { run, loads } = await recordLoads(project, 'up');
  expect(run.stdout).toContain('No migration(s) to apply\n');
  expect(loads.some((load) => pglite.test(load))).toBe(true);
  expect(loads.some((load) => parser.test(load))).toBe(false);
});
