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

  test.each([
    ['migrations', "SELECT setval('migrations_id_seq', 2147483647)", 'set back', 'up'],
    ['migrations', "SELECT setval('migrations_id_seq', 2147483647)", 'set back', 'stamp'],
    ['migrations_log', "SELECT setval('migrations_log_id_seq', 9223372036854775807)", 'set back', 'up'],
    [
      'migrations',
      "UPDATE migrations SET id = 2147483647 WHERE name = '2_t2'; SELECT setval('migrations_id_seq', 2147483647)",
      'widen',
      'up',
    ],
    ['migrations_log', 'ALTER SEQUENCE migrations_log_id_seq MAXVALUE 2', 'widen', 'up'],
  ] as const)(
    'the sequence of %s is at its end: %s, and the advice to %s it',
    async (table, spend, way, command) => {
      const project = await projectOn(major, { migrations: tableMigrations(3) });
      const { kat } = openKat(project);
      await kat.up({ count: 2 });
      await project.database.query(spend);
      const go = () => (command === 'up' ? kat.up() : kat.stamp({ of: ['3'] }));
      const error = await failureOf(go());
      expect(error.message).toContain('reached maximum value of sequence');
      expect(error.help).toContain(
        `The sequence "public"."${table}_id_seq" of "public"."${table}" has no further ids`,
      );
      expect((await kat.status()).counts.applied).toBe(2);
      const [look, back, widen] = [...(error.help ?? '').matchAll(/`((?:SELECT|ALTER)[^`]*)`/g)].map(
        ([, sql]) => sql ?? '',
      );
      for (const sql of [look, way === 'widen' ? widen : back]) await project.database.query(sql ?? '');
      await go();
      expect((await kat.status()).counts.applied).toBe(3);
      expect((await kat.history()).entries[0]?.migration).toBe('3_t3');
    },
  );

  test('a sequence of a migration that is at its end is another matter', async () => {
    const project = await projectOn(major, {
      migrations: {
        '1_t': "CREATE SEQUENCE own MAXVALUE 2; SELECT nextval('own') FROM generate_series(1, 3);",
      },
    });
    const error = await failureOf(openKat(project).kat.up());
    expect(error.message).toContain('reached maximum value of sequence');
    expect(error.help).not.toContain('has no further ids');
  });

  test('a name that another program has recorded meanwhile is another matter', async () => {
    const record = "INSERT INTO migrations (name, migration_time, duration) VALUES ('1_t', now(), 0)";
    const project = await projectOn(major, { migrations: { '1_t': `CREATE TABLE t (); ${record};` } });
    const error = await failureOf(openKat(project).kat.up());
    expect(error.help).not.toContain('sequences');
  });
});
