/** Computes the ids of imported migrations: equal on every machine, ascending in source order. */

import { timestampOf } from './numbers.js';
import type { SourceMigration } from './source.js';

/** A folder's name may have 255 bytes, on some disks fewer; longer names are also hard to read. */
const maxNameLength = 200;

/**
 * The ids in the order of `migrations`. A timestamp that is not greater than the one before it becomes the next whole
 * number, so that the source's order is kept.
 * @returns ids by key.
 */
export function assignIds(migrations: readonly SourceMigration[]): Map<string, string> {
  const ids = new Map<string, string>();
  let last = 0n;
  for (const { key, name, number } of migrations) {
    const wanted = number === undefined ? 0n : BigInt(timestampOf(number));
    last = wanted > last ? wanted : last + 1n;
    ids.set(key, `${last}_${plainName(name)}`);
  }
  return ids;
}

/** Lower case, a-z, 0-9 and single underscores, as `kat add` would have it; long ones are cut. */
function plainName(text: string): string {
  const name = text
    .toLowerCase()
    .replace(/[\s\p{P}\p{S}]+/gu, '_')
    .replace(/[^a-z0-9_]/g, '')
    .slice(0, maxNameLength)
    .replace(/^_+|_+$/g, '');
  return name === '' ? 'migration' : name;
}
