/** Needs of roles, as statements name them. */

import type { Node, RoleSpec } from '@pgsql/types';
import { nodesOf } from '../../syntax/node-of.js';
import { emitUse, type ReaderContext } from '../context.js';

/**
 * PUBLIC, CURRENT_USER and their like are always there.
 * @param usage what the role gets.
 */
export function useRole(
  context: ReaderContext,
  role: RoleSpec | undefined,
  usage?: 'granted' | 'owning',
): void {
  const isNamed = role?.roletype === 'ROLESPEC_CSTRING' && role.rolename !== undefined;
  if (isNamed && !role.rolename?.startsWith('pg_')) {
    emitUse(context, { kind: 'role', name: role.rolename ?? '' }, role.location, usage);
  }
}

/** A statement's name of a role: `public`, `current_user` and similar if it names none. */
export function roleName(role: RoleSpec | undefined): string {
  return role?.rolename ?? (role?.roletype ?? '').replace('ROLESPEC_', '').toLowerCase();
}

/** As `useRole`, for a list. */
export function useRoles(
  context: ReaderContext,
  roles: readonly Node[] | undefined,
  usage?: 'granted',
): void {
  for (const role of nodesOf(roles, 'RoleSpec')) useRole(context, role, usage);
}
