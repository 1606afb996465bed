/** `--events`: each event is a line of JSON that the published schema allows, and the document is the last one. */

import { readFileSync } from 'node:fs';
import { Ajv } from 'ajv';
import { expect, test } from 'vitest';
import { holdTransaction, untilRunning, untilSays } from '../reliability/scene.js';
import { checkDocument } from '../support/check-document.js';
import { commandMajors } from '../support/database.js';
import { projectOn } from '../support/kat-project.js';

const isEvent = new Ajv({ strict: false }).compile(
  JSON.parse(readFileSync('schemas/events.schema.json', 'utf8')),
);

/** The events, and the document behind them. */
function read(stdout: string) {
  const lines = stdout.trimEnd().split('\n');
  const document = checkDocument(lines.pop() ?? '');
  const events = lines.map((line) => JSON.parse(line) as { event: string });
  for (const event of events) expect(isEvent(event), JSON.stringify([event, isEvent.errors])).toBe(true);
  return { document, events, names: events.map(({ event }) => event) };
}

test.each(commandMajors())(
  'PostgreSQL %i: a run with a session that is waited for, and a failure',
  async (major) => {
    const project = await projectOn(major, {
      migrations: {
        '1_work': "DO $$ BEGIN RAISE WARNING 'a\u001bb'; END $$; ALTER TABLE orders ADD b int;",
        '2_wrong': { up: 'SELECT 1/0;', parents: [1] },
      },
    });
    await project.database.query('CREATE TABLE orders ()');
    const report = await holdTransaction(project.database, 'SELECT FROM orders');
    const running = await project.start('up --events --lock-timeout 0');
    await untilRunning(project.database, 'ALTER TABLE orders');
    await untilSays(running, 'Waiting for process');
    await report.release();
    const { code, stdout } = await running.ended;
    expect(code).toBe(1);
    expect(stdout).not.toContain('\u001b');
    const { document, events, names } = read(stdout);
    expect(document).toMatchObject({ ok: false, migrations: [{ id: '1_work' }] });
    // A notice may come before or after the look that finds the other session.
    expect(names.filter((name) => name !== 'activity').sort()).toEqual([
      ...['blocked', 'connected', 'connecting', 'failed', 'linted', 'notice', 'planned'],
      ...['started', 'started', 'succeeded'],
    ]);
    expect(events.find(({ event }) => event === 'activity')).toMatchObject({
      id: '1_work',
      blockers: [{ processId: report.processId }],
      waiting: [],
    });
    const again = read((await project.kat('down --events')).stdout);
    expect(again.document).toMatchObject({ command: 'down', ok: true });
    expect(again.names).toEqual(['connecting', 'connected', 'planned', 'started', 'succeeded']);
  },
);
