/** What others can send without end is bounded, and it says what was left out. */
import { describe, expect, test } from 'vitest';
import type { MigrationError } from '../../src/errors.js';
import { majors } from '../support/database.js';
import { makeProject, projectOn } from '../support/kat-project.js';
import { eventsOf, failureOf, openKat } from './library.js';

const raise = (level: string, count: number) =>
  `DO $$ BEGIN FOR i IN 1..${count} LOOP RAISE ${level} 'number %', i; END LOOP; END $$;`;

describe.each(majors())('on PostgreSQL %i', (major) => {
  test.each([
    ['in a transaction', false],
    ['statement by statement', true],
  ])('notices and warnings, each up to a thousand: %s', async (_how, noTransaction) => {
    const up = `${raise('NOTICE', 2_500)} ${raise('WARNING', 1_001)}`;
    const project = await projectOn(major, { migrations: { '1_one': { up, noTransaction } } });
    const { kat, events } = openKat(project);
    await kat.up();
    const notices = eventsOf(events, 'notice').map(({ notice }) => notice);
    const ofKind = (kind: string) => notices.filter(({ severity }) => severity === kind);
    expect(ofKind('NOTICE')).toHaveLength(1_001);
    expect(ofKind('NOTICE').at(-1)?.message).toBe('1500 more messages of this severity are not shown');
    expect(ofKind('WARNING')).toHaveLength(1_001);
    expect(ofKind('WARNING').at(-1)?.message).toBe('1 more messages of this severity are not shown');
  });

  test('rows of a migration are dropped, and its duration is still read', async () => {
    const project = await projectOn(major, {
      migrations: { '1_one': 'SELECT * FROM generate_series(1, 5000); SELECT 2 UNION SELECT 3;' },
    });
    const { kat } = openKat(project);
    const { migrations } = await kat.up();
    expect(migrations[0]?.durationMs).toBeGreaterThan(0);
  });

  test('an error is short where it is thrown, stored and shown', async () => {
    const up = `DO $$ BEGIN RAISE EXCEPTION USING MESSAGE = repeat('e', 100000), DETAIL = repeat('d', 100000); END $$;`;
    const project = await projectOn(major, { migrations: { '1_one': up } });
    const { kat } = openKat(project);
    const error = await failureOf(kat.up());
    expect(error.message).toMatch(/^ERROR: e+… \(9\d{4} more characters\) \(SQLSTATE P0001\)$/);
    expect((error as MigrationError).report?.detail?.length).toBeLessThanOrEqual(4_000);
    const [stored] = await project.database.query(
      "SELECT length(error) AS length FROM migrations_log WHERE outcome = 'failed'",
    );
    expect(Number(stored?.length)).toBeLessThan(4_100);
    await project.database.query(
      "UPDATE migrations_log SET error = repeat('o', 1000000), client = repeat('c', 1000000)",
    );
    const [entry] = (await kat.history()).entries;
    expect(entry?.error).toMatch(/^o{4000}… \(996000 more characters\)$/);
    expect(entry?.client.length).toBeLessThan(4_100);
  });
});

test('an error in a long line shows the part around it, in every document', async () => {
  const up = `SELECT ${'1 + '.repeat(100_000)} nope(;`;
  const project = makeProject({ config: 'database:\n  driver: pglite\n', migrations: { '1_one': up } });
  const run = await project.kat('up --json');
  const [problem] = JSON.parse(run.stdout).error.problems;
  expect(problem.location.column).toBe(400_014);
  expect(problem.location.sourceLine.length).toBeLessThanOrEqual(400);
  expect([...problem.location.sourceLine][problem.location.sourceColumn - 1]).toBe(';');
  expect(run.stdout.length).toBeLessThan(5_000);
});
