/** `kat plan`: what would be done, as text, as JSON, and as a script that somebody else runs. */

import pg from 'pg';
import { describe, expect, test } from 'vitest';
import { commandMajors, freshDatabase, type Row, type TestDatabase } from '../support/database.js';
import {
  contentOf,
  type DatabaseProject,
  type MigrationSource,
  makeProject,
  type Project,
  projectOn,
} from '../support/kat-project.js';
import { emptyPglite } from '../support/pglite.js';
import { runAsPlainSql, runStatements, runWithPsql } from '../support/run-script.js';

const nowhere = 'database:\n  host: nowhere.invalid\n';

/**
 *   1_users ─┬─ 2_posts ── 4_feed
 *            └─ 3_index (no_transaction)
 */
const graph: Record<string, MigrationSource> = {
  '1_users': { up: 'CREATE TABLE users (id int);', down: 'DROP TABLE users;' },
  '2_posts': { up: 'CREATE TABLE posts ();', down: 'DROP TABLE posts;', parents: [1] },
  '3_index': {
    up: 'CREATE INDEX CONCURRENTLY users_id ON users (id);',
    down: 'DROP INDEX CONCURRENTLY users_id;',
    parents: [1],
    noTransaction: true,
  },
  '4_feed': { up: 'CREATE TABLE feed ();', down: 'DROP TABLE feed;', parents: [2] },
};

/** All that a script may stumble over. */
const mixed: Record<string, MigrationSource> = {
  '1_users': { up: '\ufeffCREATE TABLE users (id int, n int, tags text[], Ä text);\r\n-- the end; really' },
  '2_wrapped': { up: "BEGIN;\nCOMMENT ON TABLE users IS 'it''s :n and \\n';\nCOMMIT;", parents: [1] },
  '3_variables': {
    up: [
      'CREATE VIEW slices AS SELECT tags[1:n] AS a, tags[1:"n"] AS b, tags[1:\'2\'] AS c, tags[1:USER::text::int] AS d,',
      "  ':n' AS e, $$:n$$ AS f, '1'::text AS g /* :n */ FROM users; -- :n",
      'CREATE FUNCTION slice(n int) RETURNS text LANGUAGE plpgsql AS $kat$',
      'BEGIN',
      '  n := n + 1; -- :n \\q',
      '/*',
      '\\echo is no command here',
      '*/',
      "  RETURN ':n' || n;",
      'END $kat$;',
      "CREATE FUNCTION lines() RETURNS text LANGUAGE sql AS 'SELECT\r\n''a\\\\b'':: text';",
      "INSERT INTO users VALUES (1, 2, ARRAY['ü:n'], E'\\\\ \\' :n');",
    ].join('\n'),
    parents: [1],
  },
  '4_settings': {
    up: "SET search_path = pg_catalog; SET ROLE pg_monitor; CREATE TEMP TABLE users (); SET lock_timeout = '1h';",
  },
  '5_after_settings': {
    up: "CREATE TABLE seen AS SELECT current_user, current_setting('search_path') AS path, current_setting('lock_timeout') AS wait, id FROM users",
    parents: [1, 4],
  },
  '6_mood': { up: "CREATE TYPE mood AS ENUM ('sad');" },
  '7_moods': { up: "ALTER TYPE mood ADD VALUE 'glad';", parents: [6] },
  '8_glad': {
    up: "CREATE TABLE moods (m mood DEFAULT 'glad'); INSERT INTO moods DEFAULT VALUES",
    parents: [7],
  },
  '9_alone': {
    up: [
      "SET work_mem = '8MB';",
      'CREATE INDEX CONCURRENTLY users_id ON users (id); -- ; one by one',
      'DO $$ BEGIN PERFORM 1; END $$;',
      'SET ROLE pg_monitor;',
      "SELECT 'as somebody else';",
      'RESET ROLE;',
      'VACUUM users',
    ].join('\n'),
    parents: [1],
    noTransaction: true,
  },
  '10_empty': { up: 'SELECT;' },
};

const viewsSql = "SELECT viewname, definition FROM pg_views WHERE schemaname = 'public'";

/** What is in the tracking table and its log, but for times. */
async function recordsOf(query: TestDatabase['query']): Promise<Row[][]> {
  return [
    await query('SELECT id, name, duration >= 0 AS is_measured FROM migrations ORDER BY id'),
    await query(`SELECT migration, direction, outcome, duration_ms >= 0 AS is_measured, checksum, parents, down_sql,
      no_transaction, statement, statement_hash, sqlstate, database_user, kat_version FROM migrations_log ORDER BY id`),
  ];
}

async function script(project: Project, args: string): Promise<string> {
  const run = await project.kat(`plan ${args} --sql`.replace(/ +/g, ' '));
  expect(run).toMatchObject({ code: 0, stderr: '' });
  return run.stdout;
}

async function steps(project: Project, args: string): Promise<Row[]> {
  const run = await project.kat(`plan ${args} --json`);
  expect(run).toMatchObject({ code: 0, stderr: '' });
  return JSON.parse(run.stdout).steps;
}

describe.concurrent.each(commandMajors())('PostgreSQL %i', (major) => {
  test('the steps, what they come after and why', async () => {
    const project = await projectOn(major, { migrations: graph });
    const { stdout, ...rest } = await project.kat('plan');
    expect({ ...rest, lines: stdout.split('\n') }).toEqual({
      code: 0,
      lines: [
        '`kat up` would run 4 steps; 0 migrations are already applied',
        '',
        '  1. + up   1_users',
        '  2. + up   2_posts  after 1',
        '  3. + up   3_index  after 1; outside of a transaction, statement by statement',
        '  4. + up   4_feed   after 2',
        '',
        'Total: 4 to apply, 1 outside of a transaction',
        expect.stringMatching(/^Plan id: [0-9a-f]{16}$/),
        '',
      ],
      stderr: '',
    });
    expect(await project.database.query("SELECT to_regclass('migrations') AS t")).toEqual([{ t: null }]);
    expect(await steps(project, 'up --to posts --count 1')).toMatchObject([
      { id: '1_users', direction: 'up', mode: 'transaction', reason: 'needed', of: '2_posts', after: [] },
    ]);
    await project.migrate();
    expect(await steps(project, 'down posts')).toMatchObject([
      { id: '4_feed', direction: 'down', reason: 'descendant', of: '2_posts', after: [] },
      { id: '2_posts', direction: 'down', reason: 'named', after: ['4_feed'] },
    ]);
    expect(await steps(project, 'down --to posts')).toMatchObject([
      { id: '4_feed', reason: 'later', of: '2_posts' },
      { id: '3_index', reason: 'later', of: '2_posts', mode: 'statements' },
    ]);
    expect(await steps(project, 'down -n 2')).toMatchObject([{ reason: 'last' }, { reason: 'last' }]);
    expect(await steps(project, 'down --all')).toHaveLength(4);
    expect(await steps(project, 'redo feed')).toMatchObject([
      { id: '4_feed', direction: 'down', reason: 'named' },
      { id: '4_feed', direction: 'up', reason: 'again' },
    ]);
    expect((await project.kat('plan')).stdout).toBe('Nothing to do: `kat up` would change nothing\n');
    expect(await script(project, '')).toBe('-- There is nothing to do.\n');
  });

  test('the schedule of several sessions, with both lines of what is kept apart', async () => {
    const project = await projectOn(major, {
      migrations: {
        ...graph,
        '5_likes': { up: 'CREATE TABLE likes ();\nLOCK users;', parents: [1] },
        '6_role': { up: 'CREATE ROLE planned_reader;' },
      },
    });
    const { stdout, code } = await project.kat('plan --jobs 4');
    expect(code).toBe(0);
    expect(stdout.split('\n').slice(9, -4)).toEqual([
      'With 4 sessions: at most 2 steps can run at the same time',
      '  session 1: 1_users, 2_posts, 4_feed, 6_role',
      '  session 2: 3_index, 5_likes',
      'Longest chain: 3 steps: 1_users > 2_posts > 4_feed',
      'Kept apart:',
      '  3_index not beside 5_likes',
      '    3_index takes a SHARE UPDATE EXCLUSIVE lock on users (migrations/3_index/up.sql:1)',
      '    5_likes takes an ACCESS EXCLUSIVE lock on users (migrations/5_likes/up.sql:2)',
      '  5_likes not beside 3_index',
      '    5_likes takes an ACCESS EXCLUSIVE lock on users (migrations/5_likes/up.sql:2)',
      '    3_index takes a SHARE UPDATE EXCLUSIVE lock on users (migrations/3_index/up.sql:1)',
      '  6_role runs alone: creates role planned_reader (migrations/6_role/up.sql:1)',
    ]);
    const { schedule } = JSON.parse((await project.kat('plan --jobs 1 --json --applied users')).stdout);
    expect(schedule).toMatchObject({
      jobs: 1,
      width: 2,
      lanes: [['2_posts', '3_index', '4_feed', '5_likes', '6_role']],
    });
    expect(schedule.apart[0]).toMatchObject({ reason: 'lock', others: 0, other: { location: { line: 2 } } });
    expect((await project.kat('plan down --jobs 2')).stderr).toContain('`kat down` takes no --jobs');
    expect((await project.kat('plan --sql --jobs 2')).stderr).toContain(
      '--jobs and --sql cannot be combined',
    );
    expect((await project.kat('plan --jobs 0')).stderr).toContain(
      'Give a whole number from 1 to 64, or `auto`.',
    );
  });

  test('edited and missing migrations', async () => {
    const project = await projectOn(major, {
      migrations: { '1_users': graph['1_users'] as MigrationSource },
    });
    await project.migrate();
    project.addMigration('1_users', { up: 'CREATE TABLE people ();', down: 'DROP TABLE people;' });
    const redo = await project.kat('plan redo --modified');
    expect(redo.stdout).toContain(
      '  1. - down 1_users  edited after it was applied; with the SQL stored when it was applied\n',
    );
    expect(redo.stdout).toContain('Warning: 1_users was edited after it was applied');
    expect(
      await runWithPsql(project.database, (await project.kat('plan redo --modified --sql')).stdout),
    ).toMatchObject({ isDone: true });
    expect(await contentOf(project.database)).toEqual(
      expect.arrayContaining([expect.objectContaining({ relname: 'people' })]),
    );
    const elsewhere = makeProject({
      config: `database:\n  url: ${project.database.url}\n`,
      migrations: { '5_others': 'CREATE TABLE others ();' },
    });
    // The log knows a migration of this folder then, so the tracking table is not another project's.
    await elsewhere.kat('stamp 5_others');
    await elsewhere.kat('stamp --delete 5_others --yes');
    expect(await steps(elsewhere, 'sync')).toMatchObject([
      { id: '1_users', direction: 'down', reason: 'missing', isStored: true },
      { id: '5_others', direction: 'up', reason: 'pending' },
    ]);
    expect(await runWithPsql(project.database, await script(elsewhere, 'sync'))).toMatchObject({
      isDone: true,
    });
    expect(await contentOf(project.database)).toEqual(
      expect.arrayContaining([expect.objectContaining({ relname: 'others' })]),
    );
    expect(await elsewhere.kat('plan sync')).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('Nothing'),
    });
  });

  test('the script leaves the same schema, rows and log as `kat up`', async () => {
    const project = await projectOn(major, { migrations: mixed });
    const sql = await script(project, '');
    const plain = await script(project, '--plain');
    expect(await project.kat('up')).toMatchObject({ code: 0, stderr: '' });
    const content = await contentOf(project.database);
    const records = await recordsOf(project.database.query);
    const views = await project.database.query(viewsSql);
    // The search path that was set is gone again, and so is the role.
    expect(await project.database.query('SELECT * FROM seen')).toMatchObject([
      { current_user: 'postgres', path: '"$user", public', wait: '5s' },
    ]);
    const variables = [
      '-v',
      'n=77',
      '-v',
      '2=77',
      '-v',
      'text=77',
      '-v',
      'ON_ERROR_ROLLBACK=on',
      '-v',
      'AUTOCOMMIT=off',
    ];
    const runs = [
      (place: TestDatabase) => runWithPsql(place, sql, variables),
      (place: TestDatabase) => runAsPlainSql(place, plain),
    ];
    for (const run of runs) {
      const database = await freshDatabase(major);
      const { isDone, errors } = await run(database);
      expect(errors).not.toContain('ERROR');
      expect(isDone).toBe(true);
      expect(await contentOf(database)).toEqual(content);
      expect(await recordsOf(database.query)).toEqual(records);
      expect(await database.query(viewsSql)).toEqual(views);
      const [client] = await database.query('SELECT DISTINCT client FROM migrations_log');
      expect(client?.client).toMatch(/^.*@.+ \(kat plan --sql\)$/);
      await database.drop();
    }
  });

  test('a script that fails keeps what came before, and `kat up` goes on from there', async () => {
    const project = await projectOn(major, {
      migrations: {
        ...graph,
        '3_index': {
          up: 'CREATE TABLE half ();\nCREATE UNIQUE INDEX CONCURRENTLY users_id ON users (id);\nCREATE TABLE whole ();',
          parents: [1],
          noTransaction: true,
        },
        '2_posts': {
          up: 'CREATE TABLE posts ();\nINSERT INTO users SELECT 1 FROM generate_series(1, 2);',
          parents: [1],
        },
      },
    });
    const { isDone, errors } = await runWithPsql(project.database, await script(project, ''));
    expect(isDone).toBe(false);
    expect(errors).toContain('could not create unique index "users_id"');
    expect(await project.applied()).toEqual(['1_users', '2_posts']);
    expect(await project.kat('plan --sql')).toMatchObject({
      code: 5,
      stderr: expect.stringContaining('3_index was interrupted in statement 2'),
    });
    await project.database.query('DELETE FROM users');
    expect(await project.kat('up')).toMatchObject({ code: 0 });
    expect(await project.applied()).toEqual(['1_users', '2_posts', '3_index', '4_feed']);
  });

  test('a script goes on with a migration that an earlier one left between two statements', async () => {
    const source = {
      up: "SET search_path = public;\nDO $$ BEGIN EXECUTE 'CREATE TABLE half ()'; END $$;\nINSERT INTO users VALUES (1);\nCREATE TABLE whole ();",
      noTransaction: true,
    };
    const project = await projectOn(major, { migrations: { '1_alone': source } });
    const sql = await script(project, '');
    expect(await runWithPsql(project.database, sql)).toMatchObject({ isDone: false });
    expect((await runWithPsql(project.database, sql)).errors).toContain('kat: 1_alone stopped half way');
    await project.database.query('CREATE TABLE users (id int)');
    const rest = await script(project, '');
    expect(rest).toContain('-- The first 2 statements are done already.\n');
    expect(await runWithPsql(project.database, rest)).toMatchObject({ isDone: true });
    expect(await project.database.query('SELECT count(*)::int FROM users')).toEqual([{ count: 1 }]);
    expect(await project.applied()).toEqual(['1_alone']);
  });

  test('what a partitioned table refuses in a transaction runs outside of one', async () => {
    const table = 'CREATE TABLE p (id int) PARTITION BY RANGE (id); CREATE INDEX i ON p (id);';
    const source = { up: 'REINDEX TABLE p;\nREINDEX INDEX i;', parents: [1], noTransaction: true };
    const project = await projectOn(major, { migrations: { '1_p': { up: table }, '2_again': source } });
    expect(await runWithPsql(project.database, await script(project, ''))).toMatchObject({ isDone: true });
    expect(await project.applied()).toEqual(['1_p', '2_again']);
  });

  test('a client that goes on after an error applies nothing behind it', async () => {
    const project = await projectOn(major, {
      migrations: { ...graph, '2_posts': { up: 'SELECT 1/0;', parents: [1] } },
    });
    const { errors } = await runAsPlainSql(project.database, await script(project, '--plain'), true);
    expect(errors).toContain('division by zero');
    expect(errors).toContain('kat: the script did not finish, because an earlier part of it failed');
    expect(errors).toContain(
      'kat: 4 of 4: up 4_feed does not run, because an earlier part of the script did not succeed',
    );
    expect(await project.applied()).toEqual(['1_users']);
  });

  test('a script refuses to run twice, or where something else is applied', async () => {
    const project = await projectOn(major, { migrations: graph });
    const up = await script(project, '--to 2_posts');
    const down = await script(project, 'down --all --applied 2_posts');
    const refused = async (sql: string) => {
      const before = await contentOf(project.database);
      const { isDone, errors } = await runWithPsql(project.database, sql);
      expect(isDone).toBe(false);
      expect(await contentOf(project.database)).toEqual(before);
      return errors;
    };
    expect(await refused(down)).toContain('Not applied, but when the script was made: 1_users, 2_posts');
    expect(await runWithPsql(project.database, up)).toMatchObject({ isDone: true });
    const errors = await refused(up);
    expect(errors).toContain('kat: this script was made for other applied migrations');
    expect(errors).toContain('Applied, but not when the script was made: 1_users, 2_posts');
    expect(await runWithPsql(project.database, down)).toMatchObject({ isDone: true });
    expect(await project.applied()).toEqual([]);
    await project.database.query(
      'CREATE SCHEMA other; ALTER DATABASE '.concat(project.database.name, ' SET search_path = other'),
    );
    expect(await refused(up)).toContain('made for a tracking table in schema public');
  });

  test('a plain script says that it is done only if it has done everything', async () => {
    const project = await projectOn(major, {
      migrations: { ...graph, '9_last': { up: 'SELECT 1;', down: 'SELECT 1;', parents: [4] } },
    });
    const client = new pg.Client(project.database.url);
    await client.connect();
    const told: string[] = [];
    client.on('notice', ({ message }) => told.push(message ?? ''));
    const run = async (sql: string) => {
      told.length = 0;
      const { errors } = await runStatements((statement) => client.query(statement), sql, true);
      return { errors, isDone: told.some((line) => line.startsWith('kat: done')) };
    };
    const up = await script(project, '--plain');
    expect(await run(up)).toEqual({ errors: '', isDone: true });
    expect(await run(up)).toEqual({
      errors: expect.stringContaining('kat: the script did not finish'),
      isDone: false,
    });
    // Its row is there before and behind it.
    const redo = await script(project, 'redo 9_last --plain');
    await project.database.query(
      `INSERT INTO migrations (name, migration_time, duration) VALUES ('8_x', now(), 0)`,
    );
    expect(await run(redo)).toMatchObject({ isDone: false });
    await project.database.query(`DELETE FROM migrations WHERE name = '8_x'`);
    expect(await run(redo)).toEqual({ errors: '', isDone: true });
    await client.end();
  });

  test.each([
    [
      'lost the row of a migration that is no part of it',
      "DELETE FROM migrations WHERE name = '1_users'",
      ['0_ä', '2_posts'],
    ],
    [
      'got a row of another migration',
      "INSERT INTO migrations (name, migration_time, duration) VALUES ('9_ünknown', now(), 0)",
      ['0_ä', '1_users', '2_posts', '9_ünknown'],
    ],
  ])('a script stops where the tracking table %s meanwhile', async (_what, change, applied) => {
    const project = await projectOn(major, { migrations: { ...graph, '0_ä': 'SELECT 1;' } });
    await project.kat('up --to 1_users');
    const client = new pg.Client(project.database.url);
    await client.connect();
    const send = async (statement: string) => {
      if (statement.startsWith('DO') && statement.includes('kat: 3 of 4: up 3_index'))
        await project.database.query(change);
      return client.query(statement);
    };
    const { isDone, errors } = await runStatements(send, await script(project, '--plain'));
    await client.end();
    expect(isDone).toBe(false);
    expect(errors).toContain(
      '3_index does not run, because other migrations were applied or rolled back since',
    );
    expect((await project.applied()).sort()).toEqual(applied);
  });

  test('a script needs the lock, and a session that is not in the middle of something', async () => {
    const project = await projectOn(major, { migrations: graph });
    const sql = await script(project, '--plain --to 1_users');
    const holder = new pg.Client({ connectionString: project.database.url });
    await holder.connect();
    const opening = sql.slice(0, sql.indexOf('-- 1 of 1'));
    await runStatements((statement) => holder.query(statement), opening);
    const late = await runWithPsql(project.database, await script(project, '--to 1_users'));
    expect(late.errors).toContain('kat: another runner holds the lock');
    expect(await project.kat('up --lock-wait 0')).toMatchObject({ code: 4 });
    await holder.end();
    const psql = await script(project, '--to 1_users');
    expect(psql, 'psql prints nothing but its messages').not.toContain('RETURNING');
    expect((await runWithPsql(project.database, `SET ROLE pg_monitor;\n${psql}`)).errors).toContain(
      'kat: this session changed its role',
    );
    expect((await runWithPsql(project.database, `BEGIN;\n${psql}`)).errors).toContain(
      'started inside a transaction',
    );
    expect(await runWithPsql(project.database, psql)).toMatchObject({ isDone: true });
    expect(await project.applied()).toEqual(['1_users']);
  });

  test('down and redo as scripts leave what the commands leave', async () => {
    const [one, two] = [
      await projectOn(major, { migrations: graph }),
      await projectOn(major, { migrations: graph }),
    ];
    for (const project of [one, two]) await project.kat('up');
    for (const args of ['redo 2_posts', 'down 3_index', 'down --all']) {
      expect(await one.kat(`${args} --yes`)).toMatchObject({ code: 0 });
      expect(await runWithPsql(two.database, await script(two, args))).toMatchObject({ isDone: true });
      expect(await contentOf(two.database)).toEqual(await contentOf(one.database));
      expect(await recordsOf(two.database.query)).toEqual(await recordsOf(one.database.query));
    }
  });

  test('all or nothing, into a file', async () => {
    const project = await projectOn(major, {
      migrations: { '1_a': 'CREATE TABLE a ();', '2_b': { up: 'SELECT 1/0;', parents: [1] } },
    });
    const run = await project.kat('plan --sql --single-transaction --file all.sql --json');
    expect(JSON.parse(run.stdout)).toMatchObject({
      command: 'plan',
      ok: true,
      file: `${project.folder}/all.sql`,
    });
    expect((await runWithPsql(project.database, project.read('all.sql'))).isDone).toBe(false);
    expect(await project.kat('plan --sql --file all.sql')).toMatchObject({ code: 0, stderr: '' });
    expect(await project.applied()).toEqual([]);
    project.addMigration('2_b', 'CREATE TABLE b ();');
    const sql = await script(project, '--single-transaction');
    expect(await runWithPsql(project.database, sql)).toMatchObject({ isDone: true });
    expect(await project.applied()).toEqual(['1_a', '2_b']);
    project.addMigration('3_c', { up: 'VACUUM;', noTransaction: true });
    expect(await project.kat('plan --sql --single-transaction')).toMatchObject({ code: 2, stdout: '' });
  });

  test('a tracking table of Go, a table in a schema of its own, a column that differs', async () => {
    const project = await projectOn(major, { migrations: graph });
    await project.database.query(`CREATE SCHEMA ops; CREATE TABLE migrations (id SERIAL PRIMARY KEY, name TEXT NOT NULL,
      migration_time TIMESTAMP WITH TIME ZONE NOT NULL, duration INTERVAL NOT NULL)`);
    const untold = await script(project, '--applied none');
    expect((await runWithPsql(project.database, untold)).errors).toContain(
      'is not the tracking table that this script was made for',
    );
    expect(await runWithPsql(project.database, await script(project, ''))).toMatchObject({ isDone: true });
    const env = { KAT_MIGRATION_TABLE_NAME: 'ops.history' };
    await project.database.query('DROP INDEX users_id; DROP TABLE users, posts, feed');
    const elsewhere = await project.kat('plan --sql', { env });
    expect(await runWithPsql(project.database, elsewhere.stdout)).toMatchObject({ isDone: true });
    expect(await project.database.query('SELECT count(*)::int FROM ops.history')).toEqual([{ count: 4 }]);
  });
});

describe('without a database', () => {
  const project = () => makeProject({ config: nowhere, migrations: graph });

  test('told what is applied', async () => {
    const offline = project();
    expect(await steps(offline, '--applied none')).toHaveLength(4);
    expect(await steps(offline, '--applied 3_index --applied 2_posts')).toMatchObject([{ id: '4_feed' }]);
    expect(await steps(offline, 'down --all --applied heads')).toMatchObject([
      { id: '4_feed' },
      { id: '3_index' },
      { id: '2_posts' },
      { id: '1_users' },
    ]);
    offline.write('applied.txt', '\ufeff# oldest first\r\n1_users\r\n\r\n3_index # by hand\r\n2_posts\r\n');
    expect(await steps(offline, '--applied-from applied.txt')).toMatchObject([{ id: '4_feed' }]);
    expect(await steps(offline, 'down --applied-from applied.txt')).toMatchObject([{ id: '2_posts' }]);
  });

  test('a file that is too long to parse must not hold what psql would do', async () => {
    const rows = `INSERT INTO users VALUES ('${'x'.repeat(1000)}');\n`.repeat(8500);
    const offline = makeProject({ config: nowhere, migrations: { '1_long': `${rows}SELECT '\n\\! ls\n';` } });
    const run = await offline.kat('plan --sql --applied none');
    expect(run).toMatchObject({ code: 2, stdout: '', stderr: expect.stringContaining('\\! ls') });
    const { code, stdout } = await offline.kat('plan --sql --plain --applied none');
    expect({ code, hasRows: stdout.includes(rows) }).toEqual({ code: 0, hasRows: true });
  });

  test('a migration that sets its transaction before the first query is not for a script', async () => {
    const up = 'SET TRANSACTION ISOLATION LEVEL SERIALIZABLE; SELECT 1;';
    const migrations = {
      '1_alone': { up: `COMMENT ON SCHEMA public IS '';`, noTransaction: true },
      '2_serial': up,
    };
    const offline = makeProject({ config: nowhere, migrations });
    expect(await offline.kat('plan --sql --applied none')).toMatchObject({
      ...{ code: 2, stdout: '' },
      stderr: expect.stringContaining('2_serial has SET TRANSACTION, which a script cannot run'),
    });
    expect(await offline.kat('plan --sql --applied none --to 1')).toMatchObject({ code: 0 });
  });

  test('what cannot be told, or makes no sense', async () => {
    const offline = project();
    offline.write('names.txt', 'users\n2_posts\nposts\n');
    offline.write('gone.txt', '1_users\n9_gone\n');
    offline.write('wrong.json', '{"migrations": 1}');
    const refusals: [args: string, code: number, message: string][] = [
      ['--applied-from names.txt', 2, '"users" is not the id of a migration'],
      ['--applied-from wrong.json', 2, 'wrong.json is not a list of applied migrations'],
      ['--applied-from nowhere.txt', 2, 'cannot read nowhere.txt: '],
      ['--applied none --applied users', 2, '`--applied` and `--applied-from` cannot be combined'],
      ['--applied none --applied-from gone.txt', 2, '`--applied` and `--applied-from` cannot be combined'],
      ['--applied nobody', 2, 'no migration matches "nobody"'],
      ['--applied-from gone.txt', 3, '9_gone is applied, but it has no folder'],
      ['sync --applied-from gone.txt', 3, '9_gone'],
      ['redo --modified --applied heads', 2, '`--modified` needs a database connection'],
      ['--file out.sql --applied none', 2, '--file requires --sql'],
      ['--all --applied none', 2, '`kat up` takes no --all'],
      ['down --allow-missing --applied heads', 2, '`kat down` takes no --allow-missing'],
      ['down --to users --to posts --applied heads', 2, '`kat down` takes only one --to'],
      ['up users --applied none', 2, '`kat up` takes no names of migrations'],
      ['users --applied none', 2, 'plan takes up, down, redo or sync, not "users"'],
    ];
    for (const [args, code, message] of refusals) {
      const run = await offline.kat(`plan ${args}`);
      expect(run, args).toMatchObject({ code, stdout: '' });
      expect(run.stderr, args).toContain(message);
    }
    expect(await steps(offline, '--allow-missing --applied-from gone.txt')).toHaveLength(3);
  });
});

describe.concurrent.each(commandMajors())('the same script with and without PostgreSQL %i', (major) => {
  test('for an empty database, and for one whose status was written down', async () => {
    const project: DatabaseProject = await projectOn(major, { migrations: graph });
    expect(await script(project, '--applied none')).toBe(await script(project, ''));
    await project.kat('up --count 2');
    project.write('status.json', (await project.kat('status --json')).stdout);
    expect(await script(project, '--applied-from status.json')).toBe(await script(project, ''));
    expect(await script(project, 'down --applied-from status.json')).toBe(await script(project, 'down'));
  });
});

test('on PGlite', async () => {
  const { '9_alone': alone, ...others } = mixed;
  const project = makeProject({
    migrations: { ...others, '9_alone': { ...(alone as MigrationSource), noTransaction: true } },
  });
  await project.kat('init --driver pglite');
  const run = await project.kat('plan --plain --sql --json');
  expect(run).toMatchObject({ code: 0, stderr: '' });
  const { sql, steps: planned } = JSON.parse(run.stdout);
  expect(planned).toHaveLength(10);
  const database = await emptyPglite();
  expect(await runStatements((statement) => database.exec(statement), sql)).toEqual({
    isDone: true,
    errors: '',
  });
  const { rows } = await database.query<{ name: string }>('SELECT name FROM migrations ORDER BY id');
  expect(rows.map(({ name }) => name)).toEqual(planned.map(({ id }: { id: string }) => id));
  await database.close();
}, 60_000);
