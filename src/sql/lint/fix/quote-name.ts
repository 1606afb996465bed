/** Writes names into SQL. */

import type { AlterTableStmt, RangeVar } from '@pgsql/types';
import { quoteAsNeeded } from '../../postgres/quote-as-needed.js';
import type { Schema } from '../../schema/schema.js';
import type { RelationName } from '../../syntax/relation-name.js';

/** With its schema, unless that is `public` and the search path is the default. */
export function quoteRelation({ schema, name }: RelationName, { path }: Schema): string {
  const isPlain = schema === 'public' && path.length === 1 && path[0] === 'public';
  return isPlain ? quoteAsNeeded(name) : `${quoteAsNeeded(schema)}.${quoteAsNeeded(name)}`;
}

/** As it is written in the statement, so that it means the same under the same search path. */
export function quoteRange({ schemaname, relname = '' }: RangeVar): string {
  return schemaname === undefined
    ? quoteAsNeeded(relname)
    : `${quoteAsNeeded(schemaname)}.${quoteAsNeeded(relname)}`;
}

/** The words in front of the commands of the same ALTER TABLE. */
export function alterWords({ relation = {}, missing_ok }: AlterTableStmt): string {
  const condition = missing_ok ? 'IF EXISTS ' : '';
  return `ALTER TABLE ${condition}${relation.inh === true ? '' : 'ONLY '}${quoteRange(relation)}`;
}
