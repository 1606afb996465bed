/** Files that were edited after another tool applied them, which its table tells by a checksum. */

import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { ImportOptions } from '../../../src/index.js';
import { majors } from '../../support/database.js';
import { projectOn } from '../../support/kat-project.js';
import { openKat } from '../library.js';

const major = majors().at(-1) as number;

/** @returns the labels of files that are said to have changed. */
async function changedOf(
  sql: string,
  files: Record<string, string>,
  options: Pick<ImportOptions, 'from' | 'placeholders'>,
): Promise<string[]> {
  const project = await projectOn(major);
  await project.database.query(sql);
  for (const [path, text] of Object.entries(files)) project.write(`source/${path}`, text);
  const directory = join(project.folder, 'source');
  const { warnings, adopted } = await openKat(project).kat.import({ ...options, directory, adopt: true });
  expect(adopted).toHaveLength(Object.keys(files).length);
  return warnings.flatMap(({ message }) => /^(.*) has changed since/.exec(message)?.[1] ?? []);
}

const sources = {
  users: "CREATE TABLE users (id int, n text DEFAULT 'é');\r\nINSERT INTO users VALUES (1);\r\n",
  posts: '\ufeffCREATE TABLE posts (id int);\n\n-- $' + '{flyway:database}\n',
  comments: 'CREATE TABLE c (id int);',
};

/** The same files with other line endings and without the byte order mark. */
const moved = {
  ...sources,
  users: sources.users.replaceAll('\r', ''),
  posts: sources.posts.slice(1).replaceAll('\n', '\r\n'),
};

const edited = {
  ...sources,
  users: sources.users.replace('é', 'e'),
  comments: `${sources.comments} -- later`,
};

type Sources = typeof sources;

/** The checksums are those that Flyway 10.20.1 gave to these files. */
const onFlyway = ({ users, posts, comments }: Sources) =>
  changedOf(
    `CREATE TABLE flyway_schema_history (installed_rank int, version text, description text, type text, script text,
       checksum int, installed_on timestamp DEFAULT now(), success boolean DEFAULT true);
     INSERT INTO flyway_schema_history VALUES
       (1, '1', 'users', 'SQL', 'V1__users.sql', -1960494782), (2, '2', 'posts', 'SQL', 'V2__posts.sql', 210122671),
       (3, '3', 'comments', 'SQL', 'V3__comments.sql', -2102380136);`,
    { 'V1__users.sql': users, 'V2__posts.sql': posts, 'V3__comments.sql': comments },
    { from: 'flyway', placeholders: { 'flyway:database': 'app' } },
  );

const hashed = (algorithm: string) =>
  Object.values(sources).map((text) => createHash(algorithm).update(text).digest('hex'));

const onPrisma = ({ users, posts, comments }: Sources) => {
  const rows = hashed('sha256').map(
    (hash, index) => `('${index}', '${hash}', now(), '${index + 1}_a', NULL, now())`,
  );
  return changedOf(
    `CREATE TABLE _prisma_migrations (id text, checksum text, finished_at timestamptz, migration_name text,
       rolled_back_at timestamptz, started_at timestamptz);
     INSERT INTO _prisma_migrations VALUES ${rows.join()};`,
    { '1_a/migration.sql': users, '2_a/migration.sql': posts, '3_a/migration.sql': comments },
    { from: 'prisma' },
  );
};

const onSqlx = ({ users, posts, comments }: Sources) => {
  const rows = hashed('sha384').map((hash, index) => `(${index + 1}, now(), true, '\\x${hash}')`);
  return changedOf(
    `CREATE TABLE _sqlx_migrations (version bigint, installed_on timestamptz, success boolean, checksum bytea);
     INSERT INTO _sqlx_migrations VALUES ${rows.join()};`,
    { '1_a.sql': users, '2_a.sql': posts, '3_a.sql': comments },
    { from: 'sqlx' },
  );
};

test.each([
  ['flyway', onFlyway, ['V1__users.sql', 'V3__comments.sql']],
  ['prisma', onPrisma, ['1_a', '3_a']],
  ['sqlx', onSqlx, ['1_a.sql', '3_a.sql']],
] as const)(
  '%s: a changed value and an added comment are told, other line endings are not',
  async (_, read, changed) => {
    expect(await read(sources)).toEqual([]);
    expect(await read(moved)).toEqual([]);
    expect(await read(edited)).toEqual(changed);
  },
);

test('a baseline of Flyway covers files whose checksums it does not have', async () => {
  const baseline = `
    CREATE TABLE flyway_schema_history (installed_rank int, version text, description text, type text, script text,
      checksum int, installed_on timestamp DEFAULT now(), success boolean DEFAULT true);
    INSERT INTO flyway_schema_history VALUES (1, '2', 'all', 'SQL_BASELINE', 'B2__all.sql', 17);`;
  const files = { 'V1__a.sql': 'SELECT 1;', 'V2__b.sql': 'SELECT 2;' };
  expect(await changedOf(baseline, files, { from: 'flyway' })).toEqual([]);
});

test('the advice records what ran: the applied text in up.sql, then kat repair', async () => {
  const project = await projectOn(major);
  const [applied, now] = ['CREATE TABLE a (id int);', 'CREATE TABLE a (id bigint);'];
  await project.database.query(`${applied}
    CREATE TABLE _sqlx_migrations (version bigint, installed_on timestamptz, success boolean, checksum bytea);
    INSERT INTO _sqlx_migrations VALUES (1, now(), true, '\\x${createHash('sha384').update(applied).digest('hex')}');`);
  project.write('source/1_a.sql', now);
  const args = ['import', '--from', 'sqlx', join(project.folder, 'source'), '--adopt'];
  const { code, stderr } = await project.kat(args);
  expect(code).toBe(0);
  const [, command = ''] = /run `kat (repair [^`]+)`/.exec(stderr) ?? [];
  project.write('migrations/1_a/up.sql', applied);
  expect(await project.kat(`${command} --yes`)).toMatchObject({ code: 0 });
  expect(await project.kat('validate')).toMatchObject({ code: 0 });
  expect(
    await project.database.query("SELECT data_type FROM information_schema.columns WHERE table_name = 'a'"),
  ).toEqual([{ data_type: 'integer' }]);
});
