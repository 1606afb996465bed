/** Names the parts of libpg-query's tree by their kind. */

import type { Node } from '@pgsql/types';

type Intersection<Union> = (Union extends unknown ? (member: Union) => void : never) extends (
  member: infer All,
) => void
  ? All
  : never;

/** All kinds of nodes with what stands inside of them. */
type Nodes = Intersection<Node>;

/** The kinds of nodes, such as `CreateStmt`. */
export type NodeKind = keyof Nodes;

/** What stands inside of a node of that kind. */
export type NodeOf<Kind extends NodeKind> = Nodes[Kind];

/** The nodes of one kind in a list, without their wrapping. */
export function nodesOf<Kind extends NodeKind>(
  nodes: readonly Node[] | undefined,
  kind: Kind,
): NodeOf<Kind>[] {
  const found: NodeOf<Kind>[] = [];
  for (const node of nodes ?? []) {
    const one = nodeOf(node, kind);
    if (one !== undefined) found.push(one);
  }
  return found;
}

/** One node without its wrapping; undefined when it is of another kind. */
export function nodeOf<Kind extends NodeKind>(node: Node | undefined, kind: Kind): NodeOf<Kind> | undefined {
  return (node as Partial<Nodes> | undefined)?.[kind];
}

/** The text of a string literal; undefined for everything else. A cast around it does not matter. */
export function literalOf(node: Node | undefined): string | undefined {
  if (!node) return undefined;
  if ('TypeCast' in node) return literalOf(node.TypeCast.arg);
  if (!('A_Const' in node)) return undefined;
  const { sval, ival, fval } = node.A_Const;
  // The grammar leaves out what is empty or zero.
  if (sval) return sval.sval ?? '';
  if (ival) return String(ival.ival ?? 0);
  return fval?.fval;
}
