/** Reads whole numbers from flags and environment variables. */

import type { Jobs } from '../project/config/config-names.js';

/** @returns a parser for whole numbers between these two, both included. */
export function wholeNumber(least: number, most: number = Number.MAX_SAFE_INTEGER): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (/^\d+$/.test(text) && value >= least && value <= most) return value;
    const range = most === Number.MAX_SAFE_INTEGER ? `of at least ${least}` : `from ${least} to ${most}`;
    throw new Error(`Give a whole number ${range}.`);
  };
}

/** Reads a number of sessions. */
export function sessionCount(text: string): Jobs {
  if (text === 'auto') return text;
  const value = Number(text);
  if (/^\d+$/.test(text) && value >= 1 && value <= 64) return value;
  throw new Error('Give a whole number from 1 to 64, or `auto`.');
}
