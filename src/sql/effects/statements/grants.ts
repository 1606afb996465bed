/** Reads GRANT, REVOKE and ALTER DEFAULT PRIVILEGES. */

import type { Node, ObjectType } from '@pgsql/types';
import { present } from '../../../present.js';
import { type NodeOf, nodeOf, nodesOf } from '../../syntax/node-of.js';
import { namePartsOf, partOf } from '../../syntax/object-names.js';
import type { Change, PrivilegeGroup } from '../change.js';
import { emit, emitUse, type ReaderContext } from '../context.js';
import type { PrivilegeGrant, StatementSettings } from '../effect.js';
import { namedObject } from '../named-objects.js';
import { usedName, usedRelation } from '../resolve-names.js';
import { roleName, useRoles } from './role-names.js';

/** Privileges on named objects, or on all of a schema. */
export function readGrant(context: ReaderContext, grant: NodeOf<'GrantStmt'>): void {
  const { targtype, objtype, objects = [], grantees, is_grant: isGrant } = grant;
  useRoles(context, grantees, isGrant ? 'granted' : undefined);
  if (targtype === 'ACL_TARGET_ALL_IN_SCHEMA') {
    for (const name of namePartsOf(objects)) {
      emit(context, {
        action: 'alter',
        object: { kind: 'schema', name },
        change: { kind: 'privileges', isGrant: isGrant === true, group: groupOf(objtype) },
        grants: allGrants(grant),
      });
    }
    return;
  }
  for (const object of objects) grantOn(context, grant, object);
}

/** The kind of objects after ALL, and after ON in default privileges. */
const groups: Partial<Record<ObjectType, PrivilegeGroup>> = {
  OBJECT_TABLE: 'tables',
  OBJECT_SEQUENCE: 'sequences',
  OBJECT_FUNCTION: 'functions',
  OBJECT_PROCEDURE: 'procedures',
  OBJECT_ROUTINE: 'routines',
  OBJECT_TYPE: 'types',
  OBJECT_SCHEMA: 'schemas',
  OBJECT_LARGEOBJECT: 'large objects',
};

function groupOf(objtype: ObjectType | undefined): PrivilegeGroup {
  return (objtype && groups[objtype]) ?? 'tables';
}

function grantOn(context: ReaderContext, grant: NodeOf<'GrantStmt'>, object: Node): void {
  const { objtype, privileges, is_grant: isGrant } = grant;
  const change: Change = { kind: 'privileges', isGrant: isGrant === true };
  const grants = grantsOf(grant, undefined);
  if (!('RangeVar' in object)) {
    const found = namedObject(context, { type: objtype, object });
    if (found) emit(context, { action: 'alter', object: found, change, grants });
    return;
  }
  const range = object.RangeVar;
  const table = usedRelation(context, range, objtype === 'OBJECT_SEQUENCE' ? 'sequence' : 'relation');
  emit(context, { action: 'alter', object: table, change, at: range.location, grants });
  for (const column of nodesOf(privileges, 'AccessPriv').flatMap(({ cols }) => namePartsOf(cols))) {
    const own = grantsOf(grant, column);
    emit(context, { action: 'alter', object: partOf(table, 'column', column), change, grants: own });
  }
}

/** The resulting privileges, on the object or on one of its columns. */
function grantsOf(
  { privileges, grantees, is_grant: isGrant, grant_option: isOption }: NodeOf<'GrantStmt'>,
  column: string | undefined,
): PrivilegeGrant[] {
  const listed = nodesOf(privileges, 'AccessPriv');
  const all = listed.length === 0 && column === undefined ? ['all'] : [];
  const named = listed
    .filter(({ cols }) => (column === undefined ? !cols : namePartsOf(cols).includes(column)))
    .map(({ priv_name = 'all' }) => priv_name);
  const result = isGrant ? 'granted' : 'revoked';
  const names = [...all, ...named];
  const options = isOption ? names.map((name) => `option-${name}`) : [];
  // GRANT OPTION FOR leaves the privilege itself.
  const meant = isOption && !isGrant ? options : [...names, ...options];
  return nodesOf(grantees, 'RoleSpec').flatMap((role) =>
    meant.map((privilege) => ({ role: roleName(role), privilege, result })),
  );
}

/** The same for many objects; WITH GRANT OPTION gives more. */
function allGrants(grant: NodeOf<'GrantStmt'>): PrivilegeGrant[] {
  const grants = grantsOf(grant, undefined);
  if (!grant.is_grant || !grant.grant_option) return grants;
  return grants.map((one) => ({ ...one, result: 'granted with grant option' }));
}

/** Privileges of whatever will be created from now on. */
export function readDefaultPrivileges(
  context: ReaderContext,
  statement: NodeOf<'AlterDefaultPrivilegesStmt'>,
): void {
  const { options, action } = statement;
  useRoles(context, action?.grantees, action?.is_grant ? 'granted' : undefined);
  const group = groupOf(action?.objtype);
  // Here FUNCTIONS means ROUTINES (ALTER DEFAULT PRIVILEGES).
  const change: Change = { kind: 'default privileges', group: group === 'functions' ? 'routines' : group };
  const lists = nodesOf(options, 'DefElem').map(({ defname, arg }) => ({
    defname,
    items: arg && 'List' in arg ? (arg.List.items ?? []) : [],
  }));
  for (const { defname, items } of lists) if (defname === 'roles') useRoles(context, items);
  const schemas = lists.flatMap(({ defname, items }) => (defname === 'schemas' ? namePartsOf(items) : []));
  for (const name of schemas) emitUse(context, { kind: 'schema', name });
  // Which role creates objects is known only when it does.
  const isGuess = lists.some(({ defname }) => defname === 'roles');
  for (const name of schemas.length === 0 ? ['*'] : schemas)
    emit(context, {
      action: 'alter',
      object: { kind: 'default privileges', name },
      change,
      ...(isGuess ? { isGuess } : {}),
      ...(action ? { grants: allGrants(action) } : {}),
    });
}

/** Membership of roles in roles. */
export function readGrantRole(context: ReaderContext, grant: NodeOf<'GrantRoleStmt'>): void {
  const { granted_roles, grantee_roles, grantor } = grant;
  useRoles(context, grantee_roles);
  const by = grantor && roleName(grantor);
  if (grantor) useRoles(context, [{ RoleSpec: grantor }]);
  for (const { priv_name: role = '' } of nodesOf(granted_roles, 'AccessPriv'))
    for (const member of nodesOf(grantee_roles, 'RoleSpec').map(roleName)) {
      alterMembership(context, { role, member, ...present({ by }) }, membershipSettings(grant));
      alterMembers(context, role, grantingSettings(grant, { member, by }));
    }
}

/**
 * Memberships that a member has given depend on its right to do so (`select_best_admin`, `plan_recursive_revoke`): `given` and
 * `taken` by it, and `ended` with the right or `held` by it.
 */
function grantingSettings(
  { is_grant: isGrant, behavior, opt }: NodeOf<'GrantRoleStmt'>,
  { member, by }: { member: string; by: string | undefined },
): StatementSettings {
  const given = by === undefined ? {} : { [`grants of ${by}`]: isGrant ? 'given' : 'taken' };
  const options = nodesOf(opt, 'DefElem').map(({ defname }) => defname);
  const endsRight = !isGrant && (options.length === 0 || options.includes('admin'));
  const ended = behavior === 'DROP_CASCADE' ? 'ended' : 'held';
  return { ...given, ...(endsRight ? { [`grants of ${member}`]: ended } : {}) };
}

/** What a member gets or loses, by name. */
function membershipSettings({ is_grant: isGrant, opt }: NodeOf<'GrantRoleStmt'>): StatementSettings {
  const options = nodesOf(opt, 'DefElem').map(({ defname = '', arg }): [string, string] => [
    defname,
    String(nodeOf(arg, 'Boolean')?.boolval ?? false),
  ]);
  if (isGrant) return { ...grantedMembership, ...Object.fromEntries(options) };
  if (options.length === 0) return revokedMembership;
  return Object.fromEntries(options.map(([name]) => [name, 'revoked']));
}

/** Options that GRANT leaves out get their default with a new membership, and stay as they are otherwise. */
export const grantedMembership: StatementSettings = { member: 'true', inherit: 'default', set: 'default' };

export const revokedMembership: StatementSettings = {
  member: 'false',
  admin: 'false',
  inherit: 'revoked',
  set: 'revoked',
};

/** One role gets or loses one member; each role that has given a membership is another one. */
export function alterMembership(
  context: ReaderContext,
  { role, member, by }: { role: string; member: string; by?: string },
  settings: StatementSettings,
): void {
  const grantor = by === undefined ? '' : ` by ${by}`;
  const ofMember = Object.entries(settings).map(([name, value]) => [`${name} ${member}${grantor}`, value]);
  alterMembers(context, role, Object.fromEntries(ofMember));
  const { member: membership } = settings;
  const ofRole = membership === undefined ? {} : { [`member of ${role}${grantor}`]: membership };
  alterMembers(context, member, ofRole);
}

/** A role gets or loses members, or a place among them. */
export function alterMembers(
  context: ReaderContext,
  name: string | undefined,
  sets?: StatementSettings,
): void {
  if (!name) return;
  const object = { kind: 'role', name } as const;
  emit(context, { action: 'alter', object, change: { kind: 'members' }, ...present({ sets }) });
}

/** Needs functions that options name, such as handlers. */
export function useFunctionOptions(context: ReaderContext, options: readonly Node[] | undefined): void {
  for (const { arg } of nodesOf(options, 'DefElem')) {
    const parts = arg && 'List' in arg ? namePartsOf(arg.List.items) : [];
    if (parts.length > 0) emitUse(context, usedName(context, 'function', parts));
  }
}
