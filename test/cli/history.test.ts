/** `kat history`: what was run, when, by whom and how long, the newest first, and only as much of it as is asked for. */
import { rmSync } from 'node:fs';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { version } from '../../src/index.js';
import { commandMajors } from '../support/database.js';
import { documentOf } from '../support/document.js';
import { type DatabaseProject, makeProject, type Project, projectOn } from '../support/kat-project.js';

interface Entry {
  migration: string;
  direction: string;
  outcome: string;
  statement?: number;
}

async function entriesOf(project: Project, args = ''): Promise<Entry[]> {
  const run = await project.kat(['history', '--json', ...args.split(' ').filter(Boolean)]);
  return documentOf(run).entries as Entry[];
}

/** Entries in short, such as `1_users up succeeded`. */
async function outline(project: Project, args = ''): Promise<string[]> {
  const entries = await entriesOf(project, args);
  return entries.map(({ migration, direction, outcome, statement }) =>
    [migration, direction, outcome, statement].filter(Boolean).join(' '),
  );
}

/** Up, down, a failure, and a stamp, the log's times a day apart and ending now. */
async function eventfulProject(major: number): Promise<DatabaseProject> {
  const project = await projectOn(major, {
    migrations: { '1_users': 'CREATE TABLE users ();', '2_posts': 'SELECT 1;' },
  });
  await project.kat('up');
  await project.kat('down');
  await project.kat('stamp 2_posts');
  project.addMigration('3_tags', "DO $$ BEGIN RAISE EXCEPTION 'no\nluck'; END $$;");
  await project.kat('up');
  await project.database.query(`UPDATE migrations_log SET logged_at = now() - (5 - id) * interval '1 day'`);
  return project;
}

const whole = [
  '3_tags up failed',
  '2_posts up stamped',
  '2_posts down succeeded',
  '2_posts up succeeded',
  '1_users up succeeded',
];

const when = String.raw`\d{4}-\d\d-\d\d \d\d:\d\d:\d\d UTC`;
const took = String.raw`[\d.]+ m?s *`;
const client = String.raw`\S+@\S+`;

function asPattern(lines: readonly string[]): RegExp {
  return new RegExp(`^${lines.join('\n')}\n$`);
}

describe.each(commandMajors())('PostgreSQL %i', (major) => {
  test('a line for each entry, and one below it for what it leaves open', async () => {
    const project = await eventfulProject(major);
    const { code, stdout, stderr } = await project.kat('history');
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toMatch(
      asPattern([
        `${when}  3_tags   up failed +${client}`,
        '  ERROR: no …',
        `${when}  2_posts  up stamped +${client}`,
        '  recorded as applied, without running SQL',
        `${when}  2_posts  down succeeded  +${took}  ${client}`,
        `${when}  2_posts  up succeeded    +${took}  ${client}`,
        `${when}  1_users  up succeeded    +${took}  ${client}`,
      ]),
    );
  });

  test('--verbose tells all of it, errors in full', async () => {
    const project = await eventfulProject(major);
    const { stdout } = await project.kat('history 3_tags -v');
    expect(stdout).toMatch(
      asPattern([
        `${when}  3_tags  up failed`,
        String.raw`  by ${userInfo().username}@\S+, as postgres, with Kat ${version}`,
        '  ERROR: no',
        String.raw`  luck \(SQLSTATE P0001\)`,
      ]),
    );
    expect((await project.kat('history -n 2 -v')).stdout).toMatch(
      /^.* 3_tags .*\n.*\n.*\n.*\n\n.* 2_posts .*\n.*\n {2}recorded as applied, without running SQL\n\nThere are/,
    );
  });

  test('--json has every field', async () => {
    const project = await eventfulProject(major);
    const document = documentOf(await project.kat('history --json'));
    expect(document).toMatchObject({ command: 'history', hasLog: true, hasMore: false });
    const [failed, , , , applied] = document.entries as Entry[];
    const who = {
      at: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$/),
      databaseUser: 'postgres',
      client: expect.stringContaining('@'),
      katVersion: version,
    };
    expect(failed).toEqual({
      ...who,
      migration: '3_tags',
      direction: 'up',
      outcome: 'failed',
      sqlstate: 'P0001',
      error: 'ERROR: no\nluck (SQLSTATE P0001)',
    });
    expect(applied).toEqual({
      ...who,
      migration: '1_users',
      direction: 'up',
      outcome: 'succeeded',
      durationMs: expect.any(Number),
    });
    expect(await outline(project)).toEqual(whole);
  });

  test('filters by migration, outcome, direction and time', async () => {
    const project = await eventfulProject(major);
    expect(await outline(project, 'posts 1')).toEqual(whole.slice(1));
    expect(await outline(project, '--outcome failed')).toEqual(whole.slice(0, 1));
    expect(await outline(project, '--direction down')).toEqual(['2_posts down succeeded']);
    expect(await outline(project, '--outcome succeeded --direction up')).toEqual(whole.slice(3));
    expect(await outline(project, '--since 36h')).toEqual(whole.slice(0, 2));
    expect(await outline(project, '--until 36h')).toEqual(whole.slice(2));
    expect(await outline(project, '--since 60h --until 36h')).toEqual(whole.slice(2, 3));
    await project.database.query(
      "UPDATE migrations_log SET logged_at = ('2025-03-0' || id || ' 12:00+00')::timestamptz",
    );
    expect(await outline(project, '--since 2025-03-04')).toEqual(whole.slice(0, 2));
    expect(await outline(project, '--until 2025-03-04')).toEqual(whole.slice(1));
    expect(await outline(project, '--since 2025-03-02T13:00+01:00 --until 2025-03-02T12:01')).toEqual(
      whole.slice(3, 4),
    );
    expect((await project.kat('history --outcome repaired')).stdout).toBe(
      'The log has no matching entries.\n',
    );
  });

  test('what is gone from the folder is still found by its name', async () => {
    const project = await eventfulProject(major);
    await project.kat('stamp --delete 2_posts --yes');
    for (const id of ['1_users', '2_posts'])
      rmSync(join(project.folder, 'migrations', id), { recursive: true });
    expect(await outline(project, 'users')).toEqual(whole.slice(4));
    expect(await outline(project, 'posts --direction down')).toEqual([
      '2_posts down stamped',
      '2_posts down succeeded',
    ]);
    expect((await project.kat('history posts -n 1')).stdout).toContain(
      'recorded as not applied, without running',
    );
    expect(await outline(project, 'head')).toEqual(whole.slice(0, 1));
    const unknown = await project.kat('history nothing');
    expect(unknown.code).toBe(2);
    expect(unknown.stderr).toContain('no migration matches "nothing"');
  });

  test('a folder that is not in order keeps nobody from the log', async () => {
    const project = await eventfulProject(major);
    project.addMigration('1_again', { up: 'SELECT 1;', parents: [99] });
    expect(await outline(project)).toEqual(whole);
  });

  test('20 entries, so many, or all', async () => {
    const project = await projectOn(major, { migrations: { '1_users': 'SELECT 1;' } });
    await project.kat('up');
    await project.database.query(`
      INSERT INTO migrations_log (migration, direction, outcome, client, kat_version)
      SELECT n || '_many', 'up', 'succeeded', 'ada@laptop', '0' FROM generate_series(2, 12001) n`);
    const ids = async (args: string) => (await entriesOf(project, args)).map(({ migration }) => migration);
    const newest = Array.from({ length: 12_000 }, (_, index) => `${12_001 - index}_many`);
    expect(await ids('')).toEqual(newest.slice(0, 20));
    expect(await ids('-n 5500')).toEqual(newest.slice(0, 5500));
    expect(await ids('--all')).toEqual([...newest, '1_users']);
    const { stdout } = await project.kat('history --limit 2');
    expect(stdout).toMatch(/^.* 12001_many .*\n.* 12000_many .*\n\nThere are older entries: .*--all.*\n$/);
    expect((await project.kat('history --limit 12001')).stdout).not.toContain('older entries');
  });

  test('single statements are shown when they are asked for', async () => {
    const project = await projectOn(major, {
      migrations: { '1_users': { up: 'CREATE TABLE users ();\nSELECT 1 / 0;', noTransaction: true } },
    });
    await project.kat('up');
    const failed = '1_users up failed 2';
    expect(await outline(project)).toEqual([failed, '1_users up started']);
    const statements = await outline(project, '--statements');
    expect(statements).toContain('1_users up statement finished 1');
    expect([statements[0], statements.at(-1)]).toEqual([failed, '1_users up started']);
    const { stdout } = await project.kat('history --statements');
    expect(stdout).toContain('  up failed in statement 2 ');
    expect(stdout).toContain('  up: statement 1 finished ');
  });

  test("a database without a log, such as Go's Kat leaves it, is told apart from an empty answer", async () => {
    const project = await projectOn(major, { migrations: { '1_users': 'SELECT 1;' } });
    const noLog = "This database has no log yet: Kat creates it in its first run. Go's Kat writes no log.\n";
    expect((await project.kat('history')).stdout).toContain(noLog);
    await project.database.query(`
      CREATE TABLE migrations (id BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY, name TEXT NOT NULL,
        migration_time TIMESTAMP WITH TIME ZONE NOT NULL DEFAULT now(), duration INTERVAL NOT NULL);
      INSERT INTO migrations (name, duration) VALUES ('1_users', '1 second')`);
    expect((await project.kat('history users')).stdout).toContain(noLog);
    expect(documentOf(await project.kat('history --json'))).toMatchObject({
      hasLog: false,
      entries: [],
      hasMore: false,
    });
  });
});

test('flags that mean nothing', async () => {
  const project = makeProject({ config: 'database:\n  host: 127.0.0.1\n  port: 1\n', migrations: {} });
  for (const [flags, message] of [
    ['--since yesterday', 'Give a date such as 2026-11-22'],
    ['--until 2026-13-01', 'Give a date such as 2026-11-22'],
    ['--limit 0', 'Give a whole number of at least 1'],
    ['--limit 2 --all', '--all and --limit cannot be combined'],
    ['--outcome lost', 'Allowed choices are succeeded, failed'],
    ['--direction sideways', 'Allowed choices are up, down'],
  ] as const) {
    const { code, stderr } = await project.kat(`history ${flags}`);
    expect(code).toBe(2);
    expect(stderr).toContain(message);
  }
});

test('on PGlite', async () => {
  const project = makeProject();
  await project.kat('init --driver pglite');
  project.addMigration('1_users', 'CREATE TABLE users ();');
  await project.kat('up');
  expect(await outline(project)).toEqual(['1_users up succeeded']);
});
