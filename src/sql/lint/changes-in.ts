/** Finds what a statement changes in tables: also in its WITH queries, and in what EXPLAIN ANALYZE runs. */

import type { Node } from '@pgsql/types';
import { isOptionOn } from '../postgres/option-values.js';
import { findRelation, resolveRange, type Schema } from '../schema/schema.js';
import { isAlwaysTrue } from '../syntax/always-true.js';
import { type NodeOf, nodeOf } from '../syntax/node-of.js';
import { objectsIn } from '../syntax/objects-in.js';
import type { RelationName } from '../syntax/relation-name.js';

/** One INSERT, UPDATE, DELETE or MERGE. */
export interface FoundChange {
  kind: 'INSERT' | 'UPDATE' | 'DELETE' | 'MERGE';
  table: RelationName;
  /** Byte offset of the table's name in the statement's text. */
  location: number | undefined;
  /** Of UPDATE and DELETE: whether no condition leaves out rows. */
  isWhole: boolean;
  where: Node | undefined;
}

type ChangeNode = NodeOf<'InsertStmt'> | NodeOf<'UpdateStmt'> | NodeOf<'DeleteStmt'> | NodeOf<'MergeStmt'>;

const kinds = {
  InsertStmt: 'INSERT',
  UpdateStmt: 'UPDATE',
  DeleteStmt: 'DELETE',
  MergeStmt: 'MERGE',
} as const;

/** In the order of the tree; nothing of functions, rules and prepared statements, which only say what would be done. */
export function changesIn(node: Node, schema: Schema): FoundChange[] {
  const run = runBy(node);
  if (!run) return [];
  return [...objectsIn(run)].flatMap((object) =>
    Object.entries(kinds).flatMap(([key, kind]): FoundChange[] => {
      const change = (object as Partial<Record<string, ChangeNode>>)[key];
      return change?.relation ? [describe(schema, kind, change)] : [];
    }),
  );
}

/** The query that a statement runs; undefined where it runs none. */
function runBy(node: Node): Node | undefined {
  const explain = nodeOf(node, 'ExplainStmt');
  if (explain) return isOptionOn(explain.options, 'analyze') ? explain.query : undefined;
  const query = nodeOf(node, 'CopyStmt')?.query ?? nodeOf(node, 'CreateTableAsStmt')?.query;
  const isQuery = ['SelectStmt', ...Object.keys(kinds)].some((kind) => kind in node);
  return query ?? (isQuery ? node : undefined);
}

function describe(schema: Schema, kind: FoundChange['kind'], change: ChangeNode): FoundChange {
  const where = 'whereClause' in change ? change.whereClause : undefined;
  const table = resolveRange(schema, change.relation);
  const isAlone = !('fromClause' in change) && !('usingClause' in change);
  const columns = isAlone ? findRelation(schema, table)?.columns : undefined;
  const takesAll = !where || isAlwaysTrue(where, (column) => columns?.get(column)?.isNotNull === true);
  return {
    kind,
    table,
    location: change.relation?.location,
    isWhole: (kind === 'UPDATE' || kind === 'DELETE') && takesAll && !isJoined(change),
    where,
  };
}

/** A join changes only rows that have a match. */
function isJoined(change: ChangeNode): boolean {
  const others = 'usingClause' in change ? change.usingClause : undefined;
  return (others ?? []).length > 0;
}
