/** The kinds of values that programs hand to the library, and how a wrong one is described without showing it. */

import { fileURLToPath } from 'node:url';

export interface ValueKind {
  /** The required kind, after "must be". */
  expected: string;
  accepts(value: unknown): boolean;
}

export const text: ValueKind = { expected: 'a string', accepts: (value) => typeof value === 'string' };

export const filledText: ValueKind = {
  expected: 'a string that is not empty',
  accepts: (value) => typeof value === 'string' && value.trim() !== '',
};

/** The place of a folder; `pathOf` reads it. */
export const folder: ValueKind = {
  expected: 'a path or a URL of the protocol file:',
  accepts: (value) => (value instanceof URL ? isFileUrl(value) : filledText.accepts(value)),
};

/** @param place what `folder` accepts. */
export function pathOf(place: string | URL): string {
  return typeof place === 'string' ? place : fileURLToPath(place);
}

function isFileUrl(url: URL): boolean {
  try {
    return fileURLToPath(url) !== '';
  } catch {
    // Another protocol, a host, or a slash in a name.
    return false;
  }
}

export const flag: ValueKind = { expected: 'true or false', accepts: (value) => typeof value === 'boolean' };

export const texts: ValueKind = {
  expected: 'an array of strings',
  accepts: (value) => isArrayOf(value, (item) => typeof item === 'string'),
};

/** A list that a program computed may be empty, and must not mean whatever is meant without one. */
export const names: ValueKind = {
  expected: 'an array of at least one string, or left out',
  accepts: (value) => texts.accepts(value) && (value as unknown[]).length > 0,
};

export const callback: ValueKind = {
  expected: 'a function',
  accepts: (value) => typeof value === 'function',
};

export const date: ValueKind = {
  expected: 'a valid Date',
  accepts: (value) => value instanceof Date && !Number.isNaN(value.getTime()),
};

export const signal: ValueKind = {
  expected: 'an AbortSignal',
  accepts: (value) => value instanceof AbortSignal,
};

/** The largest value of PostgreSQL's settings in milliseconds, and of timers in Node.js. */
const maxMs = 2_147_483_647;

export const milliseconds = millisecondsFrom(0);

export function millisecondsFrom(leastMs: number): ValueKind {
  return {
    expected: `a whole number of milliseconds from ${leastMs} to ${maxMs}`,
    accepts: (value) => isWhole(value, leastMs, maxMs),
  };
}

/** A whole number within limits. */
export function whole(least: number, most: number): ValueKind {
  return {
    expected: `a whole number from ${least} to ${most}`,
    accepts: (value) => isWhole(value, least, most),
  };
}

export const count: ValueKind = {
  expected: 'a whole number of at least 1',
  accepts: (value) => isWhole(value, 1, Number.MAX_SAFE_INTEGER),
};

export const jobs: ValueKind = {
  expected: "a whole number from 1 to 64, or 'auto'",
  accepts: (value) => value === 'auto' || isWhole(value, 1, 64),
};

export const countOrAll: ValueKind = {
  expected: `${count.expected}, or Infinity`,
  accepts: (value) => value === Number.POSITIVE_INFINITY || count.accepts(value),
};

/** One of a few words. */
export function choice(words: readonly (string | boolean)[]): ValueKind {
  return {
    expected: joinWithOr(words.map((word) => (typeof word === 'string' ? `'${word}'` : String(word)))),
    accepts: (value) => words.some((word) => word === value),
  };
}

function joinWithOr(words: readonly string[]): string {
  return words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} or ${words.at(-1)}`;
}

/** An object whose values are all of one kind. */
export function recordOf(kind: ValueKind): ValueKind {
  return {
    expected: `an object whose values are ${kind.expected}`,
    accepts: (value) =>
      isObject(value) && Object.values(value).every((item) => item === undefined || kind.accepts(item)),
  };
}

/** An object with methods of these names. */
export function objectWith(methods: readonly string[]): ValueKind {
  return {
    expected: `an object with the methods ${methods.join(', ')}`,
    accepts: (value) =>
      isObject(value) && methods.every((name) => typeof Reflect.get(value, name) === 'function'),
  };
}

/** Also a hole of an array is an item that is nothing. */
export function isArrayOf(value: unknown, isItem: (item: unknown) => boolean): boolean {
  return Array.isArray(value) && Array.from(value).every(isItem);
}

/** Whether it is an object, and no array. */
export function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** @returns what kind of value it is; a string may be a password, so it is not shown. */
export function describe(value: unknown): string {
  if (typeof value === 'string')
    return value.trim() === '' ? `${value === '' ? 'an empty' : 'a blank'} string` : 'another string';
  if (typeof value === 'function') return 'a function';
  if (Array.isArray(value)) return 'an array';
  if (value instanceof URL) return describeUrl(value);
  if (isObject(value)) return `an object (${value.constructor?.name ?? 'without a prototype'})`;
  return String(value);
}

/** Nothing but its protocol: the rest may be a secret. */
function describeUrl({ protocol, host }: URL): string {
  if (protocol === 'file:') return 'a file: URL that is no path on this computer';
  return `a URL of the protocol ${protocol}${host === '' ? '' : ' with a host'}`;
}

function isWhole(value: unknown, least: number, most: number): boolean {
  return Number.isInteger(value) && Number(value) >= least && Number(value) <= most;
}
