/** Converts the numbers and dates of other tools into the timestamps of Kat's ids. */

import { canonicalTimestamp } from '../../graph/migration.js';

/** Seconds that Kat's ids have; what is not a date stays a number. */
export function timestampOf(digits: string): string {
  const canonical = canonicalTimestamp(digits);
  return secondsOf(canonical) ?? canonical;
}

function secondsOf(digits: string): string | undefined {
  // 13 digits beginning with 1 are milliseconds since 1970, between 2001 and 2033.
  if (/^1\d{12}$/.test(digits)) return digits.slice(0, 10);
  const match = /^(\d{4})(\d{2})(\d{2})(?:(\d{2})(\d{2})(?:(\d{2})(?:\d{3})?)?)?$/.exec(digits);
  if (!match) return undefined;
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = match
    .slice(1)
    .map((part) => Number(part ?? 0));
  const time = Date.UTC(year, month - 1, day, hour, minute, second);
  const isDate = new Date(time).toISOString() === isoText([year, month, day, hour, minute, second]);
  return isDate && year >= 1990 && year < 2100 ? String(time / 1000) : undefined;
}

/** Equal to what the time gives only if no part was out of its range. */
function isoText(parts: readonly number[]): string {
  const [year, month, day, hour, minute, second] = parts.map((part) => String(part).padStart(2, '0'));
  return `${year}-${month}-${day}T${hour}:${minute}:${second}.000Z`;
}

/** Compares whole numbers of any length. */
export function compareDigits(a: string, b: string): number {
  const [left, right] = [canonicalTimestamp(a), canonicalTimestamp(b)];
  return left.length - right.length || (left < right ? -1 : left > right ? 1 : 0);
}
