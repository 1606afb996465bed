/** Reads CREATE INDEX. */

import type { Node } from '@pgsql/types';
import { chooseName, elementNames, indexNameParts } from '../../postgres/chosen-names.js';
import { joinNames } from '../../syntax/identifiers.js';
import { type NodeOf, nodesOf } from '../../syntax/node-of.js';
import type { ObjectId } from '../../syntax/object-id.js';
import { textOfNode } from '../../syntax/text-of-node.js';
import { contextOfDefinition, emit, emitCreate, emitUse, type ReaderContext } from '../context.js';
import type { DefinitionParts } from '../effect.js';
import { readExpression } from '../expressions/expressions.js';
import { readIndexElements, useAccessMethod } from '../expressions/index-elements.js';
import { scopeOf } from '../expressions/scope.js';
import { usedRelation } from '../resolve-names.js';

/** An index lies in its table's schema; unique ones look at the rows, and so do expressions. */
export function readIndexEffects(context: ReaderContext, index: NodeOf<'IndexStmt'>): void {
  const { relation, idxname, unique, if_not_exists, indexParams, indexIncludingParams, whereClause } = index;
  const table = usedRelation(context, relation);
  const name =
    idxname ??
    chooseName({ table: table.name, columns: indexNameParts(index), label: 'idx' }, (name) =>
      context.state.generated.has(joinNames(table.schema, name)),
    );
  const object: ObjectId = { ...table, kind: 'index', name };
  context.state.generated.add(joinNames(table.schema, name));
  const columns = elementNames(indexParams ?? []);
  emitCreate(context, object, {
    beside: table,
    parts: partsOf(index, columns),
    ...(relation?.inh ? {} : { isOnly: true }),
    ...(unique ? { constraint: 'unique', sets: { key: whereClause ? 'partial' : 'unique' } } : {}),
    ...(if_not_exists ? { isConditional: true } : {}),
    ...(idxname ? {} : { isGenerated: true }),
  });
  emit(context, {
    action: 'alter',
    object: table,
    change: { kind: 'index', isUnique: unique === true, isPartial: whereClause !== undefined },
    columns,
    ...(relation?.inh ? {} : { isOnly: true }),
  });
  const inner = contextOfDefinition(context, object);
  emitUse(inner, table, relation?.location);
  const elements = [...(indexParams ?? []), ...(indexIncludingParams ?? [])];
  readIndexElements(inner, table, elements, index.accessMethod);
  useAccessMethod(inner, index.accessMethod);
  readExpression(inner, whereClause, scopeOf(table));
  const isComputed = hasExpressions(elements);
  if (isComputed || whereClause) {
    readIndexElements(context, table, elements);
    readExpression(context, whereClause, scopeOf(table));
  }
  if (unique || isComputed || whereClause)
    emit(context, { action: 'read', object: table, at: relation?.location, rowAccess: 'validation' });
}

function partsOf(index: NodeOf<'IndexStmt'>, keyColumns: readonly string[]): DefinitionParts {
  const parts = { keyColumns, equal: indexText(index) };
  return hasExpressions(index.indexParams) ? { ...parts, isComputed: true } : parts;
}

function hasExpressions(elements: readonly Node[] | undefined): boolean {
  return nodesOf(elements, 'IndexElem').some(({ expr }) => expr !== undefined);
}

/** What makes two indexes equal, whatever they are called; the order of values does not count (CompareIndexInfo in catalog/index.c). */
export function indexText({
  indexParams,
  indexIncludingParams,
  whereClause,
  accessMethod = 'btree',
  unique = false,
  nulls_not_distinct = false,
}: Partial<NodeOf<'IndexStmt'>>): string {
  const elements = nodesOf(indexParams, 'IndexElem').map(
    ({ ordering: _, nulls_ordering: __, ...element }) => element,
  );
  return textOfNode([
    elements,
    elementNames(indexIncludingParams ?? []),
    whereClause,
    accessMethod,
    unique,
    nulls_not_distinct,
  ]);
}
