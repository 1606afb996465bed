/** Reads points in time from flags: dates and times, or how long ago. */

import { parseDuration } from '../project/duration.js';

const dayMs = 86_400_000;
const datePattern = /^\d{4}-\d\d-\d\d$/;
const instantPattern = /^\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d(\.\d+)?)?( UTC|Z|[+-]\d\d:?\d\d)?$/;

/**
 * A parser for flags that name a point in time: `2026-11-22`, `2026-11-22 18:00`, `2026-11-22T18:00:01Z`, or `24h`, `7d`:
 * so long ago. Without a zone it is UTC, as everywhere in Kat's output.
 * @param edge which end of a day is meant by a date alone.
 * @returns a function that throws an Error for anything else.
 */
export function pointInTime(edge: 'beginning' | 'end'): (text: string) => Date {
  return (text) => {
    const date = findAgo(text) ?? findInstant(text, edge);
    if (date && !Number.isNaN(date.getTime())) return date;
    throw new Error('Give a date such as 2026-11-22 or "2026-11-22 18:00", or how long ago: 45m, 24h, 7d.');
  };
}

function findAgo(text: string): Date | undefined {
  const days = /^(\d{1,6})d$/.exec(text)?.[1];
  const ms = days === undefined ? parseDuration(text) : Number(days) * dayMs;
  return ms === undefined ? undefined : new Date(Math.max(0, Date.now() - ms));
}

function findInstant(text: string, edge: 'beginning' | 'end'): Date | undefined {
  if (datePattern.test(text)) return new Date(Date.parse(text) + (edge === 'end' ? dayMs : 0));
  const match = instantPattern.exec(text);
  if (!match) return undefined;
  const [, , , zone = ''] = match;
  const time = text.slice(0, text.length - zone.length).replace(' ', 'T');
  return new Date(`${time}${zone.trim() === 'UTC' || zone === '' ? 'Z' : zone}`);
}
