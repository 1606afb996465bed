/** Merges the ids beside a schema file. */

import { formatIds, parseIds } from '../schema-text.js';

/** @returns the ids that both sides have or one has added, without those that one has removed. */
export function mergeIds({ base, ours, theirs }: Record<'base' | 'ours' | 'theirs', string>): {
  text: string;
  ids: string[];
} {
  const [before, one, other] = [new Set(parseIds(base)), new Set(parseIds(ours)), new Set(parseIds(theirs))];
  const isKept = (id: string) => (one.has(id) && other.has(id)) || !before.has(id);
  const ids = [...new Set([...one, ...other])].filter(isKept).sort();
  return { text: formatIds(ids), ids };
}
