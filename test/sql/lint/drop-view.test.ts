import { expect, test } from 'vitest';
import { findBy } from './lint-sql.js';

test('a view that a later block or procedure makes again is not missed', () => {
  const block = (sql: string) => `DO $$ BEGIN IF true THEN ${sql}; END IF; END $$`;
  const find = (up: string) => findBy('drop-view', { up });
  const drop = 'DROP VIEW IF EXISTS Totals';
  expect(find(`${drop}; ${block('CREATE MATERIALIZED VIEW IF NOT EXISTS Totals AS SELECT 1')}`)).toEqual([]);
  expect(find(`${drop}; ${block('CREATE OR REPLACE VIEW public."totals" AS SELECT 1')}`)).toEqual([]);
  const routine =
    "CREATE PROCEDURE p() LANGUAGE plpgsql AS $$ BEGIN EXECUTE 'CREATE VIEW totals AS SELECT 1'; END $$";
  expect(find(`${drop}; ${routine}; CALL p()`)).toEqual([]);
  expect(find(`${drop}; ${block('CREATE VIEW others AS SELECT 1')}`)).toHaveLength(1);
});

test('a view that a block may have made is missed only if it was there before', () => {
  const up = 'DO $$ BEGIN IF true THEN CREATE VIEW totals AS SELECT 1; END IF; END $$; DROP VIEW totals';
  expect(findBy('drop-view', { up })).toEqual([]);
  expect(findBy('drop-view', { up, applied: ['CREATE VIEW totals AS SELECT 2'] })).toHaveLength(1);
});

test('a view that is replaced is still the one that was there', () => {
  const up = 'CREATE OR REPLACE VIEW totals AS SELECT 1; DROP VIEW totals';
  expect(findBy('drop-view', { up })).toEqual([]);
  expect(findBy('drop-view', { up, applied: ['CREATE VIEW totals AS SELECT 2'] })).toHaveLength(1);
});
