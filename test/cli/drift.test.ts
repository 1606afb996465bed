/** `kat drift`: hand-made changes on real servers, what puts them back, and what takes them over. */

import { rmSync } from 'node:fs';
import { join } from 'node:path';
import pg from 'pg';
import { beforeAll, describe, expect, test } from 'vitest';
import { lockKey } from '../../src/engine/session/lock.js';
import { freshDatabase, majors, ownServer } from '../support/database.js';
import { documentOf } from '../support/document.js';
import { commitAll } from '../support/git.js';
import { type DatabaseProject, projectOn } from '../support/kat-project.js';

const migrations = {
  '1_users': `CREATE TABLE users (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, email text NOT NULL, role text);
CREATE VIEW emails AS SELECT email FROM users;`,
  '2_posts': {
    up: 'CREATE TABLE posts (id serial PRIMARY KEY, author bigint REFERENCES users);',
    parents: [1],
  },
  '3_titles': {
    up: 'ALTER TABLE posts ADD title varchar(20);\nCREATE INDEX posts_title ON posts (title);',
    parents: [2],
  },
  '4_other_branch': { up: 'CREATE TABLE tags (id int);', parents: [1] },
};

/** Names with blanks, and an argument whose type is written in four words. */
const jobs = `CREATE SCHEMA jobs; CREATE TABLE jobs."my list" (id int);
CREATE FUNCTION jobs.due(timestamp with time zone) RETURNS int LANGUAGE sql RETURN 1;`;

const byHand = `
  ALTER TABLE posts ALTER title TYPE text;
  DROP INDEX posts_title;
  CREATE INDEX hot ON users (email);
  ALTER TABLE users ADD note text DEFAULT 'x';
  ALTER TABLE users RENAME role TO kind;
  CREATE TABLE tmp_fix (a int PRIMARY KEY);
  GRANT SELECT ON users TO pg_monitor;
  CREATE SCHEMA cron; CREATE TABLE cron.job (id int);
  COMMENT ON COLUMN jobs."my list".id IS 'x'; COMMENT ON FUNCTION jobs.due(timestamp with time zone) IS 'x';`;

const changed = [
  'column public.posts.title was changed: type was character varying(20), is now text',
  'column public.users.kind was added',
  'column public.users.note was added',
  'column public.users.role was removed',
  'index public.hot was added',
  'index public.posts_title was removed',
  'privileges of pg_monitor on table public.users were added',
  'table public.tmp_fix was added',
];

/** Each takes a throwaway database of its own. */
const timeoutMs = 60_000;

async function driftOf({ kat }: DatabaseProject, ...args: string[]) {
  const run = await kat(['drift', '--json', ...args], { timeoutMs });
  const document = documentOf(run);
  const differences = document.differences as { sentence: string }[];
  return { code: run.code, document, sentences: differences.map(({ sentence }) => sentence).sort() };
}

describe('a database with changes by hand', () => {
  let project: DatabaseProject;

  beforeAll(async () => {
    const withJobs = { ...migrations, '1_users': `${migrations['1_users']}\n${jobs}` };
    project = await projectOn(majors().at(-1) as number, { migrations: withJobs });
    // Not a beginning of the graph's order: 3 is left out.
    expect((await project.kat('up --to 2_posts --to 4_other_branch')).code).toBe(0);
  });

  test('exactly the applied set is no drift', async () => {
    const { code, document } = await driftOf(project);
    expect(code).toBe(0);
    expect(document).toMatchObject({ isValid: true, applied: 3, assumptions: [], ignored: 0 });
  });

  test('each change is named, and nothing else; what is ignored is counted', async () => {
    expect((await project.kat('up --to 3_titles')).code).toBe(0);
    await project.database.query(byHand);
    const { code, document, sentences } = await driftOf(project, '--ignore', 'cron.*', '--ignore', 'jobs.*');
    expect({ code, sentences }).toEqual({ code: 3, sentences: changed });
    expect(document).toMatchObject({ isValid: false, applied: 4, ignored: 4 });
    project.write('kat.conf.yaml', `${project.read('kat.conf.yaml')}verify:\n  ignore: cron.*, jobs.*\n`);
    expect((await driftOf(project)).sentences).toEqual(changed);
  });

  test('--strict-drift applies nothing', async () => {
    project.addMigration('5_more', { up: 'CREATE TABLE more (id int);', parents: [3] });
    const { code, stderr } = await project.kat('up --strict-drift', { timeoutMs });
    expect(code).toBe(3);
    expect(stderr).toContain('the database has 8 differences from the schema of its applied migrations');
    expect(stderr).toContain('index public.hot was added');
    expect(await project.applied()).not.toContain('5_more');
    rmSync(join(project.folder, 'migrations/5_more'), { recursive: true });
  });

  test('text: SQL that deletes rows is a comment; github and sarif have the sentences', async () => {
    const text = await project.kat('drift', { timeoutMs });
    expect(text.code).toBe(3);
    expect(text.stdout).toMatch(
      /\nTo keep all differences in a migration, run `kat drift --adopt NAME`\.\n$/,
    );
    expect(text.stdout).toContain(
      [
        'table public.tmp_fix was added',
        '  to undo it (can lose rows or values):',
        '    -- DROP TABLE public.tmp_fix;',
        '  to keep it:',
        '    CREATE TABLE public.tmp_fix (',
        '      a integer NOT NULL,',
        '      CONSTRAINT tmp_fix_pkey PRIMARY KEY (a)',
        '    );',
        '',
      ].join('\n'),
    );
    expect(text.stdout).toContain(
      '  to keep it:\n    ALTER TABLE public.users RENAME COLUMN role TO kind;\n',
    );
    expect(text.stdout).toContain('8 differences from the schema of 4 applied migrations (4 ignored)\n');
    const { stdout } = await project.kat('drift --format sarif', { timeoutMs });
    const { runs } = JSON.parse(stdout);
    expect(runs[0].results.map(({ message }: { message: { text: string } }) => message.text)).toContainEqual(
      expect.stringContaining('index public.hot was added. Put back: DROP INDEX public.hot.'),
    );
  });

  test('a dry run of --adopt says what it would write, and writes nothing', async () => {
    const ids = project.ids();
    const applied = await project.applied();
    for (const [args, env] of [
      ['drift --adopt hot_fix --dry-run', {}],
      ['drift --adopt hot_fix', { KAT_DRY_RUN: 'true' }],
    ] as const) {
      const run = await project.kat(args, { env, timeoutMs });
      expect(run.code, run.stderr).toBe(3);
      expect(run.stdout).toMatch(
        /\nDRY RUN: Would write a migration `hot_fix` with the parents 3_titles(,| and) 4_other_branch, and record it as applied\n$/,
      );
    }
    const { document } = await driftOf(project, '--adopt', 'hot fix', '--dry-run');
    expect(document).toMatchObject({ planned: { name: 'hot_fix', parents: ['3_titles', '4_other_branch'] } });
    expect(project.ids()).toEqual(ids);
    expect(await project.applied()).toEqual(applied);
    expect((await project.kat('drift --dry-run')).stderr).toContain('`--dry-run` requires `--adopt`');
    expect((await project.kat("drift --adopt '!' --dry-run", { timeoutMs })).code).toBe(2);
  });

  test('what is taken over is a migration that does the same elsewhere; its way back restores the schema', async () => {
    const { code, document } = await driftOf(project, '--adopt', 'hot fix');
    expect({ code, differences: document.differences }).toEqual({ code: 0, differences: [] });
    expect(document).toMatchObject({ adopted: { parents: ['3_titles', '4_other_branch'] }, applied: 5 });
    const adopted = project.ids().find((id) => id.endsWith('_hot_fix'));
    expect(project.read(`migrations/${adopted}/down.sql`)).toMatch(
      /^-- Can lose rows or values of column public.posts.title, table public.tmp_fix, column public.users.note\.\n/,
    );
    const other = await freshDatabase(majors().at(-1) as number);
    const env = { KAT_MIGRATION_DATABASE_URL: other.url };
    expect((await project.kat('up', { env })).code).toBe(0);
    expect((await project.kat('drift', { env, timeoutMs })).code).toBe(0);
    expect((await project.kat('down --yes', { env })).code).toBe(0);
    expect((await project.kat('drift', { env, timeoutMs })).code).toBe(0);
    await other.drop();
  });
});

describe('SQL that the folder does not have any more', () => {
  test('comes from git by its checksum; what git does not have is said', async () => {
    const project = await projectOn(majors().at(-1) as number, { migrations });
    commitAll(project.folder);
    await project.migrate();
    rmSync(join(project.folder, 'migrations/4_other_branch'), { recursive: true });
    project.write('migrations/2_posts/up.sql', 'CREATE TABLE posts (id int);\n');
    commitAll(project.folder);
    expect(await driftOf(project)).toMatchObject({ code: 0, document: { applied: 4, assumptions: [] } });
    rmSync(join(project.folder, '.git'), { recursive: true });
    const unknown = await project.kat('drift', { timeoutMs });
    expect(unknown.code).toBe(5);
    expect(unknown.stderr).toContain(
      'the SQL of 4_other_branch is neither in the migrations folder nor in git',
    );
    project.addMigration('4_other_branch', migrations['4_other_branch']);
    const assumed = await driftOf(project);
    expect(assumed.document.assumptions).toMatchObject([{ migration: '2_posts' }]);
  });
});

test('what a pending migration creates is to be recorded, not dropped', async () => {
  const project = await projectOn(majors().at(-1) as number, { migrations });
  await project.migrate();
  await project.kat('stamp 3_titles 4_other_branch --delete --yes');
  await project.database.query('CREATE TABLE tmp_fix (a int)');
  const { document } = await driftOf(project);
  const differences = document.differences as { object: string; createdBy?: string }[];
  expect(Object.fromEntries(differences.map(({ object, createdBy }) => [object, createdBy]))).toEqual({
    'column public.posts.title': '3_titles',
    'index public.posts_title': '3_titles',
    'table public.tags': '4_other_branch',
    'table public.tmp_fix': undefined,
  });
  const text = (await project.kat('drift')).stdout;
  expect(text).toContain(
    'table public.tags was added\n  4_other_branch creates it and is pending: if it ran on this database, record it and its ancestors with `kat stamp 4_other_branch`\n',
  );
  expect(text).toMatch(/\nFirst record the pending migrations that ran on this database: .*\n$/);
  expect((await project.kat('drift --format github')).stdout).toContain(
    'with `kat stamp 4_other_branch`. Put back',
  );
  await project.kat('stamp 3_titles 4_other_branch');
  expect((await driftOf(project)).sentences).toEqual(['table public.tmp_fix was added']);
});

test('migrations without statements, such as of `kat merge`, are no drift', async () => {
  const project = await projectOn(majors().at(-1) as number, { migrations });
  expect(await project.kat('merge')).toMatchObject({ code: 0 });
  expect(await project.kat('up')).toMatchObject({ code: 0 });
  expect(await driftOf(project)).toMatchObject({ code: 0, sentences: [] });
});

/** Objects whose text PostgreSQL keeps as it was written, line ends included. */
const written = `CREATE TABLE notes (id int, body text DEFAULT 'one
two', CONSTRAINT lines CHECK (body <> 'a
b'));
COMMENT ON TABLE notes IS 'first
second';
CREATE FUNCTION twice(n int) RETURNS int LANGUAGE plpgsql AS $$
BEGIN
  RETURN n * 2;
END $$;
CREATE VIEW letters AS SELECT 'x
y'::text AS letter;`;

describe('line ends of the checkout', () => {
  test.each([
    ['applied with LF, checked out with CRLF', '\n', '\r\n'],
    ['applied with CRLF, checked out with LF', '\r\n', '\n'],
  ])('%s are no drift', async (_, applied, checkedOut) => {
    const withEnds = (ends: string) => written.replaceAll('\n', ends);
    const project = await projectOn(majors().at(-1) as number, {
      migrations: { '1_notes': withEnds(applied) },
    });
    await project.migrate();
    project.addMigration('1_notes', withEnds(checkedOut));
    expect(await driftOf(project)).toMatchObject({ code: 0, sentences: [] });
    expect(await project.kat('up --strict-drift', { timeoutMs })).toMatchObject({ code: 0 });
    await project.database.query(
      "CREATE OR REPLACE FUNCTION twice(n int) RETURNS int LANGUAGE plpgsql AS 'BEGIN RETURN n * 3; END'",
    );
    expect((await driftOf(project)).sentences).toEqual([
      'function public.twice(integer) was changed: definition differs',
    ]);
  });
});

test('a run that is under way is waited for', async () => {
  const project = await projectOn(majors().at(-1) as number, { migrations });
  await project.migrate();
  const runner = new pg.Client({ connectionString: project.database.url });
  await runner.connect();
  await runner.query(
    `SELECT pg_advisory_lock(${lockKey({ schema: 'public', table: 'migrations' }, 'runner')})`,
  );
  const run = await project.kat('drift', { env: { KAT_LOCK_WAIT: '0' } });
  await runner.end();
  expect(run.code).toBe(4);
});

test('nothing is left of what cannot be taken over, because another run has the lock', async () => {
  const project = await projectOn(majors().at(-1) as number, { migrations });
  await project.migrate();
  await project.database.query('ALTER TABLE tags ADD x int');
  const reader = new pg.Client({ connectionString: project.database.url });
  await reader.connect();
  // A lock that is shared lets the comparison through, and nothing that writes.
  await reader.query(
    `SELECT pg_advisory_lock_shared(${lockKey({ schema: 'public', table: 'migrations' }, 'runner')})`,
  );
  const ids = project.ids();
  const run = await project.kat('drift --adopt fix', { env: { KAT_LOCK_WAIT: '0' }, timeoutMs });
  expect(run.code).toBe(4);
  expect(project.ids()).toEqual(ids);
  await reader.end();
  expect((await project.kat('up')).stdout).toContain('No migration(s) to apply');
  expect((await project.kat('drift --adopt fix', { timeoutMs })).code).toBe(0);
});

test('the SQL of a difference says where a password is hidden', async () => {
  const project = await projectOn(majors().at(-1) as number, { migrations });
  await project.migrate();
  const address = "SELECT 'postgres://ada:hunter22@db/app'::text AS address";
  await project.database.query(`CREATE VIEW public.peers AS ${address}`);
  const { stdout } = await project.kat('drift', { timeoutMs });
  expect(stdout).toContain('  to keep it, with the password in place of ***:\n    CREATE VIEW public.peers');
  expect(stdout).not.toContain('hunter22');
});

test('a migration that meets the tables of Kat in the catalogs is told so', async () => {
  const up = `CREATE TABLE users (email text UNIQUE);
DO $$ DECLARE r record; BEGIN
  FOR r IN SELECT c.relname, o.conname FROM pg_constraint o JOIN pg_class c ON c.oid = o.conrelid
    WHERE o.contype = 'u' AND c.relnamespace::regnamespace::text !~ '^pg_' LOOP
    EXECUTE format('ALTER TABLE %I RENAME CONSTRAINT %I TO %I', r.relname, r.conname, 'uq_' || r.conname);
  END LOOP;
END $$;`;
  const project = await projectOn(majors().at(-1) as number, { migrations: { '1_names': up } });
  await project.migrate();
  for (const [command, schema] of [
    ['schema', 'kat_build'],
    ['drift', 'kat_build'],
    ['verify', 'kat_verify'],
  ] as const) {
    const { stdout, stderr } = await project.kat(command, { timeoutMs });
    expect(stdout + stderr, command).toContain(
      `The migration changes tables that it finds in the catalogs, and it found Kat's own table ${schema}.migrations.`,
    );
  }
});

test('an index whose build failed is called INVALID, can be put back, and is not taken over', async () => {
  const rows = 'CREATE TABLE pairs (i int); INSERT INTO pairs VALUES (1), (1)';
  const project = await projectOn(majors().at(-1) as number, { migrations: { '1_pairs': rows } });
  await project.migrate();
  await expect(
    project.database.query('CREATE UNIQUE INDEX CONCURRENTLY once ON pairs (i)'),
  ).rejects.toThrow();
  const { code, stdout } = await project.kat('drift', { timeoutMs });
  expect(code).toBe(3);
  expect(stdout).toBe(`index public.once was added, and is INVALID: its build failed
  to undo it:
    DROP INDEX public.once;
1 difference from the schema of 1 applied migration
`);
  const adopted = await project.kat('drift --adopt once', { timeoutMs });
  expect(adopted.code).toBe(2);
  expect(adopted.stderr).toContain('there is no difference that SQL can keep');
});

test('--adopt says that the migration is written and recorded, even if its schema cannot be built', async () => {
  const rows = 'CREATE TABLE pairs (i int); INSERT INTO pairs VALUES (1), (1)';
  const project = await projectOn(majors().at(-1) as number, { migrations: { '1_pairs': rows } });
  await project.migrate();
  await project.database.query('DELETE FROM pairs; CREATE UNIQUE INDEX once ON pairs (i)');
  const run = await project.kat(['drift', '--adopt', 'keep'], { timeoutMs });
  expect(run).toMatchObject({ code: 5, stderr: expect.stringContaining('the schema cannot be built') });
  const [, id] = /Kat wrote (\d+_keep) and recorded it as applied\./.exec(run.stderr) ?? [];
  expect(await project.kat(['status'])).toMatchObject({ stdout: expect.stringContaining(`✓ ${id}`) });
});

test('the throwaway database of another major is on the server, and is dropped', async () => {
  const project = await projectOn(await ownServer(majors()[0] as number), { migrations });
  await project.migrate();
  await project.database.query('ALTER TABLE tags ADD x int');
  const { code, sentences } = await driftOf(project);
  expect({ code, sentences }).toEqual({ code: 3, sentences: ['column public.tags.x was added'] });
  expect(
    await project.database.query(`SELECT datname FROM pg_database WHERE datname ~ '^kat_verify_'`),
  ).toEqual([]);
});

const setLimit = 'ALTER ROLE kat_drift_role CONNECTION LIMIT 7';

test.each([
  ['a statement', setLimit],
  ['a block', `DO $$ BEGIN ${setLimit}; END $$`],
  ['dynamic SQL', `DO $$ BEGIN EXECUTE '${setLimit}'; END $$`],
])('roles of a server are not touched by %s', async (_what, up) => {
  const project = await projectOn(majors()[0] as number, { migrations: { '1_limit': up } });
  const { database } = project;
  await database.query('CREATE ROLE kat_drift_role');
  try {
    await project.migrate();
    await database.query('ALTER ROLE kat_drift_role CONNECTION LIMIT 3');
    project.write('schema.sql', up);
    const runs = [['drift'], ['schema'], ['diff', 'schema.sql', '1_limit']];
    for (const [command = '', ...args] of runs) {
      const run = await project.kat([command, ...args, '--on', database.url], { timeoutMs });
      expect(run, command).toMatchObject({ code: 2, stdout: '' });
      expect(run.stderr).toContain(
        'changes the role kat_drift_role, which all databases of the server share',
      );
    }
    const limits = await database.query(
      "SELECT rolconnlimit AS limit FROM pg_roles WHERE rolname = 'kat_drift_role'",
    );
    expect(limits).toEqual([{ limit: 3 }]);
  } finally {
    await database.query('DROP ROLE kat_drift_role');
  }
});

test('diff: a database, migrations, a git revision and a file', async () => {
  const project = await projectOn(majors().at(-1) as number, { migrations });
  commitAll(project.folder);
  await project.migrate();
  const same = await project.kat(['diff', project.database.url, 'git:HEAD'], { timeoutMs });
  expect(same).toEqual({ code: 0, stdout: 'the schemas are equal\n', stderr: '' });
  const states = await project.kat('diff 2_posts,4_other_branch heads --ignore public.posts_title', {
    timeoutMs,
  });
  expect(states).toMatchObject({ code: 3, stderr: '' });
  expect(states.stdout).toBe(
    [
      'column public.posts.title was added',
      '  from second to first (can lose rows or values):',
      '    -- ALTER TABLE public.posts DROP COLUMN title;',
      '  from first to second:',
      '    ALTER TABLE public.posts ADD COLUMN title character varying(20);',
      '1 difference (1 ignored)',
      '',
    ].join('\n'),
  );
  project.write('schema.sql', migrations['4_other_branch'].up);
  const file = documentOf(await project.kat('diff schema.sql 4_other_branch --json', { timeoutMs }));
  expect(file.differences).toMatchObject([
    { object: 'table public.users' },
    { object: 'view public.emails' },
  ]);
  const unknown = await project.kat('diff nothing heads');
  expect(unknown).toMatchObject({ code: 2, stderr: expect.stringContaining('"nothing" names no schema') });
});

test('a database that quotes all names has no drift for that', async () => {
  const project = await projectOn(majors().at(-1) as number, {
    migrations: { '1_t': 'CREATE TABLE t (id int);' },
  });
  await project.migrate();
  await project.database.query(`ALTER DATABASE ${project.database.name} SET quote_all_identifiers = on`);
  const run = await project.kat('drift', { timeoutMs });
  expect(run).toMatchObject({ code: 0, stderr: '' });
  expect(run.stdout).toBe('the database has the schema of its 1 applied migration\n');
});

test('what a role needs to apply migrations is no drift', async () => {
  const project = await projectOn(majors().at(-1) as number, {
    migrations: { '1_t': 'CREATE TABLE t (id int);' },
  });
  const { database } = project;
  const role = `deploys_${database.name}`;
  await database.query(
    `CREATE ROLE ${role} LOGIN PASSWORD 'postgres'; GRANT CREATE, USAGE ON SCHEMA public TO ${role}`,
  );
  const url = database.url.replace(/\/\/[^@]*@/, `//${role}:postgres@`);
  try {
    expect((await project.kat('up', { env: { KAT_MIGRATION_DATABASE_URL: url } })).code).toBe(0);
    const run = await project.kat('drift', { env: { KAT_MIGRATION_DATABASE_URL: url } });
    expect(run).toMatchObject({ code: 0, stderr: '' });
    await database.query('GRANT CREATE ON SCHEMA public TO pg_monitor');
    const other = await project.kat('drift', { env: { KAT_MIGRATION_DATABASE_URL: url } });
    expect(other).toMatchObject({ code: 3 });
    expect(other.stdout).toContain('privileges of pg_monitor on schema public were added');
  } finally {
    await database.query(`DROP OWNED BY ${role} CASCADE; DROP ROLE ${role}`);
  }
});
