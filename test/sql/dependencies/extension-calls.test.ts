/** What calls of functions of extensions name in texts is needed. */

import { expect, test } from 'vitest';
import { inferDependencies } from '../../../src/sql/dependencies/infer.js';
import { readEffects } from '../../../src/sql/effects/read-effects.js';
import { loadParser } from '../../../src/sql/syntax/parse.js';

const parser = await loadParser();

const before = [
  'create schema app; create table app.events (at timestamptz, company int)',
  'create table other (company int)',
  'alter table app.events add column place text',
  'create table "Odd.Name" (at timestamptz)',
];

/** The migrations among those before that a call needs. */
function needs(call: string, isConservative = false): string {
  const texts = [...before, call];
  const history = texts.map((text, index) => ({ id: String(index), effects: readEffects(parser, text) }));
  return inferDependencies(history, { isConservative }).at(-1)?.parents.join() ?? '';
}

test.each([
  ["select create_distributed_table('app.events', 'company')", '0'],
  ["select create_distributed_table('app.events'::regclass, 'place')", '2'],
  ["select create_distributed_table('app.events', 'company', colocate_with => 'other')", '0,1'],
  ["select create_distributed_table('app.events', 'company', 'hash', 'other')", '0,1'],
  ["select create_distributed_table('other', 'company', colocate_with := 'none')", '1'],
  ["select create_distributed_table_concurrently('other', 'company')", '1'],
  ["select create_reference_table('other')", '1'],
  ["select pg_catalog.citus_add_local_table_to_metadata('other')", '1'],
  ["select undistribute_table(table_name => 'other')", '1'],
  ["select alter_distributed_table('other', distribution_column := 'company')", '1'],
  ["do $$ begin perform create_distributed_table('other', 'company'); end $$", '1'],
  [`select create_hypertable('"Odd.Name"', 'at')`, '3'],
  ["select create_hypertable('app.events', by_range('at'))", '0'],
  ["select add_retention_policy('app.events', interval '1 year')", '0'],
  ["call refresh_continuous_aggregate('other', null, null)", '1'],
  ["select attach_tablespace('disk', 'other')", '1'],
  ["select AddGeometryColumn('other', 'place', 4326, 'POINT', 2)", '1'],
  ["select AddGeometryColumn('app', 'events', 'area', 4326, 'POINT', 2, false)", '0'],
  ["select UpdateGeometrySRID('app', 'events', 'place', 4326)", '2'],
  ["select DropGeometryColumn('db', 'app', 'events', 'place')", '2'],
  ["select create_distributed_table(format('%I', 'other'), 'company')", ''],
])('%s', (call, expected) => expect(needs(call)).toBe(expected));

test('a function that a project may have itself is only a guess', () => {
  const call = "select partman.create_parent(p_parent_table := 'app.events', p_control := 'at')";
  expect([needs(call), needs(call, true)]).toEqual(['', '0']);
});
