/** Groups what belongs to migrations. */

/** @returns the items of each migration by its id, in their order. */
export function groupByMigration<T extends { migration?: string }>(
  items: readonly T[],
): Map<string | undefined, T[]> {
  const groups = new Map<string | undefined, T[]>();
  for (const item of items) {
    const group = groups.get(item.migration);
    if (group) group.push(item);
    else groups.set(item.migration, [item]);
  }
  return groups;
}
