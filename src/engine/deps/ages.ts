/** Compares the age of two migrations: the newest timestamp among each migration and its ancestors. */

import { compareMigrations, parseMigrationId } from '../../graph/migration.js';
import type { NumberedEdges } from './compare-edges.js';

type Stamp = { timestamp: string; id: string };

/**
 * @param ids in the order of the graph; parents as numbers in it.
 * @returns how `one` stands to `other`, as for sorting.
 */
export function compareAges(
  ids: readonly string[],
  parents: NumberedEdges,
): (one: number, other: number) => number {
  const ages: Stamp[] = [];
  for (const [number, id] of ids.entries()) {
    const own: Stamp = parseMigrationId(id) ?? { timestamp: '', id };
    const before = (parents[number] ?? []).map((parent) => ages[parent] as Stamp);
    ages.push(before.reduce((newest, age) => (compareMigrations(newest, age) < 0 ? age : newest), own));
  }
  return (one, other) => compareMigrations(ages[one] as Stamp, ages[other] as Stamp) || one - other;
}
