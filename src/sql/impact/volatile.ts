/** Says whether an expression may have another value for each row: such a default is written into every row. */

import { isBuiltinFunction, isSystemSchema } from '../postgres/builtin-names.js';
import { keyOfName, type Schema } from '../schema/schema.js';
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

/** Functions that nobody is seen to create count as volatile. */
export function isVolatile(schema: Schema, expression: unknown): boolean {
  return nodesIn(expression, 'FuncCall').some(({ funcname }) =>
    isVolatileCall(schema, namePartsOf(funcname)),
  );
}

function isVolatileCall(schema: Schema, parts: readonly string[]): boolean {
  const name = parts.at(-1) ?? '';
  const given = parts.at(-2);
  const places = given === undefined ? schema.path : [given];
  const known = places
    .map((place) => schema.functions.get(keyOfName({ schema: place, name })))
    .find((volatility) => volatility !== undefined);
  const isBuiltin = isBuiltinFunction(name) && (given === undefined || isSystemSchema(given));
  // PostgreSQL looks into pg_catalog before all schemas of the path.
  if (isBuiltin) return volatileBuiltins.has(name);
  return known === undefined ? !steadyOfExtensions.has(name) : known === 'volatile';
}
