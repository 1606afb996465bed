/** Merges the ids beside a schema file. */

import { formatIds, parseIds, type SchemaIds } from '../ids-file.js';

interface Sides<T> {
  base: T;
  ours: T;
  theirs: T;
}

/**
 * @returns the ids that both sides have or one has added, without those that one has removed. Where both edited a migration, its checksum
 *   is that of ours, which the merged text has not: so the file is not loaded until it is written again.
 */
export function mergeIds({ base, ours, theirs }: Sides<string>): { text: string; ids: string[] } {
  const sides = { base: parseIds(base), ours: parseIds(ours), theirs: parseIds(theirs) };
  const isKept = (id: string) => (sides.ours.has(id) && sides.theirs.has(id)) || !sides.base.has(id);
  const ids = [...new Set([...sides.ours.keys(), ...sides.theirs.keys()])].filter(isKept).sort();
  return { text: formatIds(new Map(ids.map((id) => [id, mergeChecksum(id, sides)]))), ids };
}

function mergeChecksum(id: string, { base, ours, theirs }: Sides<SchemaIds>): string {
  const [before, one, other] = [base.get(id), ours.get(id), theirs.get(id)];
  return (one === undefined || one === before ? other : one) ?? one ?? '';
}
