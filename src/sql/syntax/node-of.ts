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

/** The content of a node of that kind. */
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
  const constant = nodeOf(withoutCasts(node), 'A_Const');
  if (!constant) return undefined;
  const { sval, ival, fval } = constant;
  // The grammar leaves out what is empty or zero.
  if (sval) return sval.sval ?? '';
  if (ival) return String(ival.ival ?? 0);
  return fval?.fval;
}

/** The expression inside all casts around it. */
export function withoutCasts(node: Node | undefined): Node | undefined {
  let inner = node;
  while (inner && 'TypeCast' in inner) inner = inner.TypeCast.arg;
  return inner;
}

/** The conditions that AND joins, at any depth, in the order of the text; one that is no AND is the only one. */
export function conjunctsOf(condition: Node | undefined): Node[] {
  const pending = condition ? [condition] : [];
  const found: Node[] = [];
  for (let next = pending.pop(); next; next = pending.pop()) {
    const both = nodeOf(next, 'BoolExpr');
    if (both?.boolop === 'AND_EXPR') pending.push(...(both.args ?? []).toReversed());
    else found.push(next);
  }
  return found;
}
