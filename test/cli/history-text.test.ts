/** The table of `kat history` fits the terminal, whatever it has to show. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { formatHistoryTable } from '../../src/cli/output/history-text.js';
import { createStyle } from '../../src/cli/output/style.js';
import type { HistoryEntry } from '../../src/index.js';

const style = createStyle({ isColoured: false });

const entry: HistoryEntry = {
  at: '2026-11-22T18:00:01.123456Z',
  migration: '1679012345_create_users_with_a_long_name',
  direction: 'up',
  outcome: 'failed',
  durationMs: 1500,
  error: 'ERROR: it is a long story\nof two lines',
  databaseUser: 'postgres',
  client: 'ada@laptop.example.com',
  katVersion: '0.1.0',
};

const lines = (columns: number | undefined) => formatHistoryTable([entry], { style, columns });

test('the name of the migration gives way first, then the client', () => {
  expect(lines(undefined)).toEqual([
    '2026-11-22 18:00:01 UTC  1679012345_create_users_with_a_long_name  up failed  1.5 s  ada@laptop.example.com',
    '  ERROR: it is a long story …',
  ]);
  expect(lines(90)).toEqual([
    '2026-11-22 18:00:01 UTC  1679012345_create_user…  up failed  1.5 s  ada@laptop.example.com',
    '  ERROR: it is a long story …',
  ]);
  expect(lines(72)).toEqual([
    '2026-11-22 18:00:01 UTC  1679012345_crea…  up failed  1.5 s  ada@laptop…',
    '  ERROR: it is a long story …',
  ]);
  expect(lines(20).at(-1)).toBe('  ERROR: it is a lo…');
});

test('no line is longer than the terminal, where it has room for the times', () => {
  fc.assert(
    fc.property(fc.integer({ min: 64, max: 200 }), fc.string({ minLength: 1 }), (columns, client) => {
      const table = formatHistoryTable([{ ...entry, client }, entry], { style, columns });
      expect(Math.max(...table.map((line) => line.length))).toBeLessThanOrEqual(columns);
    }),
  );
});
