/** What keeps a tracking table from being adopted, and what does not. */

import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { ImportTool } from '../../../src/index.js';
import { majors } from '../../support/database.js';
import { type DatabaseProject, projectOn } from '../../support/kat-project.js';
import { failureOf, openKat } from '../library.js';

const major = majors().at(-1) as number;

const sources: Record<string, Record<string, string>> = {
  dbmate: {
    '1_a.sql': '-- migrate:up\nCREATE TABLE a (id int);\n-- migrate:down\nDROP TABLE a;\n',
    '2_b.sql': '-- migrate:up\nCREATE TABLE b (id int);\n-- migrate:down\nDROP TABLE b;\n',
    '3_c.sql': '-- migrate:up\nCREATE TABLE c (id int);\n-- migrate:down\nDROP TABLE c;\n',
  },
  'golang-migrate': { '1_a.up.sql': 'SELECT 1;\n', '2_b.up.sql': 'SELECT 2;\n' },
  goose: { '1_a.sql': '-- +goose Up\n', '2_b.sql': '-- +goose Up\n', '3_c.sql': '-- +goose Up\n' },
  flyway: {
    'V1__a.sql': 'SELECT 1;\n',
    'V2__b.sql': 'SELECT 2;\n',
    'V3__c.sql': '',
    'R__v.sql': 'SELECT 3;\n',
  },
  prisma: { '1_a/migration.sql': 'SELECT 1;\n', '2_b/migration.sql': 'SELECT 2;\n' },
  drizzle: {
    'meta/_journal.json': JSON.stringify({
      dialect: 'postgresql',
      entries: [
        { tag: '0_a', when: 5 },
        { tag: '1_b', when: 5 },
      ],
    }),
    '0_a.sql': 'SELECT 1;\n',
    '1_b.sql': 'SELECT 2;\n',
  },
  sqitch: {
    'sqitch.plan': '%project=shop\na 2024-01-05T09:30:00Z A <a@b>\n',
    'deploy/a.sql': 'SELECT 1;\n',
  },
  sqlx: { '1_a.sql': 'SELECT 1;\n', '2_b.sql': 'SELECT 2;\n' },
  diesel: { '2024-01-05-093000_a/up.sql': 'SELECT 1;\n' },
  supabase: { '0001_a.sql': 'SELECT 1;\n' },
  tern: { '1_a.sql': 'SELECT 1;\n', '2_b.sql': 'SELECT 2;\n' },
  refinery: { 'V1__a.sql': 'SELECT 1;\n' },
  atlas: {
    '1_a.sql': 'SELECT 1;\n',
    '2_all.sql': '-- atlas:checkpoint\n\nSELECT 1;\n',
    '3_c.sql': 'SELECT 3;\n',
  },
  liquibase: { 'a.sql': '--liquibase formatted sql\n--changeset a:1\nSELECT 1;\n' },
  alembic: { 'up.sql': '-- Running upgrade  -> a\n\n-- Running upgrade a -> b\n' },
};

const flywayHistory = `CREATE TABLE flyway_schema_history (installed_rank int, version text, description text, type text,
  script text, installed_on timestamp DEFAULT now(), success boolean);
INSERT INTO flyway_schema_history (installed_rank, version, description, type, script, success) VALUES `;
const prismaTable = `CREATE TABLE _prisma_migrations (id text, migration_name text, finished_at timestamptz,
  rolled_back_at timestamptz, started_at timestamptz);
INSERT INTO _prisma_migrations VALUES `;
const atlasTable = `CREATE SCHEMA atlas_schema_revisions; CREATE TABLE atlas_schema_revisions.atlas_schema_revisions (version text, type int,
  applied int, total int, executed_at timestamptz DEFAULT now(), error text);
INSERT INTO atlas_schema_revisions.atlas_schema_revisions (version, type, applied, total, error) VALUES `;
const liquibaseTable = `CREATE TABLE databasechangelog (id text, author text, filename text, dateexecuted timestamp DEFAULT now(),
  orderexecuted int, exectype text);
INSERT INTO databasechangelog (id, author, filename, orderexecuted, exectype) VALUES `;
const gooseTable = `CREATE TABLE goose_db_version (id serial, version_id bigint, is_applied boolean, tstamp timestamp DEFAULT now());
INSERT INTO goose_db_version (version_id, is_applied) VALUES `;

async function projectWith(tool: ImportTool, sql: string): Promise<DatabaseProject> {
  const project = await projectOn(major);
  for (const [path, text] of Object.entries(sources[tool] ?? {})) project.write(`source/${path}`, text);
  await project.database.query(sql);
  return project;
}

const adopting = (project: DatabaseProject, from: ImportTool, table?: string) =>
  openKat(project).kat.import({ from, directory: join(project.folder, 'source'), adopt: true, table });

const refused: [tool: ImportTool, why: string, sql: string, message: string][] = [
  [
    'tern',
    'a version without file',
    'CREATE TABLE schema_version (version int); INSERT INTO schema_version VALUES (3)',
    'public.schema_version has 3, but the folder has no file for it',
  ],
  [
    'tern',
    "another tool's table",
    'CREATE TABLE schema_version (version text, installed_rank int)',
    'public.schema_version is not a tracking table of tern: it looks like that of flyway',
  ],
  [
    'refinery',
    'a version of another name',
    `CREATE TABLE refinery_schema_history (version int, name text, applied_on text, checksum text);
     INSERT INTO refinery_schema_history VALUES (1, 'other', '2024-01-05T09:30:00Z', '1')`,
    'refinery_schema_history has 1__other, but the folder has no file for it',
  ],
  ['atlas', 'an unfinished version', `${atlasTable} ('1', 2, 1, 2, 'no luck')`, '1 failed: no luck'],
  [
    'liquibase',
    'a failed changeset',
    `${liquibaseTable} ('1', 'a', 'a.sql', 1, 'FAILED')`,
    'a.sql::1::a failed',
  ],
  [
    'liquibase',
    'a changeset of another file',
    `${liquibaseTable} ('1', 'a', 'other/b.sql', 1, 'EXECUTED')`,
    'databasechangelog has other/b.sql::1::a, but the folder has no file for it',
  ],
  ['dbmate', 'no table', 'SELECT 1', 'there is no table schema_migrations, the tracking table of dbmate'],
  [
    'dbmate',
    "another tool's table",
    'CREATE TABLE schema_migrations (version bigint, dirty boolean)',
    'schema_migrations is not a tracking table of dbmate: it looks like that of golang-migrate',
  ],
  [
    'golang-migrate',
    "another tool's table",
    'CREATE TABLE schema_migrations (version text)',
    'schema_migrations is not a tracking table of golang-migrate: it has no column dirty',
  ],
  [
    'dbmate',
    'rows without files',
    "CREATE TABLE schema_migrations (version text); INSERT INTO schema_migrations VALUES ('1'), ('7'), ('8')",
    '2 rows of schema_migrations prevent its adoption',
  ],
  [
    'golang-migrate',
    'a dirty version',
    'CREATE TABLE schema_migrations (version bigint, dirty boolean); INSERT INTO schema_migrations VALUES (2, true)',
    'version 2 is dirty: its migration failed, and its final state is not recorded',
  ],
  [
    'golang-migrate',
    'a version without file',
    'CREATE TABLE schema_migrations (version bigint, dirty boolean); INSERT INTO schema_migrations VALUES (3, false)',
    'schema_migrations has 3, but the folder has no file for it',
  ],
  [
    'flyway',
    'a failed migration',
    `${flywayHistory} (1, '1', 'a', 'SQL', 'V1__a.sql', true), (2, '2', 'b', 'SQL', 'V2__b.sql', false)`,
    'V2__b.sql failed, and its final state is not recorded',
  ],
  [
    'flyway',
    'a failed undo',
    `${flywayHistory} (1, '1', 'a', 'SQL', 'V1__a.sql', true), (2, '1', 'a', 'UNDO_SQL', 'U1__a.sql', false)`,
    'U1__a.sql failed, and its final state is not recorded',
  ],
  [
    'prisma',
    'an unfinished migration',
    `${prismaTable} ('x', '1_a', now(), NULL, now()), ('y', '2_b', NULL, NULL, now())`,
    '2_b was started but not finished',
  ],
  [
    'sqitch',
    'changes of other projects only',
    `CREATE SCHEMA sqitch; CREATE TABLE sqitch.changes (change_id text, change text, project text, committed_at timestamptz);
     INSERT INTO sqitch.changes VALUES ('x', 'a', 'store', now())`,
    'the registry has changes of store, but none of shop',
  ],
  [
    'alembic',
    'an unknown head',
    "CREATE TABLE alembic_version (version_num text); INSERT INTO alembic_version VALUES ('zz')",
    'alembic_version has zz, but the folder has no file for it',
  ],
  [
    'sqlx',
    'a version without success',
    `CREATE TABLE _sqlx_migrations (version bigint, installed_on timestamptz DEFAULT now(), success boolean);
     INSERT INTO _sqlx_migrations (version, success) VALUES (1, true), (2, false)`,
    'version 2 did not succeed, and sqlx runs nothing until it is resolved',
  ],
  [
    'diesel',
    'a version without folder',
    `CREATE TABLE __diesel_schema_migrations (version varchar(50), run_on timestamp DEFAULT now());
     INSERT INTO __diesel_schema_migrations (version) VALUES ('20240105093000'), ('20240106101530')`,
    '__diesel_schema_migrations has 20240106101530, but the folder has no file for it',
  ],
  [
    'supabase',
    'versions are texts, zeros and all',
    `CREATE SCHEMA supabase_migrations; CREATE TABLE supabase_migrations.schema_migrations (version text);
     INSERT INTO supabase_migrations.schema_migrations VALUES ('0001'), ('1')`,
    'supabase_migrations.schema_migrations has 1, but the folder has no file for it',
  ],
];

test.each(refused)('%s: %s', async (tool, _why, sql, message) => {
  const project = await projectWith(tool, sql);
  const error = await failureOf(adopting(project, tool));
  expect(error).toMatchObject({ code: 'LEDGER_MISMATCH', message });
  expect(project.ids()).toEqual([]);
  expect(await project.database.query("SELECT FROM pg_class WHERE relname LIKE 'migrations%'")).toEqual([]);
});

const adopted: [tool: ImportTool, why: string, sql: string, ids: string[]][] = [
  [
    'tern',
    'nothing is applied',
    'CREATE TABLE schema_version (version int); INSERT INTO schema_version VALUES (0)',
    [],
  ],
  ['atlas', 'a checkpoint stands for what is before it', `${atlasTable} ('2', 2, 1, 1, NULL)`, ['1_a']],
  ['atlas', 'a baseline stands for what is before it', `${atlasTable} ('3', 1, 0, 0, '')`, ['1_a', '3_c']],
  ['atlas', 'what was set by hand counts', `${atlasTable} ('1', 6, 1, 2, '')`, ['1_a']],
  ['liquibase', 'what was skipped does not count', `${liquibaseTable} ('1', 'a', 'a.sql', 1, 'SKIPPED')`, []],
  [
    'goose',
    'the last row of each version counts',
    `${gooseTable} (0, true), (1, true), (2, true), (3, true), (2, false), (1, false), (1, true)`,
    ['3_c', '1_a'],
  ],
  [
    'flyway',
    'a baseline stands for what is before it',
    `${flywayHistory} (1, '2', '<< Flyway Baseline >>', 'BASELINE', '<< Flyway Baseline >>', true)`,
    ['1_a', '2_b'],
  ],
  [
    'flyway',
    'what was taken back or deleted does not count, and all together let a repeatable one be done',
    `${flywayHistory} (1, '1', 'a', 'SQL', 'V1__a.sql', true), (2, '2', 'b', 'SQL', 'V2__b.sql', false),
     (3, '2', 'b', 'DELETE', 'V2__b.sql', true), (4, '2.0', 'b', 'SQL', 'V2__b.sql', true),
     (5, '3', 'c', 'SQL', 'V3__c.sql', true), (6, '3', 'c', 'UNDO_SQL', 'U3__c.sql', true),
     (7, '3', 'c', 'SQL', 'V3__c.sql', true), (8, NULL, 'v', 'SQL', 'R__v.sql', true), (9, NULL, 'v', 'SQL', 'R__v.sql', true)`,
    ['1_a', '2_b', '3_c', '4_v'],
  ],
  [
    'prisma',
    'what was rolled back was tried again',
    `${prismaTable} ('x', '1_a', NULL, now(), now()), ('y', '1_a', now(), NULL, now()), ('z', '2_b', now(), now(), now())`,
    ['1_a'],
  ],
  [
    'drizzle',
    'two of the same moment',
    `CREATE SCHEMA drizzle; CREATE TABLE drizzle.__drizzle_migrations (id serial, hash text, created_at bigint);
     INSERT INTO drizzle.__drizzle_migrations (hash, created_at) VALUES (encode(sha256('SELECT 1;\n'), 'hex'), 5)`,
    ['5_a'],
  ],
  [
    'golang-migrate',
    'nothing is applied',
    'CREATE TABLE schema_migrations (version bigint, dirty boolean)',
    [],
  ],
  [
    'golang-migrate',
    'everything was taken back',
    'CREATE TABLE schema_migrations (version bigint, dirty boolean); INSERT INTO schema_migrations VALUES (-1, false)',
    [],
  ],
];

test.each(adopted)('%s: %s', async (tool, _why, sql, ids) => {
  const project = await projectWith(tool, sql);
  const result = await adopting(project, tool);
  expect(result.adopted?.map(({ id }) => id)).toEqual(ids);
  if (ids.length > 0) expect(await project.applied()).toEqual(ids);
});

test.each([
  ['both are applied', [1, 2, 3], ['5_a', '6_b', '7_c']],
  ['both and no other', [1, 2], ['5_a', '6_b']],
  ['the time tells one', [7], ['7_c']],
])('drizzle: two migrations with the same SQL, whose times have changed: %s', async (_why, rows, ids) => {
  const project = await drizzleTwins(rows);
  expect((await adopting(project, 'drizzle')).adopted?.map(({ id }) => id)).toEqual(ids);
  expect((await project.applied()).sort()).toEqual(ids);
});

test('drizzle: one row fits two migrations with the same SQL, so that nothing is adopted', async () => {
  const project = await drizzleTwins([1]);
  expect(await failureOf(adopting(project, 'drizzle'))).toMatchObject({
    code: 'LEDGER_MISMATCH',
    message: expect.stringMatching(/has 1 \(hash \w+\), which fits several migrations: 0_a and 1_b$/),
  });
  expect(project.ids()).toEqual([]);
});

/** Two with the same text and one of its own; each row has the hash of its number, or of the third with its time. */
async function drizzleTwins(rows: readonly number[]): Promise<DatabaseProject> {
  const texts = ['SELECT 1;\n', 'SELECT 1;\n', 'SELECT 3;\n'];
  const entries = ['0_a', '1_b', '2_c'].map((tag, index) => ({ tag, when: 5 + index }));
  const values = rows.map((row) => `(encode(sha256('${texts[row === 7 ? 2 : row - 1]}'), 'hex'), ${row})`);
  const project = await projectOn(major);
  project.write('source/meta/_journal.json', JSON.stringify({ dialect: 'postgresql', entries }));
  for (const [index, text] of texts.entries()) project.write(`source/${entries[index]?.tag}.sql`, text);
  await project.database.query(
    `CREATE SCHEMA drizzle; CREATE TABLE drizzle.__drizzle_migrations (id serial, hash text, created_at bigint);
     INSERT INTO drizzle.__drizzle_migrations (hash, created_at) VALUES ${values.join(', ')}`,
  );
  return project;
}

test('a role that may not record leaves no folders behind, whose SQL would be run again', async () => {
  const project = await projectWith('dbmate', 'CREATE TABLE schema_migrations (version text)');
  const { database } = project;
  const role = `${database.name}_low`;
  await database.query(
    `CREATE ROLE ${role} LOGIN PASSWORD 'low'; REVOKE CREATE ON SCHEMA public FROM PUBLIC`,
  );
  const url = new URL(database.url);
  [url.username, url.password] = [role, 'low'];
  const { kat } = openKat(project, { database: url.href });
  const adoption = { from: 'dbmate' as const, directory: join(project.folder, 'source'), adopt: true };
  expect((await failureOf(kat.import(adoption))).message).toBe(
    'cannot read "schema_migrations": permission denied for table schema_migrations (SQLSTATE 42501)',
  );
  await database.query(
    `GRANT SELECT ON schema_migrations TO ${role}; INSERT INTO schema_migrations VALUES ('1')`,
  );
  expect((await failureOf(kat.import(adoption))).message).toContain('cannot be created: permission denied');
  expect(project.ids()).toEqual([]);
  await database.query(`DROP OWNED BY ${role}; DROP ROLE ${role}`);
});

test('what is not the name of a table', async () => {
  const project = await projectWith('dbmate', 'SELECT 1');
  for (const table of ['', 'a.b.c', 'a.']) {
    expect(await failureOf(adopting(project, 'dbmate', table))).toMatchObject({ code: 'USAGE' });
  }
});

test('a table of another name and schema, and a gap in what is applied', async () => {
  const sql = `CREATE SCHEMA "My"; CREATE TABLE "My".versions (version text); INSERT INTO "My".versions VALUES ('1'), ('3');
    CREATE TABLE a (id int); CREATE TABLE c (id int)`;
  const project = await projectWith('dbmate', sql);
  const { adopted: found, warnings } = await adopting(project, 'dbmate', 'My.versions');
  expect(found?.map(({ id }) => id)).toEqual(['1_a', '3_c']);
  expect(warnings.map(({ message }) => message)).toEqual([
    '3_c is applied, but its parent 2_b is not: `kat up` will apply the parent later',
  ]);
  const { kat } = openKat(project);
  expect((await kat.up()).migrations.map(({ id }) => id)).toEqual(['2_b']);
});

test('the log knows what was adopted, and what Kat has taken back since is not adopted again', async () => {
  const sql = `CREATE TABLE schema_migrations (version text); INSERT INTO schema_migrations VALUES ('1'), ('2');
    CREATE TABLE a (id int); CREATE TABLE b (id int)`;
  const project = await projectWith('dbmate', sql);
  await adopting(project, 'dbmate');
  const log = await project.database.query(
    'SELECT migration, direction, outcome, parents, down_sql, length(checksum) AS n, no_transaction FROM migrations_log ORDER BY id',
  );
  expect(log).toEqual([
    expect.objectContaining({ migration: '1_a', parents: [], down_sql: 'DROP TABLE a;\n', n: 64 }),
    {
      migration: '2_b',
      direction: 'up',
      outcome: 'stamped',
      parents: ['1_a'],
      down_sql: 'DROP TABLE b;\n',
      n: 64,
      no_transaction: false,
    },
  ]);
  await openKat(project).kat.down();
  const again = await adopting(project, 'dbmate');
  expect(again.adopted).toEqual([]);
  expect(again.warnings.map(({ message }) => message)).toEqual([
    '2_b was rolled back by Kat later, so it stays pending',
  ]);
  expect(await project.applied()).toEqual(['1_a']);
});

test.each([
  ['the whole path', ['1.sql'], ['2_1_1']],
  ['the whole path of both', ['old/1.sql', '1.sql'], ['1_1_1', '2_1_1']],
  ['where the paths of other rows begin', ['db/2.sql', 'db/old/1.sql'], ['3_2_1', '1_1_1']],
  ['a path of the only fitting length', ['db/1.sql'], ['2_1_1']],
])('liquibase: files of two folders share a name, told apart by %s', async (_, files, ids) => {
  const rows = files.map((file, index) => `('1', 'a', '${file}', ${index}, 'EXECUTED')`);
  const project = await liquibaseOfTwoFolders(rows);
  expect((await adopting(project, 'liquibase')).adopted?.map(({ id }) => id)).toEqual(ids);
  expect((await project.applied()).sort()).toEqual([...ids].sort());
});

test('liquibase: a changeset that may be one of two is not adopted', async () => {
  const project = await liquibaseOfTwoFolders([`('1', 'a', 'db/old/1.sql', 1, 'EXECUTED')`]);
  expect(await failureOf(adopting(project, 'liquibase'))).toMatchObject({
    code: 'LEDGER_MISMATCH',
    message: 'db/old/1.sql::1::a may be old/1.sql::1::a or 1.sql::1::a',
  });
  expect(project.ids()).toEqual([]);
});

async function liquibaseOfTwoFolders(rows: readonly string[]): Promise<DatabaseProject> {
  const project = await projectOn(major);
  const include = (file: string) => ({ include: { file, relativeToChangelogFile: true } });
  const files = ['old/1.sql', '1.sql', '2.sql'];
  project.write('source/all.json', JSON.stringify({ databaseChangeLog: files.map(include) }));
  for (const file of files) {
    project.write(`source/${file}`, '--liquibase formatted sql\n--changeset a:1\nSELECT 1;\n');
  }
  await project.database.query(`${liquibaseTable} ${rows.join(', ')}`);
  return project;
}
