/** Needs of roles, as statements name them. */

import type { Node, RoleSpec } from '@pgsql/types';
import { nodesOf } from '../../syntax/node-of.js';
import { emitUse, type ReaderContext } from '../context.js';

/** PUBLIC, CURRENT_USER and their like are always there. */
export function useRole(context: ReaderContext, role: RoleSpec | undefined): void {
  const isNamed = role?.roletype === 'ROLESPEC_CSTRING' && role.rolename !== undefined;
  if (isNamed && !role.rolename?.startsWith('pg_')) {
    emitUse(context, { kind: 'role', name: role.rolename ?? '' }, role.location);
  }
}

/** A statement's name of a role: `public`, `current_user` and similar if it names none. */
export function roleName(role: RoleSpec | undefined): string {
  return role?.rolename ?? (role?.roletype ?? '').replace('ROLESPEC_', '').toLowerCase();
}

/** As `useRole`, for a list. */
export function useRoles(context: ReaderContext, roles: readonly Node[] | undefined): void {
  for (const role of nodesOf(roles, 'RoleSpec')) useRole(context, role);
}
