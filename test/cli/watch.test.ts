/** `kat watch`: a real run in progress, seen from another process. */

import { describe, expect, test } from 'vitest';
import type { RunObservation } from '../../src/index.js';
import { openKat } from '../engine/library.js';
import { holdTransaction, untilRunning } from '../reliability/scene.js';
import { commandMajors, majors } from '../support/database.js';
import { documentOf } from '../support/document.js';
import { eventually } from '../support/eventually.js';
import { type DatabaseProject, projectOn } from '../support/kat-project.js';
import { screenOf, startInTerminal } from '../support/terminal.js';

/** Looks until the other sessions have waited long enough to be named. */
function untilSeen(project: DatabaseProject): Promise<RunObservation> {
  return eventually('a session that waits for the run', async () => {
    const seen = documentOf(await project.kat('watch --json')) as unknown as RunObservation;
    return (seen.migrations[0]?.waiting.length ?? 0) > 0 && seen;
  });
}

describe.concurrent.each(commandMajors())('PostgreSQL %i', (major) => {
  test('a blocked migration: who runs it, whom it waits for, down to the cause, and who waits for it', async () => {
    const project = await projectOn(major, {
      migrations: { '1_work': { up: 'SELECT 1;\nALTER TABLE orders ADD b int;', noTransaction: true } },
    });
    const { database } = project;
    await database.query('CREATE TABLE orders (); CREATE TABLE customers ()');
    expect((await project.kat('watch --once')).stdout).toBe('No run is in progress\n');
    const cause = await holdTransaction(database, "LOCK TABLE customers; SELECT 's3cret'");
    const report = await holdTransaction(database, 'SELECT FROM orders');
    const reported = report.query('SELECT FROM customers');
    const { ended } = await project.start('up --lock-timeout 0');
    const processId = await untilRunning(database, 'ALTER TABLE orders');
    const web = holdTransaction(database, 'SELECT FROM orders');
    const seen = await untilSeen(project);
    expect(seen.runners).toHaveLength(2);
    expect(seen.migrations).toEqual([
      expect.objectContaining({
        ...{ id: '1_work', direction: 'up', command: 'up', statement: 2, statements: 2, processId },
        client: expect.stringMatching(/^\S+@\S+$/),
        blockers: [
          expect.objectContaining({ processId: report.processId, blocks: [processId] }),
          expect.objectContaining({ processId: cause.processId, blocks: [report.processId] }),
        ],
        waiting: [expect.objectContaining({ applicationName: 'the application' })],
      }),
    ]);
    const { stdout } = await project.kat('watch --once');
    expect(stdout).toMatch(
      new RegExp(
        [
          String.raw`^▸ 1_work \(up\) {2}\d+s`,
          String.raw`  kat up, run by \S+@\S+, process \d+ on that computer, server process ${processId}`,
          '  statement 2 of 2',
          String.raw`  1 session waits for it, the longest for \d+s: the application \(process \d+\)`,
          String.raw`  waits for the application \(process ${report.processId}, active for \d+s\): SELECT FROM customers`,
          String.raw`    waits for the application \(process ${cause.processId}, idle in transaction for \d+s\): .*`,
          '$',
        ].join('\n'),
      ),
    );
    expect(stdout + JSON.stringify(seen)).not.toContain('s3cret');
    const terminal = await startInTerminal('watch', { cwd: project.folder });
    await eventually('the run on the screen', () =>
      screenOf(terminal.written()).join('\n').includes('▸ 1_work (up)'),
    );
    terminal.interrupt();
    expect(await terminal.ended).toBe(130);
    const { kat } = openKat(project);
    const end = new AbortController();
    const ids: string[][] = [];
    for await (const { migrations } of kat.watch(end.signal)) {
      ids.push(migrations.map(({ id }) => id));
      if (ids.length === 2) end.abort();
    }
    expect(ids).toEqual([['1_work'], ['1_work']]);
    await cause.release();
    await reported;
    await report.release();
    await (await web).release();
    expect((await ended).code).toBe(0);
    for await (const { runners, migrations } of kat.watch()) {
      expect([runners, migrations]).toEqual([[], []]);
      break;
    }
  });
});

test('without a run it says that it waits', async () => {
  const project = await projectOn(majors()[0] as number, {});
  const terminal = await startInTerminal('watch', { cwd: project.folder });
  await eventually('what it waits for', () =>
    screenOf(terminal.written())
      .join('\n')
      .includes('No run is in progress. Waiting for one: press Ctrl-C to stop'),
  );
  terminal.interrupt();
  expect(await terminal.ended).toBe(130);
});

test('a wrong signal is refused before anything is opened', async () => {
  const { kat } = openKat(await projectOn(majors()[0] as number, {}));
  const next = kat
    .watch({} as AbortSignal)
    [Symbol.asyncIterator]()
    .next();
  await expect(next).rejects.toMatchObject({ code: 'USAGE' });
});
