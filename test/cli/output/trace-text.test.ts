import { expect, test } from 'vitest';
import { createStyle } from '../../../src/cli/output/style.js';
import { formatTrace } from '../../../src/cli/output/trace-text.js';
import type { Trace } from '../../../src/engine/trace/result.js';

const users = { schema: 'public', name: 'users' };
const index = { schema: 'public', name: 'users_email' };
const nothing = { locks: [], rewrites: [], scans: [], queries: [], isWhole: true };

const trace: Trace = {
  server: '18.4',
  missing: [{ id: '1_map', reason: 'extension "postgis" is not available' }],
  migrations: [
    {
      id: '2_users',
      untraced: { reason: 'type "geometry" does not exist', line: 9 },
      statements: [
        {
          ...{ line: 1, column: 1, text: 'ALTER TABLE users\n  ADD COLUMN x int DEFAULT f()' },
          predicted: { ...nothing, locks: [{ relation: users, mode: 'SHARE' }] },
          observed: {
            locks: [
              { relation: users, mode: 'ACCESS EXCLUSIVE', isTable: true },
              { relation: index, mode: 'ACCESS EXCLUSIVE', isTable: false },
            ],
            rewrites: [users],
            scans: [],
          },
          differences: [
            { what: 'lock', relation: users, predicted: 'SHARE', observed: 'ACCESS EXCLUSIVE' },
            { what: 'rewrite', relation: users, isPredicted: false },
          ],
        },
        {
          ...{
            line: 4,
            column: 1,
            text: `CREATE INDEX CONCURRENTLY ${'users_email'.repeat(9)} ON users (email)`,
          },
          predicted: { ...nothing, locks: [{ relation: users, mode: 'SHARE UPDATE EXCLUSIVE' }] },
          observed: { locks: undefined, rewrites: [], scans: [users] },
          differences: [],
        },
        {
          ...{ line: 5, column: 1, text: 'SELECT 1' },
          ...{ predicted: nothing, observed: { locks: [], rewrites: [], scans: [] }, differences: [] },
        },
      ],
    },
  ],
};

test('each statement is shown with what it did, and with what was not predicted of it', () => {
  expect(formatTrace(trace, createStyle({ isColoured: false }))).toBe(`2_users
  1: ALTER TABLE users ADD COLUMN x int DEFAULT f()
     ACCESS EXCLUSIVE on users
     writes users anew
   ≠ users: predicted SHARE, observed ACCESS EXCLUSIVE
   ≠ users: predicted to be not written anew, observed to be
  4: CREATE INDEX CONCURRENTLY users_emailusers_emailusers_emailusers_emai…
     SHARE UPDATE EXCLUSIVE on users (predicted: it runs outside of a transaction)
     reads all of users
  5: SELECT 1
     locks no table
  • not traced from line 9 on: type "geometry" does not exist

• 1_map: not executed: extension "postgis" is not available

3 statements traced on an embedded PostgreSQL 18.4, 1 not as predicted, 1 migration not traced to its end
`);
});

test('what could not be known before is not called as predicted', () => {
  const plain = trace.migrations[0]?.statements[2];
  if (!plain) throw new Error('no statement to show');
  const block = { ...plain, text: 'DO $$ $$', predicted: { ...nothing, isWhole: false } };
  const last = (...statements: (typeof plain)[]) =>
    formatTrace(
      { server: '18.4', missing: [], migrations: [{ id: '1_a', statements }] },
      createStyle({ isColoured: false }),
    )
      .trimEnd()
      .split('\n')
      .at(-1);
  expect(last(plain)).toBe('1 statement traced on an embedded PostgreSQL 18.4, all as predicted');
  expect(last(block)).toBe('1 statement traced on an embedded PostgreSQL 18.4, 1 predicted only in part');
  expect(last(plain, block)).toBe(
    '2 statements traced on an embedded PostgreSQL 18.4, 1 predicted only in part, the others as predicted',
  );
});
