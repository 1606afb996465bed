/** A database whose sequences are behind its rows, as the target of a logical replication is: the error says how to advance them. */

import { describe, expect, test } from 'vitest';
import { tableMigrations } from '../reliability/scene.js';
import { majors } from '../support/database.js';
import { projectOn } from '../support/kat-project.js';
import { failureOf, openKat } from './library.js';

const restartLog = 'ALTER TABLE migrations_log ALTER COLUMN id RESTART WITH 1';
const restartBoth = `ALTER SEQUENCE migrations_id_seq RESTART WITH 1; ${restartLog}`;

describe.each(majors())('PostgreSQL %i', (major) => {
  test.each([
    ['both tables, in a run', restartBoth, 'up'],
    ['the log alone, in a rollback', restartLog, 'down'],
    ['both tables, while recording', restartBoth, 'stamp'],
  ] as const)('%s', async (_what, restart, command) => {
    const project = await projectOn(major, { migrations: tableMigrations(3) });
    const { kat } = openKat(project);
    await kat.up({ count: 2 });
    await project.database.query(restart);
    const go = { up: () => kat.up(), down: () => kat.down(), stamp: () => kat.stamp({ of: ['3'] }) }[command];
    const error = await failureOf(go());
    expect(error.message).toContain('duplicate key value');
    expect(error.help).toContain('The sequences of the tracking table are behind its rows');
    const advice = [...(error.help ?? '').matchAll(/`(SELECT setval[^`]*)`/g)].map(([, sql]) => sql ?? '');
    expect(advice).toHaveLength(2);
    for (const sql of advice) await project.database.query(sql);
    await go();
    expect((await kat.status()).counts.applied).toBe(command === 'down' ? 1 : 3);
  });

  test('a name that another program has recorded meanwhile is another matter', async () => {
    const record = "INSERT INTO migrations (name, migration_time, duration) VALUES ('1_t', now(), 0)";
    const project = await projectOn(major, { migrations: { '1_t': `CREATE TABLE t (); ${record};` } });
    const error = await failureOf(openKat(project).kat.up());
    expect(error.help).not.toContain('sequences');
  });
});
