/** Decides whether an expression may differ for each row: such a default rewrites every row. */

import type { FuncCall } from '@pgsql/types';
import { isBuiltinFunction } from '../postgres/builtin-names.js';
import { isSystemSchema } from '../postgres/system-schemas.js';
import { calledRoutines, exactRoutines } from '../schema/called-routines.js';
import type { Routine, Schema } from '../schema/schema.js';
import { namePartsOf } from '../syntax/object-names.js';
import { nodesIn } from '../syntax/objects-in.js';

/** PostgreSQL's own volatile functions (pg_proc.dat, `provolatile` = v), as far as a default may sensibly call them. */
const volatileBuiltins: ReadonlySet<string> = new Set([
  'array_sample',
  'array_shuffle',
  'clock_timestamp',
  'currval',
  'gen_random_uuid',
  'lastval',
  'nextval',
  'pg_advisory_lock',
  'pg_current_wal_insert_lsn',
  'pg_current_wal_lsn',
  'pg_database_size',
  'pg_relation_size',
  'pg_sleep',
  'pg_total_relation_size',
  'pg_try_advisory_lock',
  'query_to_xml',
  'random',
  'random_normal',
  'set_config',
  'setseed',
  'setval',
  'timeofday',
  'uuidv4',
  'uuidv7',
]);

/** Functions of contrib extensions that are not volatile and that defaults call. */
const steadyOfExtensions: ReadonlySet<string> = new Set([
  'uuid_nil',
  'uuid_ns_dns',
  'uuid_ns_oid',
  'uuid_ns_url',
  'uuid_ns_x500',
  'digest',
  'hstore',
  'unaccent',
]);

/** Functions that no migration creates count as volatile. */
export function isVolatile(schema: Schema, expression: unknown): boolean {
  return nodesIn(expression, 'FuncCall').some((call) => isVolatileCall(schema, call));
}

function isVolatileCall(schema: Schema, call: FuncCall): boolean {
  const parts = namePartsOf(call.funcname);
  const name = parts.at(-1) ?? '';
  const given = parts.at(-2);
  const isBuiltin = isBuiltinFunction(name) && (given === undefined || isSystemSchema(given));
  // PostgreSQL looks into pg_catalog before all schemas of the path, unless only another function takes these arguments.
  const own = isBuiltin ? exactRoutines(schema, call) : [];
  if (isBuiltin && own.length === 0) return volatileBuiltins.has(name);
  const routines = isBuiltin ? own : calledRoutines(schema, call);
  if (routines.length === 0) return !steadyOfExtensions.has(name);
  return routines.some((routine) => isVolatileRoutine(schema, routine));
}

/** A function in SQL is as volatile as what it consists of; one that calls others of these is not looked through. */
function isVolatileRoutine(schema: Schema, { volatility, expression }: Routine): boolean {
  if (volatility !== 'volatile') return false;
  if (!expression) return true;
  const calls = nodesIn(expression, 'FuncCall');
  return calls.some((call) => calledRoutines(schema, call).length > 0 || isVolatileCall(schema, call));
}
