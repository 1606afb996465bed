/** Predicts queries and what contains them: locks of the tables that they read and write. */

import type { Node } from '@pgsql/types';
import { isBuiltinFunction } from '../postgres/builtin-names.js';
import { createdName } from '../schema/read-table.js';
import { descendantsOf, referencesTo } from '../schema/relatives.js';
import {
  findRelation,
  keyOfName,
  type Relation,
  resolveParts,
  resolveRange,
  type Schema,
} from '../schema/schema.js';
import { splitIdentifier } from '../syntax/identifiers.js';
import { literalOf, type NodeOf, nodeOf } from '../syntax/node-of.js';
import { namePartsOf } from '../syntax/object-names.js';
import { nodesIn } from '../syntax/objects-in.js';
import { reachableFrom } from '../syntax/reachable.js';
import type { RelationName } from '../syntax/relation-name.js';
import type { ImpactContext } from './impact-builder.js';
import { defineQuery, runQuery, useTable } from './use-tables.js';

/** SELECT, also INTO a new table. */
export function predictSelect(context: ImpactContext, node: Node): void {
  runQuery(context, node);
  lookForCalls(context, node);
}

/** INSERT. To which partitions its rows go, it does not show. */
export function predictInsert(context: ImpactContext, insert: NodeOf<'InsertStmt'>): void {
  const target = resolveRange(context.schema, insert.relation);
  useRows(context, target);
  writeOne(context, target);
  const { relation: _, ...rest } = insert;
  predictSelect(context, rest as unknown as Node);
}

/** Views that can be written to pass on what is written. */
function writeOne(context: ImpactContext, target: RelationName): void {
  const known = findRelation(context.schema, target);
  if (known?.kind === 'view') useTable(context, target, 'ROW EXCLUSIVE');
  else context.builder.lock(target, 'ROW EXCLUSIVE');
  if (descendantsOf(context.schema, target).length > 0) context.builder.hide();
}

type Change = NodeOf<'UpdateStmt'> | NodeOf<'DeleteStmt'>;

/** UPDATE and DELETE; without a condition all rows are read. */
export function predictChange(kind: 'UpdateStmt' | 'DeleteStmt') {
  return (context: ImpactContext, change: Change): void => {
    const target = resolveRange(context.schema, change.relation);
    useRows(context, target);
    predictSelect(context, { [kind]: change } as unknown as Node);
    const isPlain = 'usingClause' in change || 'fromClause' in change;
    if (change.whereClause || isPlain || findRelation(context.schema, target)?.kind === 'view') return;
    context.builder.scan(target);
    if (change.relation?.inh !== true) return;
    for (const child of descendantsOf(context.schema, target)) context.builder.scan(child);
  };
}

/** MERGE. */
export function predictMerge(context: ImpactContext, merge: NodeOf<'MergeStmt'>): void {
  useRows(context, resolveRange(context.schema, merge.relation));
  predictSelect(context, { MergeStmt: merge });
}

/** Triggers and foreign keys, also those that refer to the table or to the one under a view, run queries of their own. */
function useRows({ schema, builder }: ImpactContext, target: RelationName): void {
  const written = reachableFrom([target], {
    keyOf: keyOfName,
    next: (one) => tableUnder(findRelation(schema, one)),
  });
  for (const one of written) if (runsMore(schema, one)) builder.hide();
}

function tableUnder(known: Relation | undefined): readonly RelationName[] {
  return known?.kind === 'view' ? known.reads.slice(0, 1) : [];
}

function runsMore(schema: Schema, name: RelationName): boolean {
  const known = findRelation(schema, name);
  const hasKeys = [...(known?.constraints.values() ?? [])].some(({ references }) => references);
  const isWatched = !known || known.triggers.size + known.rules.size > 0;
  return hasKeys || isWatched || referencesTo(schema, name).length > 0;
}

/** COPY of a table or of a query. */
export function predictCopy(context: ImpactContext, { relation, query, is_from }: NodeOf<'CopyStmt'>): void {
  if (query) predictSelect(context, query);
  if (!relation) return;
  const table = resolveRange(context.schema, relation);
  if (is_from) {
    useRows(context, table);
    writeOne(context, table);
  } else {
    context.builder.lock(table, 'ACCESS SHARE');
    context.builder.scan(table);
  }
}

/** CREATE TABLE AS and CREATE MATERIALIZED VIEW; WITH NO DATA, or where it is there, only looks. */
export function predictCreateAs(context: ImpactContext, statement: NodeOf<'CreateTableAsStmt'>): void {
  const { query, into, if_not_exists } = statement;
  const isThere = if_not_exists && findRelation(context.schema, createdName(context.schema, into?.rel));
  if (isThere || into?.skipData) defineQuery(context, query);
  else if (query) predictSelect(context, query);
}

/** CREATE VIEW; replacing one locks it. */
export function predictView(context: ImpactContext, { view, query, replace }: NodeOf<'ViewStmt'>): void {
  const name = createdName(context.schema, view);
  if (replace && findRelation(context.schema, name)) context.builder.lock(name, 'ACCESS EXCLUSIVE');
  defineQuery(context, query);
}

/** EXPLAIN, DECLARE and PREPARE hold a statement inside; EXPLAIN ANALYZE runs it. */
export function predictContained(context: ImpactContext, { query }: { query?: Node }): void {
  const insert = nodeOf(query, 'InsertStmt');
  if (insert) predictInsert(context, insert);
  else if (query) predictSelect(context, query);
}

/** PREPARE only looks. */
export function predictPrepare(context: ImpactContext, { query }: NodeOf<'PrepareStmt'>): void {
  defineQuery(context, query);
}

/** The body is a text, or known only when it runs. */
export function predictUnknown({ builder }: ImpactContext): void {
  builder.hide();
}

/** Functions that are not PostgreSQL's own may do anything; sequences are locked by name. */
export function lookForCalls(context: ImpactContext, tree: unknown): void {
  for (const call of nodesIn(tree, 'FuncCall')) readCall(context, call);
}

const sequenceFunctions = new Set(['nextval', 'setval']);

function readCall({ schema, builder }: ImpactContext, { funcname, args }: NodeOf<'FuncCall'>): void {
  const parts = namePartsOf(funcname);
  const name = parts.at(-1) ?? '';
  if (!isBuiltinFunction(name)) builder.hide();
  const sequence = literalOf(args?.[0]);
  if (!sequenceFunctions.has(name) || sequence === undefined) return;
  builder.lock(resolveParts(schema, splitIdentifier(sequence), schema.relations), 'ROW EXCLUSIVE');
}
