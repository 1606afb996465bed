/** Reads durations as people and Go write them. */

const unitsMs: Record<string, number> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 };
const partPattern = /(\d+(?:\.\d+)?)(ms|s|m|h)/g;

/** The format that `parseDuration` accepts. */
export const durationPattern = /^(?:0+|(?:\d+(?:\.\d+)?(?:ms|s|m|h))+)$/;

/** The advice for an invalid duration. */
export const durationHelp =
  'a number with a unit (ms, s, m or h), such as 500ms, 10s, 1.5s or 1h30m; only 0 needs no unit';

/**
 * Reads `500ms`, `1.5s`, `1h30m` or `0`.
 * @returns whole milliseconds, at least 1 unless the duration is zero; undefined when `text` is no duration, which a
 *   number without unit is not.
 */
export function parseDuration(text: string): number | undefined {
  if (!durationPattern.test(text)) return undefined;
  let total = 0;
  for (const [, amount, unit] of text.matchAll(partPattern)) {
    total += Number(amount) * (unitsMs[unit ?? ''] ?? 0);
  }
  return total === 0 ? 0 : Math.max(1, Math.round(total));
}
