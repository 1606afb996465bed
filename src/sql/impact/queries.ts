/** Predicts queries and what contains them: locks of the tables that they read and write. */

import type { Node } from '@pgsql/types';
import { isBuiltinFunction } from '../postgres/builtin-names.js';
import { createdName } from '../schema/read-table.js';
import { descendantsOf, referencesTo } from '../schema/relatives.js';
import { findRelation, resolveParts, resolveRange } from '../schema/schema.js';
import { literalOf, type NodeOf, nodeOf } from '../syntax/node-of.js';
import { namePartsOf } from '../syntax/object-names.js';
import { nodesIn } from '../syntax/objects-in.js';
import type { RelationName } from '../syntax/relation-name.js';
import type { Scene } from './tally.js';
import { defineQuery, runQuery, useTable } from './use-tables.js';

/** SELECT, also INTO a new table. */
export function predictSelect(scene: Scene, node: Node): void {
  runQuery(scene, node);
  lookForCalls(scene, node);
}

/** INSERT. To which partitions its rows go, it does not show. */
export function predictInsert(scene: Scene, insert: NodeOf<'InsertStmt'>): void {
  const target = resolveRange(scene.schema, insert.relation);
  useRows(scene, target);
  writeOne(scene, target);
  const { relation: _, ...rest } = insert;
  predictSelect(scene, rest as unknown as Node);
}

/** Views that can be written to pass on what is written. */
function writeOne(scene: Scene, target: RelationName): void {
  const known = findRelation(scene.schema, target);
  if (known?.kind === 'view') useTable(scene, target, 'ROW EXCLUSIVE');
  else scene.tally.lock(target, 'ROW EXCLUSIVE');
  if (descendantsOf(scene.schema, target).length > 0) scene.tally.hide();
}

type Change = NodeOf<'UpdateStmt'> | NodeOf<'DeleteStmt'>;

/** UPDATE and DELETE; without a condition all rows are read. */
export function predictChange(kind: 'UpdateStmt' | 'DeleteStmt') {
  return (scene: Scene, change: Change): void => {
    const target = resolveRange(scene.schema, change.relation);
    useRows(scene, target);
    predictSelect(scene, { [kind]: change } as unknown as Node);
    const isPlain = 'usingClause' in change || 'fromClause' in change;
    if (change.whereClause || isPlain || findRelation(scene.schema, target)?.kind === 'view') return;
    scene.tally.scan(target);
    if (change.relation?.inh !== true) return;
    for (const child of descendantsOf(scene.schema, target)) scene.tally.scan(child);
  };
}

/** MERGE. */
export function predictMerge(scene: Scene, merge: NodeOf<'MergeStmt'>): void {
  useRows(scene, resolveRange(scene.schema, merge.relation));
  predictSelect(scene, { MergeStmt: merge });
}

/** Triggers and foreign keys, also those that refer to the table, run queries of their own. */
function useRows({ schema, tally }: Scene, target: RelationName): void {
  const known = findRelation(schema, target);
  const hasKeys = [...(known?.constraints.values() ?? [])].some(({ references }) => references);
  const runsMore = !known || hasKeys || known.triggers.size + known.rules.size > 0;
  if (runsMore || referencesTo(schema, target).length > 0) tally.hide();
}

/** COPY of a table or of a query. */
export function predictCopy(scene: Scene, { relation, query, is_from }: NodeOf<'CopyStmt'>): void {
  if (query) predictSelect(scene, query);
  if (!relation) return;
  const table = resolveRange(scene.schema, relation);
  if (is_from) {
    useRows(scene, table);
    writeOne(scene, table);
  } else {
    scene.tally.lock(table, 'ACCESS SHARE');
    scene.tally.scan(table);
  }
}

/** CREATE TABLE AS and CREATE MATERIALIZED VIEW; WITH NO DATA, or where it is there, only looks. */
export function predictCreateAs(scene: Scene, statement: NodeOf<'CreateTableAsStmt'>): void {
  const { query, into, if_not_exists } = statement;
  const isThere = if_not_exists && findRelation(scene.schema, createdName(scene.schema, into?.rel));
  if (isThere || into?.skipData) defineQuery(scene, query);
  else if (query) predictSelect(scene, query);
}

/** CREATE VIEW; replacing one locks it. */
export function predictView(scene: Scene, { view, query, replace }: NodeOf<'ViewStmt'>): void {
  const name = createdName(scene.schema, view);
  if (replace && findRelation(scene.schema, name)) scene.tally.lock(name, 'ACCESS EXCLUSIVE');
  defineQuery(scene, query);
}

/** EXPLAIN, DECLARE and PREPARE hold a statement inside; EXPLAIN ANALYZE runs it. */
export function predictContained(scene: Scene, { query }: { query?: Node }): void {
  const insert = nodeOf(query, 'InsertStmt');
  if (insert) predictInsert(scene, insert);
  else if (query) predictSelect(scene, query);
}

/** PREPARE only looks. */
export function predictPrepare(scene: Scene, { query }: NodeOf<'PrepareStmt'>): void {
  defineQuery(scene, query);
}

/** The body is a text, or known only when it runs. */
export function predictUnknown({ tally }: Scene): void {
  tally.hide();
}

/** Functions that are not PostgreSQL's own may do anything; sequences are locked by name. */
export function lookForCalls(scene: Scene, tree: unknown): void {
  for (const call of nodesIn(tree, 'FuncCall')) readCall(scene, call);
}

const sequenceFunctions = new Set(['nextval', 'setval']);

function readCall({ schema, tally }: Scene, { funcname, args }: NodeOf<'FuncCall'>): void {
  const parts = namePartsOf(funcname);
  const name = parts.at(-1) ?? '';
  if (!isBuiltinFunction(name)) tally.hide();
  const sequence = literalOf(args?.[0]);
  if (!sequenceFunctions.has(name) || sequence === undefined || !/^[\w.]+$/.test(sequence)) return;
  tally.lock(resolveParts(schema, sequence.toLowerCase().split('.'), schema.relations), 'ROW EXCLUSIVE');
}
