/** Walks through a syntax tree when only some kinds of nodes in it matter, wherever they stand. */

/** Every object in a syntax tree, each before those inside of it. */
export function* objectsIn(tree: unknown): Generator<Record<string, unknown>> {
  const pending: unknown[] = [tree];
  while (pending.length > 0) {
    const value = pending.pop();
    if (Array.isArray(value))
      for (let index = value.length - 1; index >= 0; index -= 1) pending.push(value[index]);
    else if (typeof value === 'object' && value !== null) {
      yield value as Record<string, unknown>;
      pending.push(...Object.values(value).reverse());
    }
  }
}
