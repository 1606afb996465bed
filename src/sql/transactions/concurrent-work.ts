/** Statements that do their work in several transactions of their own, and so can be left half done. */

import type { Node, RangeVar } from '@pgsql/types';
import { isOptionOn } from '../postgres/option-values.js';
import { partsOf } from '../syntax/object-names.js';

/** A name as the statement gives it; the schema is undefined where the search path decides. */
export interface ObjectName {
  schema: string | undefined;
  name: string;
}

export type ConcurrentWork =
  /** `index` is undefined where the server chooses the name. */
  | { kind: 'create-index'; table: ObjectName; index: string | undefined }
  | { kind: 'drop-index'; indexes: readonly ObjectName[] }
  /** `relation` is undefined for whole schemas and databases. */
  | { kind: 'reindex'; relation: ObjectName | undefined; isIndex: boolean }
  | { kind: 'detach-partition'; parent: ObjectName; partition: ObjectName };

/** @returns undefined for statements that happen as a whole or not at all. */
export function findConcurrentWork(node: Node): ConcurrentWork | undefined {
  if ('IndexStmt' in node && node.IndexStmt.concurrent) return createIndex(node.IndexStmt);
  if ('DropStmt' in node && node.DropStmt.concurrent) {
    return { kind: 'drop-index', indexes: (node.DropStmt.objects ?? []).map(nameOfList) };
  }
  if ('ReindexStmt' in node && isOptionOn(node.ReindexStmt.params, 'concurrently')) {
    const { relation, kind } = node.ReindexStmt;
    return {
      kind: 'reindex',
      relation: relation && nameOf(relation),
      isIndex: kind === 'REINDEX_OBJECT_INDEX',
    };
  }
  return 'AlterTableStmt' in node ? findDetach(node.AlterTableStmt) : undefined;
}

type NodeOf<Kind extends string> = Extract<Node, Record<Kind, unknown>>[Kind &
  keyof Extract<Node, Record<Kind, unknown>>];

function createIndex({ relation, idxname }: NodeOf<'IndexStmt'>): ConcurrentWork | undefined {
  return relation && { kind: 'create-index', table: nameOf(relation), index: idxname };
}

function findDetach({ relation, cmds }: NodeOf<'AlterTableStmt'>): ConcurrentWork | undefined {
  for (const command of cmds ?? []) {
    if (!('AlterTableCmd' in command) || !relation) continue;
    const { def } = command.AlterTableCmd;
    if (!def || !('PartitionCmd' in def) || !def.PartitionCmd.concurrent || !def.PartitionCmd.name) continue;
    return { kind: 'detach-partition', parent: nameOf(relation), partition: nameOf(def.PartitionCmd.name) };
  }
  return undefined;
}

function nameOf({ schemaname, relname }: RangeVar): ObjectName {
  return { schema: schemaname, name: relname ?? '' };
}

/** DROP gives its names as lists of one, two or three parts. */
function nameOfList(node: Node): ObjectName {
  const parts = partsOf(node);
  return { schema: parts.at(-2), name: parts.at(-1) ?? '' };
}
