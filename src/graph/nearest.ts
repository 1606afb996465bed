/** Finds what somebody probably meant when a name is misspelt. */

/**
 * The candidates that look most like `word`, best first; equally good ones in their given order.
 * @param max how many at the most.
 * @returns nothing when no candidate is close, and nothing that is clearly worse than the best: a far-fetched
 *   suggestion is worse than none.
 */
export function nearest(word: string, candidates: Iterable<string>, max = 3): string[] {
  const wanted = word.toLowerCase();
  const close: { candidate: string; distance: number }[] = [];
  for (const candidate of new Set(candidates)) {
    const distance = distanceBetween(wanted, candidate.toLowerCase());
    if (distance !== undefined) close.push({ candidate, distance });
  }
  close.sort((a, b) => a.distance - b.distance);
  const best = close[0]?.distance ?? 0;
  const similar = close.filter(({ distance }) => distance <= best + 1);
  return similar.slice(0, max).map(({ candidate }) => candidate);
}

/** Typing mistakes between the two; when one is a part of the other it counts too, behind every typing mistake. */
function distanceBetween(a: string, b: string): number | undefined {
  const longest = Math.max(a.length, b.length);
  const limit = Math.ceil(longest / 4);
  if (Math.abs(a.length - b.length) <= limit) {
    const mistakes = countMistakes(a, b);
    if (mistakes <= limit) return mistakes;
  }
  const isPart = Math.min(a.length, b.length) >= 3 && (a.includes(b) || b.includes(a));
  return isPart ? longest : undefined;
}

/** Letters to insert, delete, replace or swap with their neighbour. */
function countMistakes(a: string, b: string): number {
  let beforePrevious: number[] = [];
  let previous = Array.from({ length: b.length + 1 }, (_, column) => column);
  for (let row = 1; row <= a.length; row += 1) {
    const current = [row];
    for (let column = 1; column <= b.length; column += 1) {
      const isSame = a[row - 1] === b[column - 1];
      const isSwap = a[row - 1] === b[column - 2] && a[row - 2] === b[column - 1];
      current[column] = Math.min(
        at(previous, column) + 1,
        at(current, column - 1) + 1,
        at(previous, column - 1) + (isSame ? 0 : 1),
        isSwap ? at(beforePrevious, column - 2) + 1 : Number.POSITIVE_INFINITY,
      );
    }
    beforePrevious = previous;
    previous = current;
  }
  return at(previous, b.length);
}

function at(row: readonly number[], column: number): number {
  return row[column] ?? Number.POSITIVE_INFINITY;
}
