/** Writes the role that read a snapshot as `CURRENT_USER`, so that snapshots of two roles can be compared. */

import type { SnapshotObject } from './snapshot.js';
import { splitList } from './written-names.js';

const neutral = 'CURRENT_USER';

/** @param role the role that read the snapshot, as SQL. */
export function neutralObject(object: SnapshotObject, role: string): SnapshotObject {
  const replace = (name: string) => (name === role ? neutral : name);
  const { kind, name, of, definition } = object;
  const { owner, roles } = definition;
  return {
    ...object,
    ...(isNamedByRole(object) ? { name: replace(name) } : {}),
    ...(kind === 'default privileges' && of !== undefined ? { of: neutralDefaults(of, role) } : {}),
    definition: {
      ...definition,
      ...(owner === undefined ? {} : { owner: replace(owner) }),
      ...(roles === undefined ? {} : { roles: splitList(roles).map(replace).sort().join(', ') }),
    },
  };
}

function isNamedByRole({ kind }: SnapshotObject): boolean {
  return kind === 'grant' || kind === 'revoke' || kind === 'default privileges' || kind === 'user mapping';
}

/** `app on tables in schema public` begins with the role that creates. */
function neutralDefaults(of: string, role: string): string {
  return of.startsWith(`${role} on `) ? `${neutral}${of.slice(role.length)}` : of;
}
