import { randomBytes } from 'node:crypto';
import { cpSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import {
  commandMajors,
  freshDatabase,
  majors,
  ownServer,
  sharedServer,
  type TestDatabase,
} from '../support/database.js';
import { eventually } from '../support/eventually.js';
import { type MigrationSource, makeProject, type Project } from '../support/kat-project.js';

/** Embedded databases start slowly on a busy machine. */
const patienceMs = 110_000;

const config = 'database:\n  driver: pglite\n  path: ./database\n';

function project(migrations: Record<string, string | MigrationSource>): Project {
  return makeProject({ config, migrations });
}

interface Verified {
  findings: {
    code: string;
    severity: string;
    message: string;
    migration: string;
    location: { file: string; line: number };
  }[];
  untried: { id: string; reason: string }[];
  predictions: { code: string; verdict: string }[];
  migrations: string[];
  accepted: number;
  recalled: number;
  order?: { seed: number; orders: number; runs: number };
}

/** On a server, where it takes a fifth of the time: for tests whose SQL does the same there. */
async function verifyOnServer(where: Project, args = ''): Promise<Verified> {
  return verify(where, `--on ${await serverUrl()} ${args}`.trim());
}

async function serverUrl(): Promise<string> {
  const { host, port } = await sharedServer(majors().at(-1) as number);
  return `postgres://postgres:postgres@${host}:${port}/postgres`;
}

async function verify(where: Project, args = ''): Promise<Verified> {
  const { stdout } = await where.kat(`verify --json ${args}`.trim(), { timeoutMs: patienceMs });
  return JSON.parse(stdout) as Verified;
}

/** Migration, code, file and line of each finding. */
function brief({ findings }: Verified): string[] {
  return findings.map(({ migration, code, location }) => {
    const file = location.file.endsWith('down.sql') ? 'down' : 'up';
    return `${migration.replace(/^\d+_/, '')} ${code} ${file}:${location.line}`;
  });
}

describe('kat verify', { timeout: 2 * patienceMs }, () => {
  it('finds every kind of difference, with its line', async () => {
    const shop = project({
      '1_users': {
        up: "CREATE TABLE users (id int PRIMARY KEY, email text, role text);\nCREATE INDEX by_role ON users (role);\nCREATE TYPE mood AS ENUM ('sad');",
        down: 'DROP TABLE users; DROP TYPE mood;',
      },
      '2_leaves': {
        up: '\nCREATE TABLE logs ();\nCREATE VIEW emails AS SELECT email FROM users;',
        down: 'DROP VIEW emails;',
        parents: [1],
      },
      '3_takes': {
        up: 'CREATE TABLE tags ();',
        down: 'DROP TABLE tags;\n\nDROP INDEX by_role;',
        parents: [1],
      },
      '4_changes': {
        up: "ALTER TABLE users ALTER COLUMN email SET DEFAULT 'x';",
        down: 'SELECT 1;',
        parents: [1],
      },
      '5_loses': { up: 'SELECT 1;\nDROP INDEX by_role;', down: 'SELECT 1;', parents: [1] },
      '6_differs': {
        up: 'CREATE TABLE IF NOT EXISTS notes (id int); ALTER TABLE notes ADD COLUMN IF NOT EXISTS text text DEFAULT (1)::text;',
        down: 'ALTER TABLE notes ALTER COLUMN text DROP DEFAULT;',
        parents: [1],
      },
      '7_wrong_down': { up: 'CREATE TABLE wrong ();', down: '\nDROP TABLE right_one;', parents: [1] },
      '8_no_down': { up: 'CREATE TABLE kept ();', down: null, parents: [1] },
      '9_wrong_up': { up: 'CREATE TABLE early ();\nALTER TABLE nowhere ADD COLUMN x int;', parents: [1] },
      '10_after': { up: 'SELECT 1;', parents: [9] },
      '11_label': { up: "ALTER TYPE mood ADD VALUE IF NOT EXISTS 'happy';", down: 'SELECT 1;', parents: [1] },
      '12_fine': {
        up: 'ALTER TABLE users ADD COLUMN age int;',
        down: 'ALTER TABLE users DROP COLUMN age;',
        parents: [1],
      },
    });
    const result = await verify(shop);
    expect(brief(result)).toEqual([
      ...['leaves down-leaves up:2', 'leaves up-fails up:2', 'takes down-takes down:3'],
      ...['changes down-changes up:1', 'loses down-takes up:2', 'loses up-fails up:2'],
      ...['differs down-leaves up:1', 'differs up-differs up:1', 'wrong_down down-fails down:2'],
      ...['no_down down-missing up:1', 'wrong_up up-fails up:2', 'label down-changes up:1'],
    ]);
    const severities = new Map(result.findings.map(({ migration, severity }) => [migration, severity]));
    expect(severities.get('8_no_down')).toBe('warning');
    expect(severities.get('11_label')).toBe('warning');
    expect(result.untried).toEqual([
      { id: '10_after', reason: 'its ancestor 9_wrong_up could not be applied' },
    ]);
    expect(result.predictions).toContainEqual(
      expect.objectContaining({ code: 'incomplete-down', verdict: 'confirmed' }),
    );
    expect(result.predictions).toContainEqual(
      expect.objectContaining({ code: 'down-drops-more', verdict: 'confirmed' }),
    );
    const fine = await shop.kat('verify fine');
    expect(fine).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('1 migration verified on PostgreSQL 18'),
    });
    expect(await shop.kat('status')).toMatchObject({ stdout: expect.stringContaining('12 pending') });
  });

  it('what lint predicts of one alone knows what others have made', async () => {
    const shop = project({
      '1_users': 'CREATE TABLE users (id int);',
      '2_again': {
        up: 'CREATE TABLE IF NOT EXISTS users (id int);',
        down: 'DROP TABLE users;',
        parents: [1],
      },
    });
    const { predictions } = await verify(shop, 'again');
    expect(predictions).toMatchObject([{ code: 'down-drops-more', verdict: 'confirmed' }]);
  });

  it('accepts findings by a comment, and prints the formats of other checks', async () => {
    const leaves = (down: string) => project({ '1_logs': { up: 'CREATE TABLE logs ();', down } });
    const accepted = await verifyOnServer(leaves('-- kat:ignore down-leaves, up-fails they stay\nSELECT 1;'));
    expect(accepted).toMatchObject({ findings: [], accepted: 2 });
    const shop = leaves('SELECT 1;');
    const github = await shop.kat('verify --format github');
    expect(github).toMatchObject({ code: 3, stdout: expect.stringContaining('title=kat%3A down-leaves::') });
    const sarif = await shop.kat('verify --format sarif');
    expect(JSON.parse(sarif.stdout)).toMatchObject({ runs: [{ results: [{ ruleId: 'down-leaves' }, {}] }] });
    const names = await shop.kat('verify nothing_like_it');
    expect(names).toMatchObject({ code: 2 });
    expect(await shop.kat('verify --all --pending')).toMatchObject({ code: 2 });
    expect(await shop.kat('verify --on mysql://app:secret@host/db')).toMatchObject({
      code: 2,
      stderr: expect.not.stringContaining('secret'),
    });
  });

  it('starts with the schema of the ancestors alone, whatever the order of the branches is', async () => {
    const shop = project({
      '1_base': { up: 'CREATE TABLE base (id int);', down: 'DROP TABLE base;' },
      '2_left': { up: 'CREATE TABLE left_one ();', down: 'DROP TABLE left_one;', parents: [1] },
      '3_right': {
        up: 'CREATE TABLE right_one AS SELECT * FROM left_one;',
        down: 'DROP TABLE right_one;',
        parents: [1],
      },
      '4_more_left': {
        up: 'ALTER TABLE left_one ADD COLUMN x int;',
        down: 'ALTER TABLE left_one DROP COLUMN x;',
        parents: [2],
      },
    });
    expect(brief(await verifyOnServer(shop))).toEqual(['right up-fails up:1']);
    const { findings } = await verifyOnServer(shop, '--order=3 --seed 1');
    const start = 'the schema differs if 4_more_left runs before 3_right: column public.right_one.x';
    expect(findings).toMatchObject([
      {
        code: 'order-fails',
        message: expect.stringContaining('3_right fails if 3_right runs before 2_left: ERROR'),
      },
      { code: 'order-differs', message: expect.stringContaining(start) },
    ]);
  });

  it('counts and tries no pairs behind a migration that fails in the usual order', async () => {
    const shop = project({
      '1_a': { up: 'CREATE TABLE a (id int);', down: 'DROP TABLE a;' },
      '2_fails': { up: 'SELECT 1 / 0;', parents: [1] },
      '3_one': { up: 'ALTER TABLE a ALTER id SET DEFAULT 1;', parents: [1] },
      '4_other': { up: 'ALTER TABLE a ALTER id SET DEFAULT 2;', parents: [1] },
    });
    const { findings, order, predictions } = await verifyOnServer(shop, '--order=3 --seed 1');
    expect(findings).toMatchObject([{ code: 'up-fails', migration: '2_fails' }]);
    expect(order).toMatchObject({ pairs: 3, covered: 0, runs: 1 });
    expect(predictions).toEqual([]);
  });

  it('tries migrations on rows of fixtures.sql, or on rows that it makes', async () => {
    const users = `CREATE TYPE mood AS ENUM ('sad, or', 'happy');
      CREATE TABLE users (id serial PRIMARY KEY, email varchar(5), name text NOT NULL, mood mood, at timestamptz);
      CREATE TABLE posts (id int PRIMARY KEY, user_id int NOT NULL REFERENCES users ON DELETE CASCADE, kind text CHECK (kind IN ('x', 'y')));
      CREATE TABLE odd (id int PRIMARY KEY CHECK (id > 5));`;
    const shop = project({
      '1_users': { up: users, down: 'DROP TABLE odd; DROP TABLE posts; DROP TABLE users; DROP TYPE mood;' },
      '2_required': {
        up: 'ALTER TABLE users ALTER COLUMN email SET NOT NULL;',
        down: 'ALTER TABLE users ALTER COLUMN email DROP NOT NULL;',
        parents: [1],
      },
      '3_unique': {
        up: 'CREATE UNIQUE INDEX by_name ON users (name);',
        down: 'DROP INDEX by_name;',
        parents: [1],
      },
      '4_deletes': { up: 'SELECT 1;\nDELETE FROM users;', parents: [1] },
      '5_values': {
        up: 'ALTER TABLE users DROP COLUMN mood;',
        down: 'ALTER TABLE users ADD COLUMN mood mood;',
        parents: [1],
      },
      '6_expected': {
        up: 'ALTER TABLE users DROP COLUMN mood;',
        down: 'ALTER TABLE users ADD COLUMN mood mood;',
        parents: [1],
      },
      '7_backfill': {
        up: "UPDATE users SET email = 'none' WHERE email IS NULL; ALTER TABLE users ALTER COLUMN email SET NOT NULL;",
        down: 'ALTER TABLE users ALTER COLUMN email DROP NOT NULL;',
        parents: [1],
      },
      '8_odd': {
        up: 'ALTER TABLE odd ADD COLUMN x int;',
        down: 'ALTER TABLE odd DROP COLUMN x;',
        parents: [1],
      },
      '9_posts': {
        up: 'ALTER TABLE posts ADD COLUMN x int;',
        down: 'ALTER TABLE posts DROP COLUMN x;',
        parents: [1],
      },
    });
    shop.write(
      'migrations/4_deletes/fixtures.sql',
      `INSERT INTO users (id, name) VALUES (7, 'x'); INSERT INTO posts VALUES (1, 7, 'x');`,
    );
    shop.write(
      'migrations/6_expected/metadata.yaml',
      'name: expected\ntimestamp: 6\nparents: [1]\ndata_loss: expected\n',
    );
    const result = await verifyOnServer(shop);
    expect(brief(result)).toEqual([
      ...['required up-fails-on-rows up:1', 'unique up-fails-on-rows up:1'],
      ...[
        'deletes up-loses-rows up:2',
        'deletes up-loses-rows up:2',
        'values down-loses-rows up:1',
        'odd no-sample-rows up:1',
      ],
    ]);
    expect(result.findings.map(({ severity }) => severity)).toEqual([
      'warning',
      'warning',
      'error',
      'error',
      'warning',
      'info',
    ]);
    expect(result.untried).toEqual([]);
  });

  it('tells an ancestor that fails, also where it is not asked for: what follows was not tried', async () => {
    const shop = project({
      '1_first': { up: 'CREATE TABLE t (id nowhere);', down: 'DROP TABLE t;' },
      '2_second': { up: 'ALTER TABLE t ADD b int;', down: 'ALTER TABLE t DROP b;', parents: [1] },
    });
    const result = await verifyOnServer(shop, 'second --no-cache');
    expect(brief(result)).toEqual(['first up-fails up:1']);
    expect(result).toMatchObject({ migrations: [], untried: [{ id: '2_second' }] });
    const both = await verifyOnServer(shop, '--no-cache');
    expect(brief(both)).toEqual(['first up-fails up:1']);
  });

  it('tells an ancestor that fails in another order, and goes on in the order of kat up', async () => {
    const shop = project({
      '1_base': `SELECT '${randomBytes(4).toString('hex')}';`,
      '2_makes': { up: 'SELECT 1;\nCREATE TABLE x ();', down: 'DROP TABLE x;', parents: [1] },
      '3_makes_if': { up: 'CREATE TABLE IF NOT EXISTS x ();', down: 'DROP TABLE x;', parents: [1] },
      '4_joins': { up: 'CREATE TABLE y ();', down: 'DROP TABLE y;', parents: [2, 3] },
    });
    // The second run has it from the first.
    for (const recalled of [0, 4]) {
      const result = await verifyOnServer(shop);
      expect(result).toMatchObject({ recalled, untried: [] });
      expect(result.findings).toMatchObject([
        {
          ...{ code: 'order-fails', severity: 'error', migration: '2_makes', location: { line: 2 } },
          message:
            '2_makes fails if it runs after 3_makes_if, which it does not follow: ERROR: relation "x" already exists (SQLSTATE 42P07)',
          help: 'Add 2_makes to the parents of 3_makes_if.',
        },
      ]);
    }
    shop.write('migrations/2_makes/down.sql', '-- kat:ignore order-fails\nDROP TABLE x;');
    expect((await verifyOnServer(shop)).findings).toEqual([]);
  });

  it('looks at tables whose rows only the down.sql changes', async () => {
    const own = (id: number) => `CREATE TABLE t${id} (a int);`;
    const back = (id: number, sql: string) => `DROP TABLE t${id}; ${sql}`;
    const shop = project({
      '1_users': {
        up: "CREATE TABLE users (id int PRIMARY KEY, name text); INSERT INTO users VALUES (1, 'ada');",
        down: 'DROP TABLE users;',
      },
      '2_empties': { up: own(2), down: back(2, 'TRUNCATE users;'), parents: [1] },
      '3_deletes': {
        up: own(3),
        down: back(3, 'WITH gone AS (DELETE FROM users RETURNING id) SELECT * FROM gone;'),
        parents: [1],
      },
      '4_updates': { up: own(4), down: back(4, "UPDATE users SET name = '';"), parents: [1] },
      '5_reads': { up: own(5), down: back(5, 'SELECT count(*) FROM users;'), parents: [1] },
    });
    expect(brief(await verifyOnServer(shop))).toEqual([
      'empties down-loses-rows up:1',
      'deletes down-loses-rows up:1',
      'updates down-loses-rows up:1',
    ]);
  });

  it('looks for what earlier migrations have inserted as well, before the first try can lose it', async () => {
    const shop = project({
      '1_users': {
        up: "CREATE TABLE users (id int PRIMARY KEY, name text); INSERT INTO users VALUES (1, 'ada'), (2, 'bo');",
        down: 'DROP TABLE users;',
      },
      '2_values': {
        up: 'ALTER TABLE users DROP COLUMN name;',
        down: 'ALTER TABLE users ADD COLUMN name text;',
        parents: [1],
      },
      '3_one': { up: 'DELETE FROM users WHERE id = 1;', parents: [1] },
      '4_endless': { up: 'DELETE FROM users WHERE id = 2;', down: null, parents: [1] },
      '5_keeps': {
        up: 'ALTER TABLE users ALTER COLUMN name SET NOT NULL;',
        down: 'ALTER TABLE users ALTER COLUMN name DROP NOT NULL;',
        parents: [1],
      },
    });
    const result = await verifyOnServer(shop);
    expect(brief(result)).toEqual([
      'values down-loses-rows up:1',
      'one up-loses-rows up:1',
      'endless down-missing up:1',
      'endless up-loses-rows up:1',
    ]);
    expect(new Set(result.findings.map(({ severity }) => severity))).toEqual(new Set(['warning']));
  });

  it('finds the one pair whose order matters among thirty migrations', async () => {
    const migrations: Record<string, MigrationSource> = {
      '1_base': { up: 'CREATE TABLE base (a int DEFAULT 0);' },
    };
    for (let number = 2; number <= 30; number += 1) {
      migrations[`${number}_m`] = {
        up: `CREATE TABLE t${number} ();`,
        parents: number % 3 === 0 ? [number - 1] : [1],
      };
    }
    delete migrations['7_m'];
    delete migrations['20_m'];
    migrations['7_early'] = { up: 'SELECT 1;\nALTER TABLE base ALTER a SET DEFAULT 7;', parents: [1] };
    migrations['20_late'] = { up: 'ALTER TABLE base ALTER a SET DEFAULT 20;', parents: [1] };
    const shop = project(migrations);
    const result = await verifyOnServer(shop, '--order=4 --seed 7');
    expect(result.findings).toMatchObject([
      {
        ...{ code: 'order-differs', severity: 'error', migration: '20_late' },
        message:
          'the schema differs if 20_late runs before 7_early: column public.base.a was changed: default was 20, is now 7',
        related: [{ location: { line: 2 } }],
      },
    ]);
    expect(result.order).toMatchObject({ seed: 7, orders: 4 });
    expect(result.order?.runs).toBeLessThanOrEqual(4 + Math.ceil(Math.log2(30 * 30)));
    expect(result.predictions).toMatchObject([{ code: 'same-object', verdict: 'confirmed' }]);
    shop.addMigration('20_late', { up: 'ALTER TABLE base ALTER a SET DEFAULT 20;', parents: [7] });
    const settled = await shop.kat(`verify --order=3 --on ${await serverUrl()}`, { timeoutMs: patienceMs });
    expect(settled).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('no differences found; 3 orders tried, '),
    });
    expect(await shop.kat('verify --order 3_m')).toMatchObject({ code: 2 });
    expect(await shop.kat('verify --seed 3')).toMatchObject({ code: 2 });
  });

  it('does not execute again what nothing has changed for', async () => {
    // No other test makes roles there, of which the results are remembered.
    const { host, port } = await ownServer(majors().at(-1) as number);
    const there = (args = '', where = shop) =>
      verify(where, `--on postgres://postgres:postgres@${host}:${port}/postgres ${args}`.trim());
    // No earlier run knows it.
    const table = `t_${randomBytes(6).toString('hex')}`;
    const leaves = { up: `\nCREATE INDEX ON ${table} (a);`, down: 'SELECT 1;', parents: [1] };
    const shop = project({
      '1_first': { up: `CREATE TABLE ${table} (id int PRIMARY KEY, a int);`, down: `DROP TABLE ${table};` },
      '2_column': {
        up: `ALTER TABLE ${table} ADD COLUMN b int;`,
        down: `ALTER TABLE ${table} DROP COLUMN b;`,
        parents: [1],
      },
      '3_clock': {
        up: `DO $$ BEGIN IF now() < '1999-01-01' THEN DROP TABLE ${table}; END IF; END $$;`,
        down: 'SELECT 1;',
        parents: [2],
      },
      '4_after_clock': { up: 'SELECT 1;', down: 'SELECT 1;', parents: [3] },
      '5_leaves': leaves,
      '6_fails': { up: 'SELECT nothing;', down: 'SELECT 1;', parents: [1] },
    });
    const recalled = async (args = '') => (await there(args)).recalled;
    const first = await there();
    expect(brief(first)).toEqual([
      'leaves down-leaves up:2',
      'leaves up-differs up:2',
      'fails up-fails up:1',
    ]);
    expect(first.recalled).toBe(0);
    // Neither what the clock may decide, nor what has failed.
    expect(await there()).toEqual({ ...first, recalled: 3 });
    expect(await recalled('--no-cache')).toBe(0);
    const fixtures = 'migrations/2_column/fixtures.sql';
    const metadata = 'migrations/2_column/metadata.yaml';
    const down = 'migrations/1_first/down.sql';
    for (const [path, text, left] of [
      [fixtures, `INSERT INTO ${table} VALUES (1);`, 1],
      [metadata, `${shop.read(metadata)}data_loss: expected\n`, 1],
      [down, `-- kat:ignore down-leaves for now\n${shop.read(down)}`, 1],
      ['migrations/1_first/up.sql', `CREATE TABLE ${table} (id bigint PRIMARY KEY, a int);`, 0],
    ] as const) {
      shop.write(path, text);
      expect({ path, recalled: await recalled('first column') }).toEqual({ path, recalled: left });
      expect(await recalled('first column')).toBe(2);
    }
    const moved = project({});
    cpSync(join(shop.folder, 'migrations'), join(moved.folder, 'migrations'), { recursive: true });
    expect(await there('first column', moved)).toMatchObject({ recalled: 2 });
  });

  it('shows on a terminal how far it is, in one line that goes away', async () => {
    const shop = project({
      '1_users': { up: 'CREATE TABLE users (id int);', down: 'DROP TABLE users;' },
      '2_posts': { up: 'CREATE TABLE posts (id int);', down: 'DROP TABLE posts;', parents: [1] },
      '3_tags': { up: 'CREATE TABLE tags (id int);', down: 'DROP TABLE tags;', parents: [2] },
    });
    const isTerminal = 'Object.defineProperty(process.stderr, "isTTY", { value: true });';
    const options = {
      timeoutMs: patienceMs,
      nodeArguments: ['--import', `data:text/javascript,${isTerminal}`],
    };
    const { stdout, stderr } = await shop.kat('verify posts tags --no-cache', options);
    const lines = stderr.split('\r\u001b[K');
    expect(stdout).toMatch(/^2 migrations verified/);
    expect(lines).toEqual(['', 'verify 2_posts (1 of 2)', 'verify 3_tags (2 of 2)', '']);
    const all = await shop.kat('verify tags --no-cache', options);
    expect(all.stderr.split('\r\u001b[K')).toEqual([
      ...['', 'verify 3_tags (1 of 1)', 'apply 1_users (1 of 2)', 'apply 2_posts (2 of 2)', ''],
    ]);
    expect((await shop.kat('verify --json --no-cache', options)).stderr).toBe('');
    expect((await shop.kat('verify --no-cache', { timeoutMs: patienceMs })).stderr).toBe('');
  });

  it('runs what takes no transaction and what makes roles in memory', async () => {
    const shop = project({
      '1_users': {
        up: 'CREATE ROLE reader; CREATE TABLE users (id int); GRANT SELECT ON users TO reader;',
        down: 'DROP TABLE users; DROP ROLE reader;',
      },
      '2_index': {
        up: 'CREATE INDEX CONCURRENTLY by_id ON users (id);',
        down: 'DROP INDEX CONCURRENTLY by_id;',
        parents: [1],
        noTransaction: true,
      },
    });
    expect(await verify(shop)).toMatchObject({
      findings: [],
      migrations: ['1_users', '2_index'],
      untried: [],
    });
  });
});

const throwaways = `SELECT datname FROM pg_database WHERE datname ~ '^kat_verify_' ORDER BY 1`;

async function throwawaysOf({ query }: TestDatabase): Promise<string[]> {
  return (await query(throwaways)).map(({ datname }) => String(datname));
}

describe.each(majors())('kat verify --on a server of PostgreSQL %i', (major) => {
  it('finds the same there, changes nothing that others share, and leaves nothing', async () => {
    const admin = await freshDatabase(await ownServer(major));
    const shop = project({
      '1_users': { up: 'CREATE TABLE users (id int);', down: 'DROP TABLE users;' },
      '2_leaves': { up: 'CREATE INDEX by_id ON users (id);', down: 'SELECT 1;', parents: [1] },
      '3_role': { up: 'CREATE ROLE kat_verify_role;', down: 'DROP ROLE kat_verify_role;', parents: [1] },
      '4_after': { up: 'SELECT 1;', parents: [3] },
      '5_dynamic': {
        up: "DO $$ BEGIN EXECUTE (SELECT 'CREATE ROLE kat_verify_' || relkind::text FROM pg_class WHERE relname = 'pg_class'); END $$;",
        parents: [1],
      },
      '6_alone': {
        up: "DO $$ BEGIN EXECUTE (SELECT 'CREATE ROLE kat_verify_' || relkind::text FROM pg_class WHERE relname = 'pg_class'); END $$;",
        parents: [1],
        noTransaction: true,
      },
    });
    const result = await verify(shop, `--on ${admin.url}`);
    expect(brief(result)).toEqual(['leaves down-leaves up:1', 'leaves up-fails up:1']);
    expect(result.untried).toEqual([
      { id: '3_role', reason: 'changes the role kat_verify_role' },
      { id: '4_after', reason: 'its ancestor 3_role could not be applied' },
      { id: '5_dynamic', reason: expect.stringContaining('it changes roles, databases or tablespaces') },
      { id: '6_alone', reason: expect.stringContaining('it changes roles, databases or tablespaces') },
    ]);
    expect(await admin.query(`SELECT FROM pg_roles WHERE rolname ~ '^kat_verify_r'`)).toEqual([]);
    expect(await admin.query(`SELECT FROM pg_class WHERE relname ~ 'migrations'`)).toEqual([]);
    expect(await throwawaysOf(admin)).toEqual([]);
    await admin.drop();
  });
});

describe.each(commandMajors())('kat verify on PostgreSQL %i', (major) => {
  it('executes again where the settings of the server are others', async () => {
    const admin = await freshDatabase(major);
    const role = admin.name.replace('kat_', 'kat_role_');
    await admin.query(`CREATE ROLE ${role} LOGIN CREATEDB PASSWORD 'x'`);
    const shop = project({ '1_users': { up: `CREATE TABLE ${role} ();`, down: `DROP TABLE ${role};` } });
    const on = `--on ${admin.url.replace('postgres:postgres@', `${role}:x@`)}`;
    const recalled = async () => (await verify(shop, on)).recalled;
    const before = [await recalled(), await recalled()];
    await admin.query(`ALTER ROLE ${role} SET check_function_bodies = off`);
    const after = [await recalled(), await recalled()];
    await admin.query(`DROP ROLE ${role}`);
    await admin.drop();
    expect([before, after]).toEqual([
      [0, 1],
      [0, 1],
    ]);
  });

  it('says what a role without CREATEDB can do', async () => {
    const admin = await freshDatabase(major);
    const role = admin.name.replace('kat_', 'kat_role_');
    await admin.query(`CREATE ROLE ${role} LOGIN PASSWORD 'x'`);
    const shop = project({ '1_users': 'CREATE TABLE users (id int);' });
    const url = admin.url.replace('postgres:postgres@', `${role}:x@`);
    const refused = await shop.kat(`verify --on ${url}`);
    expect(refused).toMatchObject({ code: 2, stderr: expect.stringContaining('CREATEDB') });
    await admin.query(`DROP ROLE ${role}`);
    await admin.drop();
  });

  it('drops what a killed run has left, and nothing that is in use', async () => {
    const admin = await freshDatabase(await ownServer(major));
    const shop = project({ '1_sleeps': 'SELECT pg_sleep(600);' });
    const killed = await shop.start(`verify --on ${admin.url}`);
    const [left] = (await eventually('the migration in its database', async () => {
      const rows = await admin.query(
        `SELECT datname FROM pg_stat_activity WHERE datname ~ '^kat_verify_' AND query ~ 'pg_sleep' AND state = 'active'`,
      );
      return rows.length > 0 && rows.map(({ datname }) => String(datname));
    })) as string[];
    const other = project({ '1_users': 'CREATE TABLE users (id int);' });
    await other.kat(`verify --on ${admin.url}`);
    expect(await throwawaysOf(admin)).toEqual([left]);
    killed.child.kill('SIGKILL');
    await killed.ended;
    await eventually('the end of its sessions', async () => {
      const rows = await admin.query(
        `SELECT FROM pg_stat_activity WHERE datname = '${left}' OR application_name = '${left}'`,
      );
      return rows.length === 0;
    });
    expect(await throwawaysOf(admin)).toEqual([left]);
    await other.kat(`verify --on ${admin.url}`);
    expect(await throwawaysOf(admin)).toEqual([]);
    await admin.drop();
  });
});
