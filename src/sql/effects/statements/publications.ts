/** Reads publications, subscriptions and extended statistics. */

import type { Node } from '@pgsql/types';
import { firstFree, joinColumns, makeObjectName } from '../../postgres/generated-names.js';
import { checkedColumns } from '../../syntax/checked-columns.js';
import { joinNames } from '../../syntax/identifiers.js';
import { type NodeOf, nodesOf } from '../../syntax/node-of.js';
import type { ObjectId } from '../../syntax/object-id.js';
import { namePartsOf, partOf } from '../../syntax/object-names.js';
import { textOfNode } from '../../syntax/text-of-node.js';
import {
  contextOfDefinition,
  emit,
  emitCreate,
  emitOpaque,
  emitUse,
  type ReaderContext,
} from '../context.js';
import { everyProperty, type StatementSettings } from '../effect.js';
import { readExpression } from '../expressions/expressions.js';
import { scopeOf } from '../expressions/scope.js';
import { resolveCreatedName, usedName, usedRelation } from '../resolve-names.js';
import { attributeSettings } from './settings.js';

/** CREATE PUBLICATION for named tables, whole schemas, or all tables there will ever be. */
export function readCreatePublication(
  context: ReaderContext,
  statement: NodeOf<'CreatePublicationStmt'>,
): void {
  const { pubname: name = '', options, pubobjects, for_all_tables } = statement;
  const object: ObjectId = { kind: 'publication', name };
  emitCreate(context, object, { sets: attributeSettings(options) });
  if (for_all_tables) emitUse(context, object, undefined, 'published');
  usePublished(contextOfDefinition(context, object), pubobjects);
}

/** ALTER PUBLICATION. */
export function readAlterPublication(
  context: ReaderContext,
  statement: NodeOf<'AlterPublicationStmt'>,
): void {
  const object: ObjectId = { kind: 'publication', name: statement.pubname ?? '' };
  emit(context, { action: 'alter', object, sets: publicationSettings(statement) });
  const isDropped = statement.action === 'AP_DropObjects';
  usePublished(
    contextOfDefinition(context, object),
    statement.pubobjects,
    isDropped ? undefined : 'published',
  );
}

/** ADD and DROP concern single members, SET all of them. */
function publicationSettings(statement: NodeOf<'AlterPublicationStmt'>): StatementSettings {
  const { options, pubobjects = [], action } = statement;
  if (options) return attributeSettings(options);
  if (action === 'AP_SetObjects') return { [everyProperty]: textOfNode(pubobjects) };
  return Object.fromEntries(pubobjects.map((member) => [`member ${textOfNode(member)}`, `${action}`]));
}

function usePublished(
  context: ReaderContext,
  objects: readonly Node[] | undefined,
  usage: 'published' | undefined = 'published',
): void {
  for (const { pubtable, name } of nodesOf(objects, 'PublicationObjSpec')) {
    if (name) emitUse(context, { kind: 'schema', name }, undefined, usage);
    if (!pubtable) continue;
    const table = usedRelation(context, pubtable.relation);
    // Children are published with their parent, as far as they exist.
    const columns = namePartsOf(pubtable.columns);
    const object = { object: table, at: pubtable.relation?.location };
    emit(context, {
      ...{ action: 'use', ...object, usage: usage ?? 'family' },
      ...(columns.length > 0 ? { columns } : {}),
      ...(pubtable.whereClause ? { filter: checkedColumns(pubtable.whereClause) } : {}),
    });
    for (const column of columns) emitUse(context, partOf(table, 'column', column));
    readExpression(context, pubtable.whereClause, scopeOf(table));
  }
}

/** Subscriptions bring rows from elsewhere. */
export function readSubscription(
  action: 'create' | 'alter' | 'drop',
): (context: ReaderContext, statement: { subname?: string }) => void {
  return (context, { subname = '' }) => {
    emit(context, { action, object: { kind: 'subscription', name: subname } });
    emitOpaque(context, 'rows of another server');
  };
}

/** CREATE STATISTICS. */
export function readCreateStatistics(context: ReaderContext, statement: NodeOf<'CreateStatsStmt'>): void {
  const { defnames, exprs, relations, if_not_exists } = statement;
  const range = nodesOf(relations, 'RangeVar')[0];
  const table = usedRelation(context, range);
  const parts = namePartsOf(defnames);
  const name =
    parts.length > 0 ? resolveCreatedName(context, 'statistics', parts) : chooseName(context, table, exprs);
  emitCreate(context, name, {
    ...(if_not_exists ? { isConditional: true } : {}),
    ...(parts.length > 0 ? {} : { isGenerated: true, beside: table }),
  });
  emit(context, { action: 'alter', object: table, change: { kind: 'statistics' } });
  const inner = contextOfDefinition(context, name);
  emitUse(inner, table, range?.location);
  for (const element of nodesOf(exprs, 'StatsElem')) {
    if (element.name) emitUse(inner, partOf(table, 'column', element.name));
    readExpression(inner, element.expr, scopeOf(table));
  }
}

function chooseName(
  context: ReaderContext,
  table: ObjectId,
  elements: readonly Node[] | undefined,
): ObjectId {
  const columns = joinColumns(nodesOf(elements, 'StatsElem').map(({ name }) => name ?? 'expr'));
  const name = firstFree(
    (suffix) => makeObjectName(table.name, columns, `stat${suffix}`),
    (candidate) => context.state.generated.has(joinNames(table.schema, candidate)),
  );
  return { ...table, kind: 'statistics', name };
}

/** ALTER STATISTICS … SET STATISTICS. */
export function readAlterStatistics(
  context: ReaderContext,
  { defnames, stxstattarget }: NodeOf<'AlterStatsStmt'>,
): void {
  const object = usedName(context, 'statistics', namePartsOf(defnames));
  emit(context, { action: 'alter', object, sets: { target: textOfNode(stxstattarget) } });
}
