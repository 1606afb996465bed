/** Decides whether an expression may differ for each row: such a default rewrites every row. */

import type { FuncCall } from '@pgsql/types';
import { calledRoutines, exactRoutines, isBuiltinCall } from '../schema/called-routines.js';
import type { Routine, Schema } from '../schema/schema.js';
import { nodesOf } from '../syntax/node-of.js';
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
  const name = namePartsOf(call.funcname).at(-1) ?? '';
  const isBuiltin = isBuiltinCall(call);
  // Another function is meant only where PostgreSQL's own does not take these arguments.
  const routines = isBuiltin ? exactRoutines(schema, call) : calledRoutines(schema, call);
  if (routines.length === 0) return isBuiltin ? volatileBuiltins.has(name) : !steadyOfExtensions.has(name);
  return routines.some(
    (routine) => isVolatileRoutine(schema, routine) || hasVolatileDefault(schema, routine, call),
  );
}

/** A function in SQL is as volatile as what it consists of. */
function isVolatileRoutine(schema: Schema, { volatility, expression }: Routine): boolean {
  return volatility === 'volatile' && (!expression || isVolatileInside(schema, expression));
}

/** What a call leaves out is computed for it. */
function hasVolatileDefault(
  schema: Schema,
  { types, definition }: Routine,
  { args = [] }: FuncCall,
): boolean {
  if (args.length >= types.length) return false;
  const defaults = nodesOf(definition.parameters, 'FunctionParameter').map(({ defexpr }) => defexpr);
  return isVolatileInside(schema, defaults);
}

/** A function that calls others of the migrations is not looked through. */
function isVolatileInside(schema: Schema, tree: unknown): boolean {
  return nodesIn(tree, 'FuncCall').some(
    (call) => calledRoutines(schema, call).length > 0 || isVolatileCall(schema, call),
  );
}
