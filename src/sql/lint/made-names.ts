/** Remembers which names of relations a file gives away, so that a rule knows when an old name stays in use. */

import type { Node } from '@pgsql/types';
import { nodeOf, nodesOf } from '../syntax/node-of.js';
import { partsOf } from '../syntax/object-names.js';
import type { RelationName } from '../syntax/relation-name.js';

/** Lookup of the names that a file creates. */
export interface MadeNames {
  /** Whether a statement behind that one makes a relation of that name. Its schema is left out of account. */
  has(name: RelationName, behind: number): boolean;
}

/** @param nodes the statements of a file, in order */
export function readMadeNames(nodes: readonly Node[]): MadeNames {
  const last = new Map<string, number>();
  for (const [index, node] of nodes.entries()) {
    const name = madeName(node);
    const names = name === undefined ? namesInBody(node) : [name];
    for (const one of names) last.set(one, index);
  }
  return { has: ({ name }, behind) => (last.get(name) ?? -1) > behind };
}

function madeName(node: Node): string | undefined {
  const rename = nodeOf(node, 'RenameStmt');
  if (rename) return relationKinds.has(rename.renameType ?? '') ? rename.newname : undefined;
  const range =
    nodeOf(node, 'CreateStmt')?.relation ??
    nodeOf(node, 'CreateForeignTableStmt')?.base?.relation ??
    nodeOf(node, 'ViewStmt')?.view ??
    nodeOf(node, 'CreateTableAsStmt')?.into?.rel ??
    nodeOf(node, 'AlterObjectSchemaStmt')?.relation;
  return range?.relname;
}

/** A block or a function may create relations in a branch or by EXECUTE: its author knows of the name. */
function namesInBody(node: Node): string[] {
  const options = nodeOf(node, 'DoStmt')?.args ?? nodeOf(node, 'CreateFunctionStmt')?.options;
  const bodies = nodesOf(options, 'DefElem').flatMap(({ arg }) => (arg ? partsOf(arg) : []));
  const made =
    /\bCREATE\s+(?:OR\s+REPLACE\s+|MATERIALIZED\s+)?(?:VIEW|TABLE)\s+(?:IF\s+NOT\s+EXISTS\s+)?(?:\w+\.)?(?:"([^"]+)"|(\w+))/gi;
  return bodies.flatMap((body) =>
    [...body.matchAll(made)].map(([, quoted, plain = '']) => quoted ?? plain.toLowerCase()),
  );
}

/** The kinds of relations that queries read from, in the grammar's words. */
export const relationKinds: ReadonlySet<string> = new Set([
  'OBJECT_TABLE',
  'OBJECT_VIEW',
  'OBJECT_MATVIEW',
  'OBJECT_FOREIGN_TABLE',
]);
