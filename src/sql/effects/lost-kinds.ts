/** Decides for every kind of object what may be lost when it is dropped. */

import type { ObjectKind } from '../syntax/object-id.js';
import type { Effect } from './effect.js';

/** Objects that have rows or values, or that CASCADE leads from to some. */
export type LostKind =
  | 'table'
  | 'column'
  | 'sequence'
  | 'type'
  | 'collation'
  | 'schema'
  | 'extension'
  | 'database'
  | CascadingKind;

/** Objects without rows that tables, or columns, may depend on: only CASCADE drops these. */
export type CascadingKind =
  | 'view'
  | 'access method'
  | 'function'
  | 'operator'
  | 'operator class'
  | 'operator family'
  | 'language'
  | 'text search configuration';

/** `nothing`: no row and no value goes with it, not even with CASCADE. */
const kinds: Readonly<Record<ObjectKind, LostKind | 'nothing'>> = {
  table: 'table',
  relation: 'table',
  'foreign table': 'table',
  sequence: 'sequence',
  column: 'column',
  type: 'type',
  domain: 'type',
  collation: 'collation',
  schema: 'schema',
  extension: 'extension',
  database: 'database',
  // The row type of a view may be that of a column.
  view: 'view',
  'materialized view': 'view',
  'access method': 'access method',
  // A partition key, and through types a column, may call them.
  function: 'function',
  aggregate: 'nothing',
  operator: 'operator',
  'operator class': 'operator class',
  'operator family': 'operator family',
  language: 'language',
  'text search configuration': 'text search configuration',
  'text search dictionary': 'nothing',
  'text search parser': 'nothing',
  'text search template': 'nothing',
  cast: 'nothing',
  constraint: 'nothing',
  conversion: 'nothing',
  'default privileges': 'nothing',
  'enum value': 'nothing',
  'event trigger': 'nothing',
  // Rows of foreign tables stay on their server.
  'foreign data wrapper': 'nothing',
  server: 'nothing',
  index: 'nothing',
  'large object': 'nothing',
  parameter: 'nothing',
  policy: 'nothing',
  publication: 'nothing',
  role: 'nothing',
  rule: 'nothing',
  statistics: 'nothing',
  subscription: 'nothing',
  tablespace: 'nothing',
  transform: 'nothing',
  trigger: 'nothing',
  'user mapping': 'nothing',
};

const cascading: ReadonlySet<string> = new Set<CascadingKind>([
  'view',
  'access method',
  'function',
  'operator',
  'operator class',
  'operator family',
  'language',
  'text search configuration',
]);

/** @returns undefined where nothing is lost. */
export function lostKind(
  kind: ObjectKind,
  { isCascade = false }: Pick<Effect, 'isCascade'> = {},
): LostKind | undefined {
  const found = kinds[kind];
  return found === 'nothing' || (cascading.has(found) && !isCascade) ? undefined : found;
}
