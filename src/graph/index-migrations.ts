/** Finds migrations by the words that people use for them: id, timestamp or name. */

import { canonicalTimestamp, parseMigrationId } from './migration.js';
import { nearest } from './nearest.js';

interface Named {
  id: string;
  timestamp: string;
  name: string;
}

export interface MigrationIndex<T extends Named> {
  /** All that a whole word names: by timestamp, else by id, else by name. More than one is ambiguous. */
  find(word: string): readonly T[];
  /** Ids of the migrations whose timestamp, id or name looks like `word`; best first. */
  suggest(word: string): string[];
}

/** @param migrations in the order in which several finds are given back. */
export function indexMigrations<T extends Named>(migrations: readonly T[]): MigrationIndex<T> {
  const byTimestamp = groupWhenAsked(migrations, ({ timestamp }) => timestamp);
  const byId = groupWhenAsked(migrations, ({ id }) => id);
  const byName = groupWhenAsked(migrations, ({ name }) => name);
  const isTimestamp = (word: string) => /^\d+$/.test(word);

  /** `0012_users` is `12_users`, however many zeros the folder has. */
  function findByPaddedId(word: string): T[] {
    const parts = parseMigrationId(word);
    if (!parts) return [];
    return (byTimestamp().get(parts.timestamp) ?? []).filter(({ name }) => name === parts.name);
  }

  return {
    find(word) {
      const dated = isTimestamp(word) ? byTimestamp().get(canonicalTimestamp(word)) : undefined;
      if (dated) return dated;
      const exact = byId().get(word) ?? findByPaddedId(word);
      return exact.length > 0 ? exact : (byName().get(word) ?? []);
    },
    suggest(word) {
      if (isTimestamp(word)) return idsNear(word, byTimestamp());
      const parts = parseMigrationId(word);
      if (!parts) return idsNear(word, byName());
      const similar = idsNear(word, byId());
      return similar.length > 0 ? similar : idsNear(parts.name, byName());
    },
  };
}

function idsNear(word: string, groups: ReadonlyMap<string, readonly Named[]>): string[] {
  const similar = nearest(word, groups.keys()).flatMap((key) => groups.get(key) ?? []);
  return similar.slice(0, 3).map(({ id }) => id);
}

/** Most folders are asked for timestamps only. */
function groupWhenAsked<T>(items: readonly T[], keyOf: (item: T) => string): () => Map<string, T[]> {
  let groups: Map<string, T[]> | undefined;
  return () => (groups ??= groupBy(items, keyOf));
}

function groupBy<T>(items: readonly T[], keyOf: (item: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const group = groups.get(keyOf(item));
    if (group) group.push(item);
    else groups.set(keyOf(item), [item]);
  }
  return groups;
}
