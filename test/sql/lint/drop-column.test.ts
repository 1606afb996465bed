import { expect, test } from 'vitest';
import { findBy } from './lint-sql.js';

test('each column is found where its command begins', () => {
  const up = 'ALTER TABLE "name"\n  ADD COLUMN rename int,\n  DROP COLUMN IF EXISTS "Name",\n  DROP name;';
  expect(findBy('drop-column', { up })).toEqual([
    '3:3 DROP COLUMN loses the values of Name of name, and breaks every query that still names it',
    '4:3 DROP COLUMN loses the values of name of name, and breaks every query that still names it',
  ]);
});
