/** `kat baseline`: a database that was there before Kat gets a root migration that makes the same schema. */
import { execFileSync, spawnSync } from 'node:child_process';
import { describe, expect, test } from 'vitest';
import { freshDatabase, majors, type TestDatabase } from '../support/database.js';
import { documentOf } from '../support/document.js';
import { fakePgDump, usersDump } from '../support/fake-pg-dump.js';
import { type DatabaseProject, makeProject, projectOn } from '../support/kat-project.js';

const existing = `
CREATE SCHEMA audit;
CREATE TYPE mood AS ENUM ('good', 'bad');
CREATE TABLE users (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, email text UNIQUE, mood mood DEFAULT 'good');
CREATE TABLE posts (id serial PRIMARY KEY, author bigint REFERENCES users, body text);
CREATE INDEX ON posts (author);
CREATE TABLE audit.log (at timestamptz, said text) PARTITION BY RANGE (at);
CREATE TABLE audit.log_2026 PARTITION OF audit.log FOR VALUES FROM ('2026-01-01') TO ('2027-01-01');
CREATE VIEW good AS SELECT id, email FROM users WHERE mood = 'good';
CREATE FUNCTION count_users() RETURNS bigint LANGUAGE sql STABLE AS 'SELECT count(*) FROM public.users';
CREATE MATERIALIZED VIEW "All good" AS SELECT *, count_users() AS n FROM good;
CREATE VIEW again AS SELECT * FROM "All good";
CREATE MATERIALIZED VIEW best AS SELECT * FROM again;
CREATE MATERIALIZED VIEW later AS SELECT 1 AS one WITH NO DATA;
CREATE FUNCTION twice(n int) RETURNS int LANGUAGE plpgsql AS $$
BEGIN
-- \\restrict is no command here
RETURN n * 2;
END $$;
COMMENT ON TABLE users IS 'people, with '' and \\';
INSERT INTO users (email) VALUES ('ada@example.com');`;

/** The major version of the pg_dump on the PATH; 0 where there is none. */
const installed = Number.parseInt(
  /\d+/.exec(spawnSync('pg_dump', ['--version'], { encoding: 'utf8' }).stdout ?? '')?.[0] ?? '0',
  10,
);

/** The schema as pg_dump sees it, without what is Kat's. */
function schemaOf({ url }: TestDatabase): string {
  const text = execFileSync(
    'pg_dump',
    ['--schema-only', '--exclude-table=migrations*', '--exclude-table=kat.*', url],
    { encoding: 'utf8' },
  );
  return text.replace(/^\\(un)?restrict .*$/gm, '');
}

/** The migrations of a project on an empty database of the same server. */
async function installElsewhere(project: DatabaseProject, major: number): Promise<TestDatabase> {
  const database = await freshDatabase(major);
  project.write('other.yaml', `${project.read('kat.conf.yaml').replace(project.database.url, database.url)}`);
  const run = await project.kat('up --config other.yaml');
  expect(run.code, run.stderr).toBe(0);
  return database;
}

describe.each(majors())('PostgreSQL %i', (major) => {
  test('what pg_dump writes becomes a migration, recorded as applied, that makes the same schema', async () => {
    const project = await projectOn(major);
    // Since PostgreSQL 17, a refresh leaves the search path of the session aside.
    await project.database.query(existing.replace('public.users', major < 17 ? 'users' : 'public.users'));
    const run = await project.kat('baseline');
    if (installed < major) {
      expect(run).toMatchObject({ code: 2, stderr: expect.stringContaining(`pg_dump ${major} or newer`) });
      expect(project.ids()).toEqual([]);
      return;
    }
    expect(run.code, run.stderr).toBe(0);
    const [id = ''] = project.ids();
    expect(run.stdout).toMatch(
      new RegExp(
        `Wrote migrations/${id}/up.sql: \\d+ statements?, by pg_dump ${installed}\\..*\nRecorded ${id} as applied\n$`,
      ),
    );
    expect(await project.applied()).toEqual([id]);
    expect(project.read(`migrations/${id}/up.sql`)).not.toMatch(/migrations|ada@example|^\\/m);
    expect((await project.kat('status')).stdout).not.toContain('changed');
    const other = await installElsewhere(project, major);
    expect(schemaOf(other)).toBe(schemaOf(project.database));
    expect(await other.query('SELECT * FROM "All good", best')).toEqual([]);
    await expect(other.query('SELECT * FROM later')).rejects.toThrow('has not been populated');
    await other.drop();
    const down = await project.kat('down');
    expect(down).toMatchObject({ code: 2, stderr: expect.stringContaining('_baseline has no down.sql') });
  });

  test('a materialized view that fails on empty tables stays without data elsewhere, and says why', async () => {
    if (installed < major) return expect(installed).toBeLessThan(major);
    const project = await projectOn(major);
    await project.database.query(`CREATE TABLE users (id int); INSERT INTO users VALUES (1);
      CREATE MATERIALIZED VIEW "share 100%$kat$" AS SELECT 100 / count(*) AS share FROM users;
      CREATE MATERIALIZED VIEW users_now AS SELECT * FROM users;`);
    expect((await project.kat('baseline')).code).toBe(0);
    const database = await freshDatabase(major);
    project.write('other.yaml', project.read('kat.conf.yaml').replace(project.database.url, database.url));
    const run = await project.kat('up --config other.yaml');
    expect(run.code, run.stderr).toBe(0);
    expect(run.stdout + run.stderr).toContain(
      '"public"."share 100%$kat$" stays without data: division by zero',
    );
    expect(await database.query('SELECT * FROM users_now')).toEqual([]);
    await database.drop();
  });

  test('a tracking table in a schema of its own, and one that shares it', async () => {
    if (installed < major) return expect(installed).toBeLessThan(major);
    for (const shared of ['', 'CREATE TABLE kat.tools (id int)']) {
      const project = await projectOn(major);
      project.write(
        'kat.conf.yaml',
        `${project.read('kat.conf.yaml')}migration:\n  tablename: kat.migrations\n`,
      );
      await project.database.query(`CREATE SCHEMA kat; CREATE TABLE users (id int); ${shared}`);
      const run = await project.kat('baseline');
      expect(run.code, run.stderr).toBe(0);
      const sql = project.read(`migrations/${project.ids()[0]}/up.sql`);
      expect(sql.includes('kat.tools')).toBe(shared !== '');
      expect(sql).not.toContain('migrations');
      const other = await freshDatabase(major);
      await other.query('CREATE SCHEMA kat');
      project.write('other.yaml', project.read('kat.conf.yaml').replace(project.database.url, other.url));
      expect((await project.kat('up --config other.yaml')).code).toBe(0);
      await other.drop();
    }
  });

  test('what is left out is named: comments on extensions, privileges and owners', async () => {
    const project = await projectOn(major);
    const role = `owner_${project.database.name}`;
    const comment = `--
-- Name: EXTENSION citext; Type: COMMENT; Schema: -; Owner: -
--

COMMENT ON EXTENSION citext IS 'data type';


`;
    const { program } = fakePgDump(
      project,
      usersDump.replace('--\n-- Name: users;', `${comment}--\n-- Name: users;`),
    );
    await project.database.query(
      `CREATE ROLE ${role}; CREATE TABLE users (id int, secret int); CREATE TABLE mine (id int); ALTER TABLE mine OWNER TO ${role};
       CREATE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT 1'; GRANT SELECT (id) ON users TO ${role}; REVOKE ALL ON FUNCTION f() FROM public`,
    );
    const run = await project.kat(['baseline', '--pg-dump', program]);
    expect(run.code, run.stderr).toBe(0);
    expect(run.stdout).toContain('Note: the comments on extensions are left out (citext)');
    expect(run.stdout).toContain('Note: the privileges on 2 objects are left out: --privileges keeps them');
    expect(run.stdout).toContain(`Note: the owners ${role} are left out`);
    expect(project.read(`migrations/${project.ids()[0]}/up.sql`)).not.toContain('COMMENT ON EXTENSION');
    const other = makeProject({
      config: project.read('kat.conf.yaml').concat('migration:\n  tablename: others\n'),
    });
    const kept = documentOf(
      await other.kat(['baseline', '--pg-dump', program, '--privileges', '--no-record', '--json']),
    );
    expect(kept.leftOut).toEqual([expect.stringContaining('comments on extensions')]);
    await project.database.query(`DROP OWNED BY ${role} CASCADE; DROP ROLE ${role}`);
  });

  test('passwords in the dump are named, and not shown', async () => {
    const project = await projectOn(major);
    const servers = `CREATE SERVER other FOREIGN DATA WRAPPER w OPTIONS (
    host 'elsewhere'
);

CREATE USER MAPPING FOR public SERVER other OPTIONS (
    password 'hunter2secret',
    "user" 'u'
);


`;
    const { program } = fakePgDump(
      project,
      usersDump.replace('--\n-- Name: users;', `${servers}--\n-- Name: users;`),
    );
    const run = await project.kat(['baseline', '--pg-dump', program]);
    expect(run.stdout).toContain(
      'Note: there may be a password in `CREATE USER MAPPING FOR public SERVER other`: remove it before you commit the file, then run `kat repair`\n',
    );
    expect(run.stdout).not.toContain('CREATE SERVER');
    expect(run.stdout).not.toContain('hunter2');
    expect(project.read(`migrations/${project.ids()[0]}/up.sql`)).toContain('hunter2secret');
  });

  test('pg_dump connects as Kat does, and its command line holds no password', async () => {
    const project = await projectOn(major);
    const neighbour = makeProject({
      config: `migration:\n  tablename: others\ndatabase:\n  url: ${project.database.url}\n`,
      migrations: { '1_other': 'SELECT 1;' },
    });
    expect((await neighbour.kat('up')).code).toBe(0);
    const { program, called } = fakePgDump(project);
    const line = ['baseline', '--pg-dump', program, '--schema', 'public', '--json', '--name', 'Old one'];
    const document = documentOf(
      await project.kat(line, { env: { PGDATABASE: 'elsewhere', PGSSLMODE: 'allow' } }),
    );
    const [id] = project.ids();
    expect(document).toEqual({
      ...{ command: 'baseline', ok: true, isDryRun: false, isRecorded: true },
      ...{ author: 'pg_dump 99.1', statements: 5, id, parents: [], files: expect.anything() },
    });
    const { args, env } = called();
    const { host, port, user, password, name } = project.database;
    expect(args).toEqual(
      expect.arrayContaining([
        '--schema="public"',
        '--exclude-table="public"."migrations"',
        '--exclude-table="public"."migrations_log"',
        '--exclude-table="public"."migrations_id_seq"',
        '--exclude-table="public"."others"',
        '--exclude-table="public"."others_log"',
        '--exclude-table="public"."others_id_seq"',
        '--no-owner',
      ]),
    );
    expect(env).toMatchObject({
      ...{ PGHOST: host, PGPORT: String(port), PGUSER: user, PGPASSWORD: password, PGDATABASE: name },
    });
    expect(args.join(' ')).not.toContain('postgres://');
    expect(id).toMatch(/_old_one$/);
    expect(project.read(`migrations/${id}/up.sql`)).toContain('CREATE SCHEMA IF NOT EXISTS public;');
    const other = await installElsewhere(project, major);
    await other.drop();
  });

  test('--no-record and a dry run leave the database alone', async () => {
    const project = await projectOn(major);
    const { program, called } = fakePgDump(project);
    const dry = await project.kat(['baseline', '--pg-dump', program, '--dry-run', '--privileges']);
    expect(dry.stdout).toContain('DRY RUN: Would write a migration of 5 statements, by pg_dump 99.1');
    expect(project.ids()).toEqual([]);
    expect(called().args).not.toContain('--no-owner');
    const run = await project.kat(['baseline', '--no-record'], { env: { KAT_PG_DUMP: program } });
    expect(run.stdout).toContain('Recorded nothing in the database');
    expect(project.ids()).toHaveLength(1);
    expect(await project.database.query("SELECT FROM pg_class WHERE relname ~ '^migrations'")).toEqual([]);
  });

  test('what cannot be is refused, and nothing is left behind', async () => {
    const project = await projectOn(major);
    const refusals = async (args: readonly string[], words: string) => {
      const run = await project.kat(['baseline', ...args]);
      expect(run.code, run.stderr).toBe(2);
      expect(run.stderr).toContain(words);
      expect(project.ids()).toEqual([]);
    };
    await refusals(['--pg-dump', 'no-such-program'], `pg_dump ${major} or newer (postgresql-client-${major}`);
    await refusals(
      ['--pg-dump', fakePgDump(project, '', '9.6.1').program],
      'pg_dump 9.6.1 is older than the server',
    );
    await refusals(
      ['--schema', 'none', '--pg-dump', fakePgDump(project, '').program],
      'there is no schema "none"',
    );
    const invalid = usersDump.replace('CREATE SCHEMA public;', 'VACUUM;');
    await refusals(
      ['--pg-dump', fakePgDump(project, invalid).program],
      'VACUUM cannot run inside a transaction',
    );
    const { program } = fakePgDump(project);
    await project.database.query("ALTER TABLE migrations ADD CONSTRAINT none CHECK (name = '')");
    await refusals(['--pg-dump', program], 'violates check constraint');
    await project.database.query('ALTER TABLE migrations DROP CONSTRAINT none');
    project.addMigration('1_first', 'SELECT 1;');
    expect((await project.kat('baseline')).stderr).toContain('already has 1 migration');
    await project.migrate();
    project.write('other.yaml', `${project.read('kat.conf.yaml')}migration:\n  directory: empty\n`);
    expect((await project.kat('baseline --config other.yaml')).stderr).toContain(
      'this database already has 1 applied migration',
    );
  });
});

test('the embedded database has no pg_dump, and the message says what to do', async () => {
  const project = makeProject();
  await project.kat('init --driver pglite');
  const run = await project.kat('baseline --json');
  expect(run.code).toBe(2);
  expect(documentOf(run).error).toMatchObject({
    code: 'USAGE',
    message: expect.stringContaining('PGlite has no pg_dump'),
    help: expect.stringContaining('kat stamp'),
  });
  expect(project.ids()).toEqual([]);
}, 120_000);
