/** Fault 36: a migration of 100 MB, and many large ones, with bounded memory. */

import { expect, test } from 'vitest';
import { majors } from '../support/database.js';
import { projectOn } from '../support/kat-project.js';
import { inserts, megabyte, peakOf } from './big-migrations.js';

const newest = Math.max(...majors());

test('36: 100 MB in one migration: less than three times its size', {
  timeout: 120_000,
  retry: 2,
}, async () => {
  const size = 100 * megabyte;
  const project = await projectOn(newest, {
    migrations: { '1_table': 'CREATE TABLE texts (number int, content text);', '2_texts': inserts(size) },
  });
  expect(await peakOf(project)).toBeLessThan(3 * size);
  const [row] = await project.database.query(
    "SELECT count(*)::int AS count, bool_and(content LIKE number || ' x%' AND length(content) > 65000) AS are_whole FROM texts",
  );
  expect(row).toEqual({ count: Math.ceil(size / 65_536), are_whole: true });
  expect(await project.applied()).toEqual(['1_table', '2_texts']);
});

test('36: the last statement of 100 MB fails: all of it is rolled back, and the place is told', {
  timeout: 120_000,
}, async () => {
  const project = await projectOn(newest, {
    migrations: {
      '1_table': 'CREATE TABLE texts (number int, content text);',
      '2_texts': `${inserts(100 * megabyte)}\nSELECT 1 / 0;`,
    },
  });
  const run = await project.kat('up', { isProcess: true, timeoutMs: 110_000 });
  expect(run.code).toBe(1);
  expect(run.stderr).toContain('Error details: ERROR: division by zero (SQLSTATE 22012)\n');
  expect(await project.database.query('SELECT 1 FROM texts')).toEqual([]);
  expect(await project.applied()).toEqual(['1_table']);
});

test('36: many large migrations: only what is under way is in memory', { timeout: 120_000 }, async () => {
  const text = inserts(megabyte);
  const migrations = Object.fromEntries(
    Array.from({ length: 120 }, (_, index) => [`${index + 2}_texts`, text]),
  );
  const project = await projectOn(newest, {
    migrations: { '1_table': 'CREATE TABLE texts (number int, content text);', ...migrations },
  });
  const alone = await peakOf(
    await projectOn(newest, {
      migrations: { '1_table': 'CREATE TABLE texts (number int, content text);', '2_texts': text },
    }),
  );
  expect(await peakOf(project)).toBeLessThan(alone + 120 * megabyte);
  expect((await project.applied()).length).toBe(121);
});

test('36: thousands of small migrations: what one leaves is collected before it adds up', {
  timeout: 120_000,
}, async () => {
  const numbered = (count: number) =>
    Object.fromEntries(
      Array.from({ length: count }, (_, index) => [
        `${index + 1}_table`,
        `CREATE TABLE table_${index} (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, title text NOT NULL);`,
      ]),
    );
  const alone = await peakOf(await projectOn(newest, { migrations: numbered(1) }));
  const project = await projectOn(newest, { migrations: numbered(3000) });
  expect(await peakOf(project)).toBeLessThan(alone + 45 * megabyte);
  expect((await project.applied()).length).toBe(3000);
});
