/** Writes lists of ids for people, who don't read thousands of them. */

/** `a, b and c`; past ten, `a, b, … and 32 more`. */
export function listIds(ids: readonly string[], max = 10): string {
  const rest = ids.length - max;
  if (rest > 0) return `${ids.slice(0, max).join(', ')} and ${rest} more`;
  if (ids.length < 2) return ids.join('');
  return `${ids.slice(0, -1).join(', ')} and ${ids.at(-1)}`;
}

/** A help sentence `Did you mean a or b?`; the fallback where there is nothing to suggest. */
export function suggestIds(ids: readonly string[], fallback: string): string {
  return ids.length > 0 ? `Did you mean ${ids.join(' or ')}?` : fallback;
}
