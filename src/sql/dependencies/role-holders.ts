/**
 * Follows what keeps a role from being dropped: what it owns, and what it was granted (checkSharedDependencies in catalog/pg_shdepend.c).
 */

import type { Effect, PrivilegeGrant } from '../effects/effect.js';
import { keyOf } from '../effects/object-key.js';
import { isOfGroup } from '../effects/privilege-groups.js';
import type { ObjectId } from '../syntax/object-id.js';
import { type Catalogue, objectsOfSchema } from './catalogue.js';

/** The objects that a role owns, or has privileges of, as far as the history tells. */
export function heldByRole({ properties, granted, objects }: Catalogue, { name }: ObjectId): ObjectId[] {
  const owned = [...properties].filter(([, { owner }]) => owner === name).map(([key]) => key);
  const given = [...granted].filter(([, roles]) => roles.has(name)).map(([key]) => key);
  return [...new Set([...owned, ...given])].flatMap((key) => objects.get(key) ?? []);
}

/** The roles that own the object of a key, or have privileges of it. */
export function rolesHolding({ properties, granted }: Catalogue, key: string): ObjectId[] {
  const owner = properties.get(key)?.owner;
  const names = new Set([...(owner === undefined ? [] : [owner]), ...(granted.get(key)?.keys() ?? [])]);
  return [...names].map((name) => ({ kind: 'role', name }));
}

/** What GRANT, REVOKE, REASSIGN OWNED and DROP OWNED do to that. */
export function noteHeld(catalogue: Catalogue, object: ObjectId, { change, grants = [] }: Effect): void {
  if (change?.kind === 'owned') endOwnership(catalogue, object.name);
  if (change?.kind === 'owned' && change.isDropped) endGrants(catalogue, object.name);
  if (change?.kind !== 'privileges') return;
  const { group } = change;
  const meant =
    group === undefined
      ? [object]
      : objectsOfSchema(catalogue, object).filter((one) => isOfGroup({ object: one }, group));
  for (const one of meant) for (const grant of grants) noteGrant(catalogue, keyOf(one), grant);
}

/** The new owner is one that nothing is known of. */
function endOwnership({ properties }: Catalogue, role: string): void {
  for (const [key, { owner, ...others }] of properties) if (owner === role) properties.set(key, others);
}

function endGrants({ granted }: Catalogue, role: string): void {
  for (const roles of granted.values()) roles.delete(role);
}

/** The right to grant a privilege is nothing without the privilege. */
function noteGrant({ granted }: Catalogue, key: string, { role, privilege, result }: PrivilegeGrant): void {
  if (privilege.startsWith('option-')) return;
  const roles = granted.get(key) ?? new Map<string, Set<string>>();
  const privileges = roles.get(role) ?? new Set();
  granted.set(key, roles.set(role, privileges));
  if (result !== 'revoked') privileges.add(privilege);
  else if (privilege === 'all') privileges.clear();
  else privileges.delete(privilege);
  if (privileges.size === 0) roles.delete(role);
}

/** A role keeps under another name what it has. */
export function renameHolder({ properties, granted }: Catalogue, role: string, name: string): void {
  for (const [key, known] of properties)
    if (known.owner === role) properties.set(key, { ...known, owner: name });
  for (const roles of granted.values()) {
    const privileges = roles.get(role);
    if (privileges && roles.delete(role)) roles.set(name, privileges);
  }
}
