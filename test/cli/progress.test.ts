/** What a run shows on a terminal while it works, and what elsewhere. */

import { describe, expect, test } from 'vitest';
import { createActivityScreen } from '../../src/cli/output/run/activity-screen.js';
import { holdSnapshot, holdTransaction, untilRunning } from '../reliability/scene.js';
import { commandMajors, type TestDatabase } from '../support/database.js';
import { eventually } from '../support/eventually.js';
import { projectOn } from '../support/kat-project.js';
import { screenOf, startInTerminal, type TerminalRun } from '../support/terminal.js';

function untilShown(run: TerminalRun, pattern: RegExp): Promise<string> {
  return eventually(`${pattern} on the screen`, () => {
    const screen = screenOf(run.written()).join('\n');
    return pattern.test(screen) && screen;
  });
}

async function rows(database: TestDatabase, count: number): Promise<void> {
  await database.query(
    `CREATE TABLE orders (id int, note text); INSERT INTO orders SELECT i, repeat('x', 50) FROM generate_series(1, ${count}) i; ANALYZE orders`,
  );
}

const promised = [
  /^Attempting to ping database$/,
  /^Successfully connected to database!$/,
  /^1_work $/,
  /^Successfully applied 1 migrations$/,
];

/** That the promised lines are the only ones, apart from those of a remark. */
function expectPromised(run: TerminalRun): void {
  const lines = screenOf(run.written()).map((line) => line.trimEnd());
  for (const pattern of promised) {
    expect(lines.filter((line) => pattern.test(line) || pattern.test(`${line} `))).toHaveLength(1);
  }
  expect(lines.join('\n')).not.toContain('▸');
}

describe.each(commandMajors())('PostgreSQL %i', (major) => {
  test('an index build through its phases, with the session that it waits for', async () => {
    const up = 'SELECT 1;\nCREATE INDEX CONCURRENTLY by_slow ON orders (slow(id));';
    const project = await projectOn(major, { migrations: { '1_work': { up, noTransaction: true } } });
    const { database } = project;
    await rows(database, 300);
    await database.query(`CREATE FUNCTION slow(int) RETURNS int IMMUTABLE LANGUAGE plpgsql AS $$ BEGIN
      PERFORM pg_sleep(0.02); RETURN $1; END $$`);
    const writer = await holdTransaction(database, "INSERT INTO orders VALUES (0, 'a')");
    const run = await startInTerminal('up', { cwd: project.folder });
    const waiting = await untilShown(run, /waiting for writers before build/);
    expect(waiting).toMatch(
      new RegExp(
        String.raw`\n▸ 1_work {2}\[1/1\] {2}\d+s\n {2}statement 2 of 2 · CREATE INDEX CONCURRENTLY on public\.orders\n {2}waiting for writers before build {2}░{10} 0 % \(0 of 1 transactions\), process ${writer.processId}\n {2}waits for the application \(process ${writer.processId}, idle in transaction for \d+s\)`,
      ),
    );
    const snapshot = await holdSnapshot(database);
    await writer.release();
    await untilShown(run, /building index: scanning table|index validation: scanning table/);
    await untilShown(run, /waiting for old snapshots {2}░+ 0 %/);
    await snapshot.release();
    expect(await run.ended).toBe(0);
    expectPromised(run);
  });

  test('a blocked ALTER TABLE with its blocker, and the sessions that are queued behind it', async () => {
    const project = await projectOn(major, {
      migrations: { '1_work': 'CREATE TABLE t1 (); ALTER TABLE orders ADD b int;' },
    });
    const { database } = project;
    await rows(database, 10);
    const report = await holdTransaction(database, 'SELECT FROM orders');
    const run = await startInTerminal('up --lock-timeout 0', { cwd: project.folder, columns: 60 });
    await untilRunning(database, 'ALTER TABLE orders');
    const web = holdTransaction(database, "SELECT 's3cret' FROM orders");
    const screen = await untilShown(run, /waits for it/);
    expect(screen).toMatch(
      new RegExp(
        String.raw`\n▸ 1_work {2}\[1/1\] {2}\d+s\n {2}waits for the application \(process ${report.processId}, idle in .*…\n {2}1 session waits for it, the longest for \d+s: the appli.*…$`,
      ),
    );
    for (const line of screen.slice(screen.indexOf('▸')).split('\n')) expect(line.length).toBeLessThan(60);
    await report.release();
    await (await web).release();
    expect(await run.ended).toBe(0);
    expectPromised(run);
    expect(run.written()).not.toContain('s3cret');
  });

  test.each([
    ['--progress lines', {}],
    ['--progress none', {}],
    ['', { CI: 'true' }],
    ['', { NO_COLOR: '1' }],
    ['', { TERM: 'dumb' }],
  ])('nothing is drawn: up %s, %o', async (flags, env) => {
    const project = await projectOn(major, { migrations: { '1_work': 'ALTER TABLE orders ADD b int;' } });
    await rows(project.database, 10);
    const report = await holdTransaction(project.database, 'SELECT FROM orders');
    const run = await startInTerminal(`up --lock-timeout 0 ${flags} --no-color`, {
      cwd: project.folder,
      env,
    });
    await untilShown(run, /\n {2}Waiting for process/);
    await report.release();
    expect(await run.ended).toBe(0);
    expect(run.written()).not.toContain('\u001b');
    expectPromised(run);
  });
});

const activity = { id: '1_work', number: 1, total: 2, blockers: [], waiting: [] };

test('without a terminal, a line after 10 and 30 seconds and a minute, then once a minute', () => {
  const said: string[] = [];
  const output = { draw: () => expect.unreachable(), say: (line: string) => void said.push(line) };
  const screen = createActivityScreen(output, { mode: 'auto', isLive: false });
  const progress = {
    command: 'VACUUM',
    phase: 'scanning heap',
    relation: 'public.t',
    unit: 'blocks',
    total: 200_000,
  } as const;
  for (let seconds = 1; seconds <= 200; seconds += 1) {
    screen.show({
      ...activity,
      runningMs: seconds * 1_000,
      progress: { ...progress, done: seconds * 1_000 },
    });
  }
  screen.show({
    ...activity,
    id: '2_next',
    runningMs: 10_000,
    table: { name: 'public.big', rows: 20_123_456, bytes: 3 << 29 },
  });
  expect(said).toEqual([
    '  1_work runs for 10s; VACUUM on public.t; scanning heap  ░░░░░░░░░░ 5 % (10.0 k of 200.0 k blocks), about 3m 10s left',
    '  1_work runs for 30s; VACUUM on public.t; scanning heap  █░░░░░░░░░ 15 % (30.0 k of 200.0 k blocks), about 2m 50s left',
    '  1_work runs for 1m 0s; VACUUM on public.t; scanning heap  ███░░░░░░░ 30 % (60.0 k of 200.0 k blocks), about 2m 20s left',
    '  1_work runs for 2m 0s; VACUUM on public.t; scanning heap  ██████░░░░ 60 % (120.0 k of 200.0 k blocks), about 1m 20s left',
    '  1_work runs for 3m 0s; VACUUM on public.t; scanning heap  █████████░ 90 % (180.0 k of 200.0 k blocks), about 20s left',
    '  2_next runs for 10s; holds a lock on public.big (about 20.1 M rows, 1536.0 MB)',
  ]);
});

test('several running migrations are drawn one below the other, until each has ended', () => {
  const drawn: string[] = [];
  const output = { draw: (text: string) => void drawn.push(text), say: () => expect.unreachable() };
  const screen = createActivityScreen(output, { mode: 'auto', isLive: true });
  screen.show({ ...activity, runningMs: 1_000 });
  screen.show({ ...activity, id: '2_next', number: 2, runningMs: 61_000 });
  screen.show({ ...activity, runningMs: 2_000 });
  screen.end('1_work');
  screen.end('1_work');
  screen.end('2_next');
  expect(drawn).toEqual([
    '▸ 1_work  [1/2]  1s',
    '▸ 1_work  [1/2]  1s\n▸ 2_next  [2/2]  1m 1s',
    '▸ 1_work  [1/2]  2s\n▸ 2_next  [2/2]  1m 1s',
    '▸ 2_next  [2/2]  1m 1s',
    '',
  ]);
});
