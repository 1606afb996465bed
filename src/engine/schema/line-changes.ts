/** Compares two texts line by line. */

/** Longer parts are shown as replaced as a whole: the comparison takes time that grows with the square. */
const maxCompared = 2_000;

/** @returns lines that begin with `-` for those of the first text alone, and with `+` for those of the second; no common ones. */
export function compareLines(before: string, after: string): string[] {
  const [old, next] = [before.split('\n'), after.split('\n')];
  let start = 0;
  while (start < old.length && start < next.length && old[start] === next[start]) start += 1;
  let end = 0;
  while (end < Math.min(old.length, next.length) - start && old.at(-1 - end) === next.at(-1 - end)) end += 1;
  return compareMiddle(old.slice(start, old.length - end), next.slice(start, next.length - end));
}

function compareMiddle(old: readonly string[], next: readonly string[]): string[] {
  if (old.length > maxCompared || next.length > maxCompared)
    return [...old.map((line) => `-${line}`), ...next.map((line) => `+${line}`)];
  const lengths = commonLengths(old, next);
  const changes: string[] = [];
  let [one, other] = [0, 0];
  while (one < old.length || other < next.length) {
    if (one < old.length && other < next.length && old[one] === next[other]) {
      one += 1;
      other += 1;
    } else if (
      other >= next.length ||
      (one < old.length && at(lengths, one + 1, other) >= at(lengths, one, other + 1))
    ) {
      changes.push(`-${old[one]}`);
      one += 1;
    } else {
      changes.push(`+${next[other]}`);
      other += 1;
    }
  }
  return changes;
}

/** The length of the longest common sequence behind each pair of lines. */
function commonLengths(old: readonly string[], next: readonly string[]): Uint16Array[] {
  const lengths = Array.from({ length: old.length + 1 }, () => new Uint16Array(next.length + 1));
  for (let one = old.length - 1; one >= 0; one -= 1) {
    for (let other = next.length - 1; other >= 0; other -= 1) {
      const row = lengths[one] as Uint16Array;
      row[other] =
        old[one] === next[other]
          ? at(lengths, one + 1, other + 1) + 1
          : Math.max(at(lengths, one + 1, other), at(lengths, one, other + 1));
    }
  }
  return lengths;
}

function at(lengths: readonly Uint16Array[], one: number, other: number): number {
  return lengths[one]?.[other] ?? 0;
}
