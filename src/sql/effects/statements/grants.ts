/** Reads GRANT, REVOKE and ALTER DEFAULT PRIVILEGES. */

import type { Node } from '@pgsql/types';
import { type NodeOf, nodesOf } from '../../syntax/node-of.js';
import { namePartsOf, partOf } from '../../syntax/object-names.js';
import { type Context, emit, emitUse } from '../context.js';
import { namedObject } from '../named-objects.js';
import { usedName, usedRelation } from '../resolve-names.js';
import { useRoles } from './role-names.js';

/** Privileges on named objects, or on all of a schema. */
export function readGrant(context: Context, grant: NodeOf<'GrantStmt'>): void {
  const { targtype, objtype, objects = [], grantees, privileges, is_grant: isGrant } = grant;
  useRoles(context, grantees);
  if (targtype === 'ACL_TARGET_ALL_IN_SCHEMA') {
    for (const name of namePartsOf(objects)) {
      emit(context, {
        action: 'alter',
        object: { kind: 'schema', name },
        change: `${changeOf(isGrant)} of all ${wordOf(objtype)}s`,
      });
    }
    return;
  }
  for (const object of objects) grantOn(context, { objtype, object, privileges, isGrant });
}

function wordOf(objtype: NodeOf<'GrantStmt'>['objtype']): string {
  return (objtype ?? '').replace('OBJECT_', '').toLowerCase();
}

/** Grants can come in any order among themselves; together with a REVOKE they cannot. */
function changeOf(isGrant: boolean | undefined): string {
  return isGrant ? 'privileges' : 'fewer privileges';
}

function grantOn(
  context: Context,
  {
    objtype,
    object,
    privileges,
    isGrant,
  }: {
    objtype: NodeOf<'GrantStmt'>['objtype'];
    object: Node;
    privileges: readonly Node[] | undefined;
    isGrant: boolean | undefined;
  },
): void {
  const change = changeOf(isGrant);
  if (!('RangeVar' in object)) {
    const found = namedObject(context, { type: objtype, object });
    if (found) emit(context, { action: 'alter', object: found, change });
    return;
  }
  const range = object.RangeVar;
  const table = usedRelation(context, range, objtype === 'OBJECT_SEQUENCE' ? 'sequence' : 'relation');
  emit(context, { action: 'alter', object: table, change, at: range.location });
  for (const column of nodesOf(privileges, 'AccessPriv').flatMap(({ cols }) => namePartsOf(cols))) {
    emit(context, { action: 'alter', object: partOf(table, 'column', column), change });
  }
}

/** Privileges of whatever will be created from now on. */
export function readDefaultPrivileges(
  context: Context,
  statement: NodeOf<'AlterDefaultPrivilegesStmt'>,
): void {
  const { options, action } = statement;
  useRoles(context, action?.grantees);
  const change = `all ${wordOf(action?.objtype)}s`;
  const lists = nodesOf(options, 'DefElem').map(({ defname, arg }) => ({
    defname,
    items: arg && 'List' in arg ? (arg.List.items ?? []) : [],
  }));
  for (const { defname, items } of lists) if (defname === 'roles') useRoles(context, items);
  const schemas = lists.flatMap(({ defname, items }) => (defname === 'schemas' ? namePartsOf(items) : []));
  for (const schema of schemas) {
    emitUse(context, { kind: 'schema', name: schema });
    emit(context, { action: 'alter', object: { kind: 'default privileges', name: schema }, change });
  }
  if (schemas.length === 0)
    emit(context, { action: 'alter', object: { kind: 'default privileges', name: '*' }, change });
}

/** Membership of roles in roles. */
export function readGrantRole(
  context: Context,
  { granted_roles, grantee_roles }: NodeOf<'GrantRoleStmt'>,
): void {
  useRoles(context, grantee_roles);
  for (const { priv_name } of nodesOf(granted_roles, 'AccessPriv')) {
    emit(context, { action: 'alter', object: { kind: 'role', name: priv_name ?? '' }, change: 'members' });
  }
  for (const { rolename } of nodesOf(grantee_roles, 'RoleSpec')) {
    if (rolename)
      emit(context, { action: 'alter', object: { kind: 'role', name: rolename }, change: 'members' });
  }
}

/** Needs functions that options name, such as handlers. */
export function useFunctionOptions(context: Context, options: readonly Node[] | undefined): void {
  for (const { arg } of nodesOf(options, 'DefElem')) {
    const parts = arg && 'List' in arg ? namePartsOf(arg.List.items) : [];
    if (parts.length > 0) emitUse(context, usedName(context, 'function', parts));
  }
}
