// The options of a benchmark: lists of numbers, and numbers.

import { parseArgs } from 'node:util';

/**
 * Reads the command line.
 * @template {Record<string, number | number[]>} T
 * @param {T} defaults by the option's name; a list is given as `1,2,3`, an empty one as an empty text
 * @returns {T}
 */
export function readOptions(defaults) {
  const { values } = parseArgs({
    options: Object.fromEntries(Object.keys(defaults).map((name) => [name, { type: 'string' }])),
  });
  return Object.fromEntries(
    Object.entries(defaults).map(([name, value]) => {
      const text = values[name];
      if (text === undefined) return [name, value];
      return [name, Array.isArray(value) ? numbersOf(text) : Number(text)];
    }),
  );
}

function numbersOf(text) {
  return text === '' ? [] : text.split(',').map(Number);
}
