/** Remembers which names a file gives to columns, so that a rule knows when an old name stays in use. */

import type { Node } from '@pgsql/types';
import { nodeOf, nodesOf } from '../syntax/node-of.js';
import type { RelationName } from '../syntax/relation-name.js';

/** A column, by the name of its table. The table's schema is left out of account. */
interface ColumnName {
  table: RelationName;
  column: string;
}

export interface MadeColumns {
  /** Whether a statement behind that one gives the name to a column of the table. */
  has(name: ColumnName, behind: number): boolean;
}

/** @param nodes the statements of a file, in order */
export function readMadeColumns(nodes: readonly Node[]): MadeColumns {
  const last = new Map<string, number>();
  for (const [index, node] of nodes.entries())
    for (const { table, column } of columnsMade(node)) last.set(`${table} ${column}`, index);
  return { has: ({ table, column }, behind) => (last.get(`${table.name} ${column}`) ?? -1) > behind };
}

function columnsMade(node: Node): { table: string; column: string }[] {
  const rename = nodeOf(node, 'RenameStmt');
  if (rename?.renameType === 'OBJECT_COLUMN')
    return [{ table: rename.relation?.relname ?? '', column: rename.newname ?? '' }];
  const alter = nodeOf(node, 'AlterTableStmt');
  return nodesOf(alter?.cmds, 'AlterTableCmd').flatMap(({ subtype, def }) => {
    const column = subtype === 'AT_AddColumn' ? nodeOf(def, 'ColumnDef')?.colname : undefined;
    return column === undefined ? [] : [{ table: alter?.relation?.relname ?? '', column }];
  });
}
