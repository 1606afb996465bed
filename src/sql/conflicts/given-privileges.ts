/** Finds what a history gives to roles, so that a REVOKE may take something from them. */

import type { Effect, PrivilegeGrant } from '../effects/effect.js';
import { keyOf } from '../effects/object-key.js';
import type { CheckedMigration } from './read-accesses.js';

/** @returns whether some migration gives the role something of whatever is created. */
export function findDefaultRoles(history: readonly CheckedMigration[]): (role: string) => boolean {
  const roles = rolesOf(grantsOf(history, ({ change }) => change?.kind === 'default privileges'));
  return (role) => roles.has(role);
}

/** @returns whether some migration gives the role something of the object, or of all objects in its schema. */
export function findGranted(
  history: readonly CheckedMigration[],
): (object: Effect['object'], role: string) => boolean {
  const byKey = new Map<string, Set<string>>();
  return (object, role) => {
    const key = keyOf(object);
    const known = byKey.get(key) ?? rolesOf(grantsOf(history, (effect) => isGrantOn(effect, object)));
    byKey.set(key, known);
    return known.has(role);
  };
}

function isGrantOn({ change, object: granted }: Effect, object: Effect['object']): boolean {
  if (change?.kind !== 'privileges' || !change.isGrant) return false;
  return change.group === undefined ? keyOf(granted) === keyOf(object) : granted.name === object.schema;
}

function grantsOf(
  history: readonly CheckedMigration[],
  isMeant: (effect: Effect) => boolean,
): readonly PrivilegeGrant[] {
  return history.flatMap(({ effects }) =>
    effects.effects.filter(isMeant).flatMap(({ grants = [] }) => grants),
  );
}

function rolesOf(grants: readonly PrivilegeGrant[]): Set<string> {
  return new Set(grants.map(({ role }) => role));
}
