/** Finds the roles that ALTER DEFAULT PRIVILEGES gives something of whatever is created. */

import type { CheckedMigration } from './read-accesses.js';

/** @returns whether some migration does so for the role. */
export function findDefaultRoles(history: readonly CheckedMigration[]): (role: string) => boolean {
  const grants = history.flatMap(({ effects }) =>
    effects.effects.flatMap(({ change, grants = [] }) =>
      change?.kind === 'default privileges' ? grants : [],
    ),
  );
  const roles = new Set(grants.map(({ role }) => role));
  return (role) => roles.has(role);
}
