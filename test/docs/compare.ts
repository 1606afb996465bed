/** Compares what a page shows with what happened, leaving aside what is different each time: timestamps, times, durations. */

/** The timestamps of a page, each with the one that stands for it in this run. */
export type Timestamps = ReadonlyMap<string, string>;

/** What differs from run to run wherever a page shows it. */
const changing = [
  String.raw`\d{4}-\d\d-\d\d[ T]\d\d:\d\d:\d\d(?:\.\d+)?`,
  String.raw`\d+(?:(?:m\d+)?\.\d{3}m?s|ms)\b`,
  String.raw`"durationMs": [\d.]+`,
  String.raw`(?<![\w.])(?:[\d.]+ (?:ms|s)|\d+ min \d+ s)\b`,
  // Of a plan.
  String.raw`(?<!\w)(?=\d*[a-f])[0-9a-f]{16}(?!\w)`,
];

const timestamp = String.raw`(?<!\d)\d{10}(?!\d)`;
const token = new RegExp(`(…|${timestamp}|${changing.join('|')})`);

/**
 * Holds the lines of a page against those of a run. A line `…` stands for one or more lines, `…` in a line for any text.
 * @returns the timestamps known afterwards, or undefined when the page is wrong.
 */
export function matchOutput(
  shown: readonly string[],
  actual: readonly string[],
  known: Timestamps,
): Timestamps | undefined {
  return matchLines(trimLines(shown), trimLines(actual), known);
}

/** Blanks at the end of a line cannot be seen on a page; nor can empty lines at its end. */
function trimLines(lines: readonly string[]): string[] {
  const trimmed = lines.map((line) => line.trimEnd());
  while (trimmed.at(-1) === '') trimmed.pop();
  return trimmed;
}

function matchLines(
  shown: readonly string[],
  actual: readonly string[],
  known: Timestamps,
): Timestamps | undefined {
  const [line, ...rest] = shown;
  if (line === undefined) return actual.length === 0 ? known : undefined;
  const longest = line.trim() === '…' ? actual.length : 1;
  for (let count = 1; count <= longest; count += 1) {
    const here = line.trim() === '…' ? known : matchLine(line, actual[0] ?? '', known);
    const found = here && actual.length > 0 ? matchLines(rest, actual.slice(count), here) : undefined;
    if (found) return found;
  }
  return undefined;
}

function matchLine(shown: string, actual: string, known: Timestamps): Timestamps | undefined {
  const fresh: string[] = [];
  const pattern = shown
    .split(token)
    .map((part) => patternOf(part, known, fresh))
    .join('');
  const found = new RegExp(`^${pattern}$`).exec(actual);
  if (!found) return undefined;
  const together = new Map(known);
  for (const [index, shownTimestamp] of fresh.entries()) {
    together.set(shownTimestamp, found[index + 1] as string);
  }
  // Two migrations of the page must be two migrations of the run.
  return new Set(together.values()).size === together.size ? together : undefined;
}

/** @param fresh gets the timestamps that are seen for the first time, in the order of their groups. */
function patternOf(part: string, known: Timestamps, fresh: string[]): string {
  if (/^\d{10}$/.test(part)) {
    const actual = known.get(part);
    if (actual !== undefined) return actual;
    const group = fresh.indexOf(part) + 1;
    if (group > 0) return `\\${group}(?!\\d)`;
    fresh.push(part);
    return '(\\d{10})';
  }
  if (part === '…') return '.*';
  const time = changing.find((pattern) => new RegExp(`^(?:${pattern})$`).test(part));
  return time ?? part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}
