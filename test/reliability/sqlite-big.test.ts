/** Fault 36 on SQLite. */

import { expect, test } from 'vitest';
import { makeSqliteProject } from '../support/sqlite.js';
import { inserts, megabyte, peakOf } from './big-migrations.js';

const size = 100 * megabyte;
const table = 'CREATE TABLE texts (number int, content text);';

test('36: 100 MB in one migration: less than six times its size', {
  timeout: 120_000,
}, async () => {
  const project = makeSqliteProject({
    migrations: { '1_table': table, '2_texts': { up: inserts(size), parents: [1] } },
  });
  expect(await peakOf(project)).toBeLessThan(6 * size);
  expect(await project.query('SELECT count(*), min(length(content)) > 65000 FROM texts')).toEqual([
    [String(Math.ceil(size / 65_536)), '1'],
  ]);
  expect(await project.applied()).toEqual(['1_table', '2_texts']);
});

test('36: the last statement of 100 MB fails: all of it is rolled back, and the place is told', {
  timeout: 120_000,
}, async () => {
  const up = `${inserts(size)}\nSELECT wrong;`;
  const project = makeSqliteProject({ migrations: { '1_table': table, '2_texts': { up, parents: [1] } } });
  const run = await project.kat('up', { isProcess: true, timeoutMs: 110_000 });
  expect(run.code).toBe(1);
  const line = up.split('\n').length;
  expect(run.stderr).toContain(
    `no such column: wrong (SQLITE_ERROR)\n  migrations/2_texts/up.sql:${line}:8\n`,
  );
  expect(await project.query('SELECT 1 FROM texts')).toEqual([]);
  expect(await project.applied()).toEqual(['1_table']);
});
