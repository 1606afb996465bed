/** Another type for a column of a foreign key concerns the table on its other side: locks, and rows that are checked again. */

import { afterAll, expect, test } from 'vitest';
import { SqlError } from '../../../src/errors.js';
import { openStage } from './agree.js';

const types = [
  ...['int', 'bigint', 'oid', 'regclass', 'numeric(5)', 'numeric(10)', 'varchar(5)', 'varchar(10)', 'text'],
  ...[
    'char(5)',
    'timestamp(3)',
    'timestamp(6)',
    'timestamptz',
    'cidr',
    'inet',
    'bit(3)',
    'varbit(3)',
    'interval',
  ],
];

const beginning = types
  .map(
    (type, index) =>
      `CREATE TABLE one${index} (id ${type} PRIMARY KEY); CREATE TABLE many${index} (one ${type} REFERENCES one${index})`,
  )
  .join(';\n');

const stage = await openStage(beginning);
afterAll(() => stage.close());

const changes = types.flatMap((to) =>
  types.flatMap((_, index) => [
    `ALTER TABLE one${index} ALTER id TYPE ${to}`,
    `ALTER TABLE many${index} ALTER one TYPE ${to}`,
  ]),
);

test('both sides are locked and read as predicted', async () => {
  const wrong: unknown[] = [];
  let compared = 0;
  for (const sql of changes) {
    try {
      const { differences } = await stage.play(sql);
      compared += 1;
      if (differences.length > 0) wrong.push({ sql, differences });
    } catch (error) {
      // Many types cannot become each other, nor refer to each other.
      if (!(error instanceof SqlError)) throw error;
    }
  }
  expect(wrong).toEqual([]);
  expect(compared).toBeGreaterThan(60);
});
