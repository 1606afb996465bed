/** Decides whether an expression may differ for each row: such a default rewrites every row. */

import type { FuncCall, Node } from '@pgsql/types';
import { isBuiltinFunction } from '../postgres/builtin-names.js';
import { isSystemSchema } from '../postgres/system-schemas.js';
import { keyOfName, type Routine, type Schema } from '../schema/schema.js';
import { nodeOf } from '../syntax/node-of.js';
import { namePartsOf, typeText } from '../syntax/object-names.js';
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

function isVolatileCall(schema: Schema, { funcname, args = [] }: FuncCall): boolean {
  const parts = namePartsOf(funcname);
  const name = parts.at(-1) ?? '';
  const given = parts.at(-2);
  const isBuiltin = isBuiltinFunction(name) && (given === undefined || isSystemSchema(given));
  // PostgreSQL looks into pg_catalog before all schemas of the path.
  if (isBuiltin) return volatileBuiltins.has(name);
  const places = given === undefined ? schema.path : [given];
  const known = places.flatMap((place) => schema.functions.get(keyOfName({ schema: place, name })) ?? []);
  if (known.length === 0) return !steadyOfExtensions.has(name);
  return callable(known, args).some(({ volatility }) => volatility === 'volatile');
}

/** Those that a call may mean: by the number of its arguments, and by the types of those that tell theirs. */
function callable(routines: readonly Routine[], args: readonly Node[]): readonly Routine[] {
  const fitting = routines.filter(({ types, optional, isVariadic }) => {
    const isEnough = args.length >= types.length - optional - (isVariadic ? 1 : 0);
    return isEnough && (isVariadic || args.length <= types.length);
  });
  const exact = fitting.filter(({ types }) =>
    args.every((arg, index) => (typeOfArgument(arg) ?? types[index]) === types[index]),
  );
  return exact.length > 0 ? exact : fitting.length > 0 ? fitting : routines;
}

/** Strings become whatever is wanted, but rather text. */
function typeOfArgument(arg: Node): string | undefined {
  const cast = nodeOf(arg, 'TypeCast');
  if (cast) return typeText(cast.typeName);
  const constant = nodeOf(arg, 'A_Const');
  if (constant?.sval) return 'text';
  if (constant?.boolval) return 'bool';
  return constant?.ival ? 'int4' : undefined;
}
