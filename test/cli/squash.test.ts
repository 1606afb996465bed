/** `kat squash`: many migrations become one that keeps the last one's id, and databases that have them need nothing. */
import { spawnSync } from 'node:child_process';
import { existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { commandMajors, freshDatabase, type TestDatabase } from '../support/database.js';
import { documentOf } from '../support/document.js';
import { fakePgDump } from '../support/fake-pg-dump.js';
import { commitAll } from '../support/git.js';
import {
  contentOf,
  type DatabaseProject,
  makeProject,
  type Project,
  type ProjectSource,
  projectOn,
} from '../support/kat-project.js';
import { runWithPsql } from '../support/run-script.js';

const migrations: NonNullable<ProjectSource['migrations']> = {
  '1_users': { up: 'CREATE TABLE users (id int);', down: 'DROP TABLE users;' },
  '2_posts': {
    up: 'BEGIN;\nSET search_path = blog;\nCREATE TEMP TABLE work ();\nCREATE TABLE public.posts (id int) -- done\n',
    down: 'DROP TABLE posts -- gone',
    parents: [1],
  },
  '3_tags': {
    up: 'CREATE TEMP TABLE work ();\nCREATE TABLE tags (id int);',
    down: 'DROP TABLE tags;',
    parents: [1],
  },
  '4_join': { up: 'ALTER TABLE posts ADD tag int;', down: 'ALTER TABLE posts DROP tag;', parents: [2, 3] },
  '5_after': { up: 'CREATE TABLE files ();', down: 'DROP TABLE files;', parents: [4] },
};
(migrations['2_posts'] as { up: string }).up += ';\nCOMMIT;';

const former = ['1_users', '2_posts', '3_tags'];

async function committedOn(major: number, source: ProjectSource = { migrations }): Promise<DatabaseProject> {
  const project = await projectOn(major, source);
  commitAll(project.folder);
  return project;
}

/** Runs on another, empty database of the same server. */
async function onAnother<T>(
  project: DatabaseProject,
  major: number,
  work: (database: TestDatabase, kat: (args: string) => ReturnType<Project['kat']>) => Promise<T>,
): Promise<T> {
  const database = await freshDatabase(major);
  const config = project.read('kat.conf.yaml').replace(project.database.url, database.url);
  project.write('other.yaml', config);
  try {
    return await work(database, (args) => project.kat(`${args} --config other.yaml`));
  } finally {
    await database.drop();
  }
}

describe.each(commandMajors())('PostgreSQL %i', (major) => {
  test('databases that have all of it need nothing, and new ones get the same schema', async () => {
    const project = await committedOn(major);
    await project.migrate();
    const before = await contentOf(project.database);
    expect(
      documentOf(
        await project.kat(['squash', '--to', '4_join', '--yes', '--json', '--on', project.database.url]),
      ),
    ).toEqual({
      ...{ command: 'squash', ok: true, isDryRun: false, id: '4_join', replaces: former },
      ...{ hasDown: true, remarks: [], files: expect.anything() },
      proof: { isProven: true, server: expect.stringMatching(`^${major}\\b`), withRows: false },
    });
    expect(project.ids()).toEqual(['4_join', '5_after']);
    expect(project.read('migrations/4_join/metadata.yaml')).toContain(
      'parents: []\n\n# Former migrations that this migration replaces. Written by `kat squash`.\nreplaces:\n  - 1_users\n  - 2_posts\n  - 3_tags\n',
    );
    expect((await project.kat('up')).stdout).toContain('No migration(s) to apply');
    expect(await project.kat('up')).toMatchObject({ code: 0, stderr: '' });
    expect((await project.kat('status')).stdout).toMatch(/2 applied, 0 pending\n$/);
    expect((await project.kat('show 2_posts')).stdout).toContain('squashed into 4_join');
    expect((await project.kat('repair')).stdout).toContain('Nothing to repair');
    expect((await project.kat('sync --yes')).stdout).toContain('No migration(s)');
    const validated = await project.kat('validate --git-base none');
    expect(validated.code, validated.stdout).toBe(0);
    await onAnother(project, major, async (database, kat) => {
      const run = await kat('up');
      expect(run.code, run.stderr).toBe(0);
      expect(await contentOf(database)).toEqual(before);
      expect((await kat('down --all --yes')).code).toBe(0);
      expect(
        await database.query("SELECT FROM pg_class WHERE relname IN ('users', 'posts', 'tags')"),
      ).toEqual([]);
    });
  });

  test('going back takes all of it back, with the rows of all of them', async () => {
    const project = await committedOn(major);
    await project.migrate();
    await project.kat('squash --to 4_join --yes --no-verify');
    const run = await project.kat('down 4_join --yes');
    expect(run.code, run.stderr).toBe(0);
    expect(run.stdout).toContain('2 migration(s) rolled back');
    expect(await project.applied()).toEqual([]);
    expect(
      await project.database.query("SELECT FROM pg_class WHERE relname IN ('users', 'posts', 'tags')"),
    ).toEqual([]);
    expect(
      await project.database.query(
        "SELECT migration, outcome FROM migrations_log WHERE direction = 'down' ORDER BY id OFFSET 1",
      ),
    ).toEqual([
      ...former.map((migration) => ({ migration, outcome: 'stamped' })),
      { migration: '4_join', outcome: 'succeeded' },
    ]);
    expect((await project.kat('up')).stdout).toContain('2 migration(s) applied');
    expect(await project.applied()).toEqual(['4_join', '5_after']);
    await project.kat('redo 4_join --yes');
    expect(await project.applied()).toEqual(['4_join', '5_after']);
  });

  test('a database that has only a part of it is told what to do', async () => {
    const project = await committedOn(major);
    await project.kat('up --count 2');
    await project.kat('squash --to 4_join --yes --no-verify');
    for (const args of ['up', 'up --allow-missing', 'up --to 4_join --allow-missing', 'up --dry-run']) {
      const run = await project.kat(args);
      expect(run.code, args).toBe(3);
      expect(run.stderr).toContain('4_join was squashed, and this database has only 2 of the 4 migrations');
      expect(run.stderr).toContain('3_tags is not applied');
      expect(run.stderr).toContain('`kat up --to 4_join` there');
    }
    expect(await project.applied()).toEqual(['1_users', '2_posts']);
    const synced = await project.kat('sync --yes');
    expect(synced.code, synced.stderr).toBe(0);
    expect(await project.applied()).toEqual(['4_join', '5_after']);
  });

  test('what comes later may be squashed again', async () => {
    const project = await committedOn(major);
    await project.migrate();
    await project.kat('squash --to 4_join --yes --no-verify');
    commitAll(project.folder);
    expect(documentOf(await project.kat('squash --to 5 --yes --json --no-verify'))).toMatchObject({
      id: '5_after',
      replaces: [...former, '4_join'],
    });
    expect((await project.kat('status')).stdout).toMatch(/1 applied, 0 pending\n$/);
    expect((await project.kat('stamp --delete 5_after --yes')).code).toBe(0);
    expect(await project.applied()).toEqual([]);
  });

  test('the script of a rollback takes the rows of all of them, too', async () => {
    const project = await committedOn(major);
    await project.migrate();
    await project.kat('squash --to 4_join --yes --no-verify');
    const { sql } = documentOf(await project.kat('plan down --all --sql --json'));
    const run = await runWithPsql(project.database, String(sql));
    expect(run.isDone, run.errors).toBe(true);
    expect(await project.applied()).toEqual([]);
    expect(
      await project.database.query(
        "SELECT migration FROM migrations_log WHERE direction = 'down' AND outcome = 'stamped' ORDER BY id",
      ),
    ).toEqual(former.map((migration) => ({ migration })));
  });

  test('so does one that runs statement by statement', async () => {
    const project = await projectOn(major, {
      migrations: { '1_a': 'SELECT 1;', '2_b': { up: 'SELECT 1;', parents: [1] } },
    });
    await project.migrate();
    rmSync(join(project.folder, 'migrations/1_a'), { recursive: true });
    project.write(
      'migrations/2_b/metadata.yaml',
      'name: 2_b\ntimestamp: 2\nreplaces: [1_a]\nno_transaction: true\n',
    );
    const run = await project.kat('down --yes');
    expect(run.code, run.stderr).toBe(0);
    expect(await project.applied()).toEqual([]);
  });

  test('an edit after the squash is an edit', async () => {
    const project = await committedOn(major);
    await project.kat('squash --to 4_join --yes --no-verify');
    await project.migrate();
    project.write('migrations/4_join/up.sql', `${project.read('migrations/4_join/up.sql')}SELECT 1;\n`);
    expect((await project.kat('status')).stdout).toContain('changed');
  });

  test('--dump writes down what the database has', async () => {
    const project = await committedOn(major);
    await project.kat('up --to 4_join');
    await project.database.query('CREATE SCHEMA extra');
    const { program } = fakePgDump(project);
    const document = documentOf(
      await project.kat([
        'squash',
        '--to',
        '4',
        '--dump',
        '--pg-dump',
        program,
        '--no-verify',
        '--yes',
        '--json',
      ]),
    );
    expect(document).toMatchObject({ id: '4_join', hasDown: true, remarks: [] });
    expect(project.read('migrations/4_join/up.sql')).toContain('CREATE TABLE public.users (');
    expect(
      await project.database.query(
        'SELECT migration, direction, outcome, parents::text FROM migrations_log ORDER BY id DESC LIMIT 1',
      ),
    ).toEqual([{ migration: '4_join', direction: 'up', outcome: 'repaired', parents: '{}' }]);
    expect((await project.kat('status')).stdout).toMatch(/1 applied, 1 pending\n$/);
  });

  test('--dump makes the same schema, if there is a fitting pg_dump', async () => {
    const view = { up: 'CREATE MATERIALIZED VIEW named AS SELECT * FROM tags;', parents: [2, 3] };
    const project = await committedOn(major, { migrations: { ...migrations, '4_join': view } });
    await project.kat('up --to 4_join');
    const before = await contentOf(project.database);
    const run = await project.kat('squash --to 4_join --dump --yes --on server');
    const found = spawnSync('pg_dump', ['--version'], { encoding: 'utf8' }).stdout ?? '';
    if (Number.parseInt(/\d+/.exec(found)?.[0] ?? '0', 10) < major) {
      expect(run).toMatchObject({ code: 2, stderr: expect.stringContaining(`pg_dump ${major} or newer`) });
      expect(project.ids()).toHaveLength(5);
      return;
    }
    expect(run.code, run.stderr).toBe(0);
    await onAnother(project, major, async (database, kat) => {
      expect((await kat('up --count 1')).code).toBe(0);
      expect(await contentOf(database)).toEqual(before);
    });
  });

  test('--dump wants a database with just these', async () => {
    const project = await committedOn(major);
    await project.migrate();
    const run = await project.kat('squash --to 4_join --dump --yes --no-verify');
    expect(run).toMatchObject({ code: 2, stderr: expect.stringContaining('also applied: 5_after') });
    await project.kat('down --count 2');
    expect((await project.kat('squash --to 4_join --dump --yes --no-verify')).stderr).toContain(
      'not applied: 4_join',
    );
    expect(project.ids()).toHaveLength(5);
  });
});

const config = 'database:\n  host: 127.0.0.1\n  port: 1\n';

test('what has no SQL in its down.sql is not said to be taken back', async () => {
  const project = makeProject({ config, migrations });
  project.write('migrations/2_posts/down.sql', '-- later\n');
  const { stdout } = await project.kat('squash --to 4 --force --dry-run --no-verify');
  expect(stdout).toContain('+ 4_join, which replaces them\n');
  expect(stdout).toContain('Note: what 2_posts did stays on a rollback');
});

test('shows what it would do and asks; a dry run changes nothing', async () => {
  const project = makeProject({ config, migrations });
  commitAll(project.folder);
  const before = project.snapshot();
  const unasked = await project.kat('squash --to 4 --no-verify');
  expect(unasked.code).toBe(2);
  expect(unasked.stdout).toBe(
    'Migrations to squash:\n  - 1_users\n  - 2_posts\n  - 3_tags\n  + 4_join, which replaces them, with a down.sql\nNot proven: the schemas before and after were not compared\n',
  );
  expect(unasked.stderr).toContain('Add --yes');
  const dry = await project.kat('squash --to 4 --dry-run --no-verify');
  expect(dry.stdout).toContain('DRY RUN: Would squash 4 migrations');
  expect(project.snapshot()).toEqual(before);
});

test('a set that others follow from its middle is refused', async () => {
  const project = makeProject({
    config,
    migrations: { ...migrations, '6_other': { up: 'SELECT 1;', parents: [2] } },
  });
  commitAll(project.folder);
  const run = await project.kat('squash --to 4 --yes --no-verify');
  expect(run.code).toBe(2);
  expect(run.stderr).toContain('other migrations depend on some of the ancestors');
  expect(run.stderr).toContain('6_other depends on 2_posts');
  expect((await project.kat('squash --to 1 --yes --no-verify')).stderr).toContain(
    'there is nothing to squash',
  );
  expect((await project.kat('squash --to heads --yes --no-verify')).stderr).toContain(
    '--to takes one migration',
  );
  expect((await project.kat('squash')).code).toBe(2);
});

test('what cannot share a transaction is refused', async () => {
  const project = makeProject({
    config,
    migrations: {
      '1_a': { up: 'CREATE TABLE a (id int);', down: 'DROP TABLE a;' },
      '2_b': { up: 'CREATE INDEX CONCURRENTLY ON a (id);', parents: [1], noTransaction: true },
      '3_c': { up: 'SELECT 1;', parents: [2] },
    },
  });
  commitAll(project.folder);
  const alone = await project.kat('squash --to 3 --yes --no-verify');
  expect(alone.code).toBe(2);
  expect(alone.stderr).toContain('2_b has no_transaction: true');
  project.addMigration('2_b', { up: 'SET TRANSACTION READ WRITE;', parents: [1] });
  expect((await project.kat('squash --to 3 --yes --force --no-verify')).stderr).toContain(
    '2_b has SET TRANSACTION',
  );
  project.addMigration('2_b', { up: 'SELEC 1;', parents: [1] });
  expect((await project.kat('squash --to 3 --yes --force --no-verify')).stderr).toContain('syntax error');
  expect(project.ids()).toHaveLength(3);
});

test('without a down.sql of each there is none; enums are worth a look', async () => {
  const project = makeProject({
    config,
    migrations: {
      '1_a': { up: "CREATE TYPE a AS ENUM ('x');", down: null },
      '2_b': { up: "ALTER TYPE a ADD VALUE 'y';", down: 'SELECT 1;', parents: [1] },
    },
  });
  commitAll(project.folder);
  const run = await project.kat('squash --to 2 --yes --no-verify');
  expect(run.stdout).toContain('Note: 2_b adds a value to an enum');
  expect(run.stdout).toContain('Note: there will be no down.sql, because 1_a has none');
  expect(existsSync(join(project.folder, 'migrations/2_b/down.sql'))).toBe(false);
});

test('a comparison with the base from before the squash finds nothing wrong with it', async () => {
  const project = makeProject({ config, migrations });
  commitAll(project.folder);
  await project.kat('squash --to 4 --yes --no-verify');
  const run = await project.kat('validate --git-base HEAD --offline');
  expect(run.code, run.stdout + run.stderr).toBe(0);
  expect(run.stdout).not.toMatch(/1_users|4_join/);
});

test('what git could not bring back is kept, unless --force says otherwise', async () => {
  const project = makeProject({ config, migrations });
  expect((await project.kat('squash --to 4 --yes --no-verify')).stderr).toContain(
    'git cannot restore the old folders',
  );
  commitAll(project.folder);
  project.write('migrations/2_posts/notes.txt', 'new');
  const dirty = await project.kat('squash --to 4 --yes --no-verify');
  expect(dirty.code).toBe(2);
  expect(dirty.stderr).toContain('2_posts has files that are not committed');
  expect(project.ids()).toHaveLength(5);
  project.write('.gitignore', 'notes.txt\n');
  commitAll(project.folder);
  expect((await project.kat('squash --to 4 --yes --no-verify')).code).toBe(2);
  project.write('migrations/4_join/README.md', 'kept');
  expect((await project.kat('squash --to 4 --yes --force --no-verify')).code).toBe(0);
  expect(project.read('migrations/4_join/README.md')).toBe('kept');
  expect(project.ids()).toEqual(['4_join', '5_after']);
});

test('a migration of another branch that follows a former one is told what to name', async () => {
  const project = makeProject({ config, migrations });
  commitAll(project.folder);
  await project.kat('squash --to 4 --yes --no-verify');
  project.addMigration('6_branch', { up: 'SELECT 1;', parents: [2] });
  const run = await project.kat('export');
  expect(run.stderr).toContain('no migration matches the parent "2" of 6_branch');
  expect(run.stderr).toContain('It was squashed into 4_join: name that migration instead.');
  project.addMigration('6_branch', { up: 'SELECT 1;', parents: [4] });
  project.addMigration('3_tags', 'SELECT 1;');
  expect((await project.kat('export')).stderr).toContain(
    '3_tags is replaced by 4_join, but it still has its folder',
  );
});

test('the same on the embedded database', async () => {
  const project = makeProject({ migrations });
  await project.kat('init --driver pglite');
  await project.kat('up');
  await project.kat('squash --to 4 --yes --force --no-verify');
  const down = documentOf(await project.kat('down --all --yes --json'));
  expect(down).toMatchObject({ migrations: [{ id: '5_after' }, { id: '4_join' }] });
  expect(documentOf(await project.kat('up --json'))).toMatchObject({ migrations: [{}, {}] });
}, 120_000);

/** Each leaves something in its session, in a way that the statement itself does not show; then the probe is made. */
const leaks: Readonly<Record<string, string>> = {
  'SET TIME ZONE': "DO $$ BEGIN SET TIME ZONE 'Asia/Tokyo'; END $$;",
  'SET SCHEMA': "CREATE SCHEMA s; DO $$ BEGIN SET SCHEMA 's'; END $$;",
  'a text that is put together':
    "DO $$ BEGIN EXECUTE 'SET date' || 'style = German'; EXECUTE 'SET search' || '_path = pg_catalog, public'; END $$;",
  set_config: "DO $$ BEGIN PERFORM set_config('Time' || 'Zone', 'Asia/Tokyo', false); END $$;",
  'a function':
    "CREATE FUNCTION f() RETURNS void LANGUAGE plpgsql AS 'BEGIN SET TIME ZONE 5; SET LOCAL my.setting = 1; END'; SELECT f();",
  'a trigger':
    "CREATE TABLE w (a int); CREATE FUNCTION g() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN SET TIME ZONE 5; RETURN NEW; END'; CREATE TRIGGER t BEFORE INSERT ON w FOR EACH ROW EXECUTE FUNCTION g(); INSERT INTO w VALUES (1);",
  'a temporary table': 'DO $$ BEGIN CREATE TEMP TABLE probe (a int); END $$;',
  'SET ROLE': "DO $$ BEGIN EXECUTE 'SET ROLE pg_monitor'; END $$;",
  'deferred constraints':
    'CREATE TABLE p (id int PRIMARY KEY); CREATE TABLE q (id int, p int REFERENCES p DEFERRABLE INITIALLY DEFERRED); INSERT INTO q VALUES (1, 1); INSERT INTO p VALUES (1);',
  'SET CONSTRAINTS':
    'CREATE TABLE p (id int PRIMARY KEY); CREATE TABLE q (id int, p int REFERENCES p DEFERRABLE); INSERT INTO p VALUES (1); INSERT INTO q VALUES (1, 1); SET CONSTRAINTS ALL DEFERRED; INSERT INTO q VALUES (2, 1);',
};

const probe = `CREATE TABLE probe (at timestamptz DEFAULT '2020-01-02 00:00', day text DEFAULT '2020-01-02'::date::text);
INSERT INTO probe SELECT;
CREATE TABLE settings AS SELECT current_user::text AS who, current_setting('my.setting', true) AS mine, current_setting('search_path') AS path;
DO $$ BEGIN IF to_regclass('q') IS NOT NULL THEN ALTER TABLE q ADD x int; INSERT INTO q VALUES (3, 1);
IF NOT (SELECT condeferred FROM pg_constraint WHERE conname = 'q_p_fkey') THEN ALTER TABLE q ADD y int; END IF; END IF; END $$;`;

describe.each(commandMajors())('PostgreSQL %i: what code leaves in its session', (major) => {
  test.each(Object.entries(leaks))('%s: joined is as apart', async (_, up) => {
    const project = await committedOn(major, {
      migrations: { '1_leak': { up, down: null }, '2_probe': { up: probe, parents: [1], down: null } },
    });
    const { url } = project.database;
    const run = await project.kat(['squash', '--to', '2_probe', '--rows', '--on', url, '--yes']);
    expect(run).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('The schema and the rows are the same'),
    });
  });
});

test('what ends otherwise in one transaction is refused, and what cannot be executed is not called proven', async () => {
  const isTogether = "EXISTS (SELECT FROM pg_class WHERE relname = 'a' AND xmin = pg_current_xact_id()::xid)";
  const project = makeProject({
    config,
    migrations: { '1_a': 'CREATE TABLE a (x boolean);', '2_b': { up: 'SELECT;', parents: [1] } },
  });
  const squash = (up: string, ...more: string[]) => {
    project.addMigration('2_b', { up, parents: [1] });
    return project.kat(['squash', '--to', '2', '--force', '--yes', ...more], { timeoutMs: 120_000 });
  };
  const before = project.ids();
  expect(
    await squash(`DO $$ BEGIN IF ${isTogether} THEN CREATE TABLE joined (); END IF; END $$;`),
  ).toMatchObject({
    code: 3,
    stderr: expect.stringMatching(/has 1 difference from the old ones\n\ntable public\.joined was added/),
  });
  expect(await squash(`DO $$ BEGIN IF ${isTogether} THEN RAISE 'together'; END IF; END $$;`)).toMatchObject({
    code: 3,
    stderr: expect.stringMatching(/the new migration fails, and the old ones do not\n\nERROR: together/),
  });
  expect(await squash(`INSERT INTO a SELECT ${isTogether};`, '--rows')).toMatchObject({
    code: 3,
    stderr: expect.stringContaining('rows of public.a'),
  });
  const lacking = 'CREATE EXTENSION plpython3u;';
  expect(await squash(lacking)).toMatchObject({ code: 5, stderr: expect.stringContaining('`--no-verify`') });
  expect(project.ids()).toEqual(before);
  expect(await squash(lacking, '--no-verify')).toMatchObject({
    code: 0,
    stdout: expect.stringMatching(
      /Not proven: .*\n(?:.*\n)*Try it on an empty database before you commit it\n$/,
    ),
  });
}, 300_000);
