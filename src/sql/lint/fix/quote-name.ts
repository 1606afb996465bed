/** Writes names into SQL. */

import type { AlterTableStmt, RangeVar } from '@pgsql/types';
import type { Schema } from '../../schema/schema.js';
import type { RelationName } from '../../syntax/relation-name.js';

/** In quotes wherever it might mean something else without them. */
export function quoteName(name: string): string {
  return /^[a-z_][a-z0-9_]*$/.test(name) && !reserved.has(name) ? name : `"${name.replaceAll('"', '""')}"`;
}

/** With its schema, unless that is `public` and the search path is the default. */
export function quoteRelation({ schema, name }: RelationName, { path }: Schema): string {
  const isPlain = schema === 'public' && path.length === 1 && path[0] === 'public';
  return isPlain ? quoteName(name) : `${quoteName(schema)}.${quoteName(name)}`;
}

/** As it is written in the statement, so that it means the same under the same search path. */
export function quoteRange({ schemaname, relname = '' }: RangeVar): string {
  return schemaname === undefined ? quoteName(relname) : `${quoteName(schemaname)}.${quoteName(relname)}`;
}

/** The words in front of the commands of the same ALTER TABLE. */
export function alterWords({ relation = {}, missing_ok }: AlterTableStmt): string {
  const condition = missing_ok ? 'IF EXISTS ' : '';
  return `ALTER TABLE ${condition}${relation.inh === true ? '' : 'ONLY '}${quoteRange(relation)}`;
}

/** Words that SQL takes for its own where a name stands (PostgreSQL's documentation, appendix "SQL Key Words"). */
const reserved: ReadonlySet<string> = new Set(
  `all analyse analyze and any array as asc asymmetric both case cast check collate column constraint create current_catalog
  current_date current_role current_time current_timestamp current_user default deferrable desc distinct do else end except
  false fetch for foreign from grant group having in initially intersect into lateral leading limit localtime localtimestamp
  not null offset on only or order placing primary references returning select session_user some symmetric system_user table
  then to trailing true union unique user using variadic when where window with authorization binary collation concurrently
  cross current_schema freeze full ilike inner is isnull join left like natural notnull outer overlaps right similar
  tablesample verbose`.split(/\s+/),
);
