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
  expect(find(`${block('CREATE VIEW totals AS SELECT 1')}; ${drop}`)).toHaveLength(1);
});
