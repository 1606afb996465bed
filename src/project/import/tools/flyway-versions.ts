/** Flyway's versions: numbers with dots or underscores between them. */

import { canonicalTimestamp } from '../../../graph/migration.js';
import { compareDigits } from '../numbers.js';

/** `01_2.0` is `1.2`, as Flyway compares them: without leading zeros, and without parts of zero at the end. */
export function parseVersion(text: string): string {
  const parts = text.split(/[._]/).filter((part) => part !== '');
  const plain = parts.map(canonicalTimestamp);
  while (plain.length > 1 && plain.at(-1) === '0') plain.pop();
  return plain.join('.');
}

/** @param a, b as `parseVersion` gives them. */
export function compareVersions(a: string, b: string): number {
  const [left, right] = [a.split('.'), b.split('.')];
  for (let index = 0; index < Math.max(left.length, right.length); index += 1) {
    const order = compareDigits(left[index] ?? '0', right[index] ?? '0');
    if (order !== 0) return order;
  }
  return 0;
}

const minPartLength = 3;

/**
 * A number for each version, in the same order. Where no version has several parts, the numbers are the versions;
 * else each part behind the first takes a fixed number of digits: among 1, 1.2 and 2 they are 1000, 1002 and 2000.
 */
export function numberVersions(versions: readonly string[]): string[] {
  const split = versions.map((version) => version.split('.'));
  const depth = Math.max(1, ...split.map((parts) => parts.length));
  const lengths = Array.from({ length: depth }, (_, index) =>
    Math.max(minPartLength, ...split.map((parts) => (parts[index] ?? '').length)),
  );
  return split.map(([first = '0', ...rest]) => {
    const padded = lengths.slice(1).map((length, index) => (rest[index] ?? '0').padStart(length, '0'));
    return [first, ...padded].join('');
  });
}
