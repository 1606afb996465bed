/** Validates `replaces` of squashed migrations, and resolves replaced migrations to their successors. */

import type { Problem } from '../errors.js';
import { indexMigrations } from './index-migrations.js';
import { parseMigrationId, type RawMigration } from './migration.js';

/** A replaced migration must have no folder, and only one migration may replace it. */
export function findReplacedTwice(migrations: readonly RawMigration[]): Problem[] {
  const claims = claimsOf(migrations);
  if (claims.length === 0) return [];
  const here = new Set(migrations.map(({ id }) => id));
  const taken = new Map<string, string>();
  return claims.flatMap(({ id, former }) => {
    const other = here.has(former) ? former : taken.get(former);
    taken.set(former, id);
    if (other === undefined) return [];
    const why = other === former ? 'still has its folder' : `is also replaced by ${other}`;
    return [
      {
        code: 'replaced-twice',
        title: 'Replaced twice',
        message: `${former} is replaced by ${id}, but it ${why}`,
        help: `Delete the folder of ${former}, or remove it from \`replaces\` in metadata.yaml.`,
        migration: id,
      },
    ];
  });
}

/**
 * Finds what former migrations were squashed into.
 * @returns a function from a timestamp, an id or a name to the id of the migration that replaces it.
 */
export function indexReplaced(migrations: readonly Replacing[]): (word: string) => string | undefined {
  const former = claimsOf(migrations).flatMap(({ id: by, former }) => {
    const parts = parseMigrationId(former);
    return parts ? [{ ...parts, by }] : [];
  });
  if (former.length === 0) return () => undefined;
  const index = indexMigrations(former);
  return (word) => index.find(word)[0]?.by;
}

type Replacing = Pick<RawMigration, 'id' | 'replaces'>;

/** Which migration says that it replaces which. Nearly none do. */
function claimsOf(migrations: readonly Replacing[]): { id: string; former: string }[] {
  return migrations
    .filter(({ replaces }) => replaces !== undefined)
    .flatMap(({ id, replaces = [] }) => replaces.map((former) => ({ id, former })));
}
