/** Walks through a syntax tree when only some kinds of nodes in it matter, wherever they stand. */

import type { NodeKind, NodeOf } from './node-of.js';

/** Every object in a syntax tree, each before those inside of it. The stack does not bound its depth. */
export function* objectsIn(tree: unknown): Generator<Record<string, unknown>> {
  const pending: unknown[] = [tree];
  while (pending.length > 0) {
    const value = pending.pop();
    if (typeof value !== 'object' || value === null) continue;
    if (!Array.isArray(value)) yield value as Record<string, unknown>;
    const inside = Object.values(value);
    for (let index = inside.length - 1; index >= 0; index -= 1) pending.push(inside[index]);
  }
}

/** The nodes of one kind in a syntax tree, without their wrapping, each before those inside of it. */
export function nodesIn<Kind extends NodeKind>(tree: unknown, kind: Kind): NodeOf<Kind>[] {
  const found: NodeOf<Kind>[] = [];
  for (const object of objectsIn(tree)) {
    const node = object[kind] as NodeOf<Kind> | undefined;
    if (node !== undefined) found.push(node);
  }
  return found;
}
