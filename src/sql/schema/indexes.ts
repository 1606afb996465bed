/** Reads, adds and drops the indexes of a table. */

import type { IndexStmt } from '@pgsql/types';
import { chooseName, indexNameParts } from '../postgres/chosen-names.js';
import { checkedColumns } from '../syntax/checked-columns.js';
import { nodesOf } from '../syntax/node-of.js';
import { type Index, keyOfName, type Relation, type Schema } from './schema.js';
import { isTakenBeside } from './taken-names.js';

/** The index that a CREATE INDEX makes; without a name it gets the first that is free. */
export function readIndex(schema: Schema, table: Relation, statement: IndexStmt): Index {
  const {
    idxname,
    indexParams,
    indexIncludingParams,
    unique,
    whereClause,
    accessMethod = 'btree',
  } = statement;
  const elements = nodesOf(indexParams, 'IndexElem');
  const nameParts = indexNameParts(statement);
  const name = () =>
    chooseName({ table: table.name, columns: nameParts, label: 'idx' }, isTakenBeside(schema, table, 'idx'));
  return {
    name: idxname ?? name(),
    nameParts,
    columns: elements.map((element) => element.name),
    needs: [
      ...new Set([
        ...[...elements, ...nodesOf(indexIncludingParams, 'IndexElem')].flatMap(
          ({ name: column }) => column ?? [],
        ),
        ...checkedColumns([indexParams, whereClause]),
      ]),
    ],
    isUnique: unique === true,
    method: accessMethod,
    ...(whereClause ? { predicate: whereClause } : {}),
    isPlain: isPlain(statement),
  };
}

function isPlain({
  accessMethod = 'btree',
  indexParams,
  indexIncludingParams,
  whereClause,
}: IndexStmt): boolean {
  if (accessMethod !== 'btree' || whereClause || indexIncludingParams) return false;
  return nodesOf(indexParams, 'IndexElem').every(
    ({ name, opclass, collation, ordering = 'SORTBY_DEFAULT', nulls_ordering = 'SORTBY_NULLS_DEFAULT' }) =>
      name !== undefined &&
      !opclass &&
      !collation &&
      ordering === 'SORTBY_DEFAULT' &&
      nulls_ordering === 'SORTBY_NULLS_DEFAULT',
  );
}

/** Adds an index to a table. */
export function addIndex(schema: Schema, table: Relation, index: Index): void {
  table.indexes.set(index.name, index);
  schema.indexOwners.set(keyOfName({ schema: table.schema, name: index.name }), keyOfName(table));
}

/** Takes an index off a table. */
export function dropIndex(schema: Schema, table: Relation, name: string): void {
  table.indexes.delete(name);
  schema.indexOwners.delete(keyOfName({ schema: table.schema, name }));
}
