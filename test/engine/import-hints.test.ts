/** What an import says of a database that has its migrations already, and of a way back that cannot have a transaction. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { commandMajors } from '../support/database.js';
import { makeProject, projectOn } from '../support/kat-project.js';
import { emptyPglite } from '../support/pglite.js';
import { openKat } from './library.js';

const files = {
  'db/1_a.sql': '-- migrate:up\nCREATE TABLE a (n int);\n-- migrate:down\nDROP TABLE a;\n',
  'db/2_b.sql':
    '-- migrate:up\nCREATE TABLE b (n int);\nCREATE INDEX b_n ON b (n);\n-- migrate:down transaction:false\nDROP INDEX CONCURRENTLY b_n;\nDROP TABLE b;\n',
};

describe.each(commandMajors())('PostgreSQL %i', (major) => {
  test('without --adopt beside a filled tracking table', async () => {
    const project = await projectOn(major, { files });
    await project.database.query(
      "CREATE TABLE schema_migrations (version varchar PRIMARY KEY); INSERT INTO schema_migrations VALUES ('1')",
    );
    const told =
      'dbmate has applied 1 of these migrations to this database, and Kat has not recorded that: `kat up` would run them again. Run the same command with --adopt.';
    expect((await project.kat('import --from dbmate db --dry-run')).stderr).toContain(told);
    expect((await project.kat('import --from dbmate db')).stderr).toContain(told);
    expect((await project.kat('import --from dbmate db --adopt')).stderr).not.toContain(told);
    expect((await project.kat('import --from dbmate db')).stderr).not.toContain(told);
  });

  test("beside a filled table that cannot be adopted, or that has the name of Kat's own", async () => {
    const project = await projectOn(major, { files });
    await project.database.query(
      "CREATE TABLE schema_migrations (version varchar PRIMARY KEY); INSERT INTO schema_migrations VALUES ('1'), ('9')",
    );
    const run = await project.kat('import --from dbmate db --dry-run');
    expect(run.stderr).toContain(
      'They cannot be adopted as they are: schema_migrations has 9, but the folder has no file for it. Run the same command with --adopt to see all of it.',
    );
    await project.database.query(
      "CREATE TABLE migrations (id serial, timestamp bigint, name text); INSERT INTO migrations (name) VALUES ('A1704447000000')",
    );
    project.write('typeorm/1704447000000-A.up.sql', 'SELECT 1;\n');
    expect((await project.kat('import --from typeorm typeorm --dry-run')).stderr).toContain(
      'typeorm has applied 1 of these migrations to this database',
    );
  });

  test('in a schema that is not on the search path', async () => {
    const project = await projectOn(major, { files });
    await project.database.query(
      "CREATE SCHEMA app; CREATE TABLE app.schema_migrations (version varchar PRIMARY KEY); INSERT INTO app.schema_migrations VALUES ('1')",
    );
    const elsewhere = 'there is no table schema_migrations on the search path, but app.schema_migrations';
    expect((await project.kat('import --from dbmate db --dry-run')).stderr).toContain(elsewhere);
    const refused = await project.kat('import --from dbmate db --adopt');
    expect(refused).toMatchObject({ code: 2, stderr: expect.stringContaining(elsewhere) });
    expect(refused.stderr).toContain('If this is the one, add `--adopt --table app.schema_migrations`.');
    expect(project.ids()).toEqual([]);
    const adopted = await project.kat('import --from dbmate db --adopt --table app.schema_migrations');
    expect(adopted.code, adopted.stderr).toBe(0);
    expect(await project.applied()).toEqual(['1_a']);
  });

  test('rows that row-level security hides are not taken for none', async () => {
    const project = await projectOn(major, { files });
    const role = `${project.database.name}_reader`;
    await project.database.query(
      `CREATE TABLE schema_migrations (version varchar PRIMARY KEY); INSERT INTO schema_migrations VALUES ('1');
       ALTER TABLE schema_migrations ENABLE ROW LEVEL SECURITY; CREATE ROLE ${role} LOGIN PASSWORD 'low';
       GRANT SELECT ON schema_migrations TO ${role}; GRANT ALL ON SCHEMA public TO ${role}`,
    );
    const url = new URL(project.database.url);
    [url.username, url.password] = [role, 'low'];
    const { kat } = openKat(project, { database: url.href });
    const adoption = { from: 'dbmate' as const, directory: join(project.folder, 'db'), adopt: true };
    await expect(kat.import(adoption)).rejects.toMatchObject({
      code: 'SQL_ERROR',
      message: expect.stringContaining('row-level security'),
      help: expect.stringContaining('without row-level security that hides rows'),
    });
    expect(project.ids()).toEqual([]);
    await project.database.query(`DROP OWNED BY ${role}; DROP ROLE ${role}`);
  });

  test('nothing where the table is empty, or no server answers', async () => {
    const project = await projectOn(major, { files });
    const { kat } = openKat(project);
    const options = { from: 'dbmate' as const, directory: join(project.folder, 'db') };
    const before = (await kat.import({ ...options, dryRun: true })).warnings;
    expect(before.map(({ message }) => message)).toEqual([
      expect.stringContaining('the rollback of 2_b.sql cannot run in a transaction, but its up.sql does'),
    ]);
    const away = openKat(project, { database: 'postgres://nobody@127.0.0.1:1/none' });
    expect((await away.kat.import(options)).warnings).toEqual(before);
  });

  test('only the way back runs outside of a transaction: up keeps its own', async () => {
    const failing = files['db/2_b.sql'].replace('ON b (n);', 'ON b (n);\nSELECT 1/0;');
    const project = await projectOn(major, { files: { ...files, 'db/2_b.sql': failing } });
    await project.kat('import --from dbmate db');
    expect(project.read('migrations/2_b/metadata.yaml')).not.toMatch(/^no_transaction/m);
    expect((await project.kat('up')).code).toBe(1);
    expect(await project.database.query("SELECT FROM pg_class WHERE relname IN ('b', 'b_n')")).toEqual([]);
  });
});

test('PGlite is asked where there is a database', async () => {
  const project = makeProject({ config: 'database:\n  driver: pglite\n  path: data\n', files });
  const hint = 'dbmate has applied 1 of these migrations to this database';
  expect((await project.kat('import --from dbmate db --dry-run')).stderr).not.toContain(hint);
  expect(existsSync(join(project.folder, 'data'))).toBe(false);
  const database = await emptyPglite({ dataDir: join(project.folder, 'data') });
  await database.exec(
    "CREATE TABLE schema_migrations (version varchar PRIMARY KEY); INSERT INTO schema_migrations VALUES ('1')",
  );
  await database.close();
  expect((await project.kat('import --from dbmate db --dry-run')).stderr).toContain(hint);
}, 60_000);
