/** Follows links from item to item: histories may link tables, views and types in circles, and in chains of any length. */

/** The identity of items, and their successors. */
export interface Links<Item> {
  keyOf(item: Item): string;
  next(item: Item): Iterable<Item>;
}

/** The items that can be reached from the first ones, these among them, each once, each before those that it leads to. */
export function reachableFrom<Item>(first: Iterable<Item>, { keyOf, next }: Links<Item>): Item[] {
  const pending = [...first].reverse();
  const found = new Map<string, Item>();
  for (let item = pending.pop(); item !== undefined; item = pending.pop()) {
    const key = keyOf(item);
    if (found.has(key)) continue;
    found.set(key, item);
    pending.push(...[...next(item)].reverse());
  }
  return [...found.values()];
}
