/** Reads objects that lie in no schema: schemas themselves, extensions, roles, databases, languages, foreign servers. */

import { requiredBy } from '../../postgres/extensions.js';
import { type NodeOf, nodeOf, nodesOf } from '../../syntax/node-of.js';
import type { ObjectId } from '../../syntax/object-id.js';
import { textOfNode } from '../../syntax/text-of-node.js';
import {
  contextOfDefinition,
  emit,
  emitCreate,
  emitOpaque,
  emitUse,
  type ReaderContext,
} from '../context.js';
import { everyProperty, type StatementSettings } from '../effect.js';
import { namedObject } from '../named-objects.js';
import { pathOfSet } from '../search-path.js';
import {
  alterMembers,
  alterMembership,
  grantedMembership,
  revokedMembership,
  useFunctionOptions,
} from './grants.js';
import { roleName, useRole } from './role-names.js';
import { attributeSettings, genericSettings } from './settings.js';

/** CREATE SCHEMA, also with what it shall contain. */
export function readCreateSchema(context: ReaderContext, statement: NodeOf<'CreateSchemaStmt'>): void {
  const { schemaname, authrole, schemaElts = [], if_not_exists } = statement;
  const name = schemaname ?? authrole?.rolename ?? '';
  emitCreate(
    context,
    { kind: 'schema', name },
    {
      ...(authrole ? { sets: { owner: roleName(authrole) } } : {}),
      ...(if_not_exists ? { isConditional: true } : {}),
    },
  );
  useRole(context, authrole, 'owning');
  const { state } = context;
  const before = state.path;
  state.path = [name, ...before];
  for (const element of schemaElts) context.state.readStatement(context, element);
  state.path = before;
}

/** CREATE EXTENSION brings functions, types and operators; CASCADE other extensions. */
export function readCreateExtension(context: ReaderContext, statement: NodeOf<'CreateExtensionStmt'>): void {
  const { extname = '', if_not_exists, options } = statement;
  const isCascade = nodesOf(options, 'DefElem').some(({ defname }) => defname === 'cascade');
  emitCreate(
    context,
    { kind: 'extension', name: extname },
    {
      ...(if_not_exists ? { isConditional: true } : {}),
      ...(isCascade ? { isCascade } : {}),
    },
  );
  for (const name of isCascade ? [] : requiredBy(extname)) emitUse(context, { kind: 'extension', name });
  const schema = nodesOf(options, 'DefElem').find(({ defname }) => defname === 'schema')?.arg;
  const name = nodeOf(schema, 'String')?.sval;
  if (name) emitUse(context, { kind: 'schema', name });
}

/** ALTER EXTENSION … UPDATE. */
export function readAlterExtension(
  context: ReaderContext,
  { extname = '', options }: NodeOf<'AlterExtensionStmt'>,
): void {
  emit(context, {
    action: 'alter',
    object: { kind: 'extension', name: extname },
    change: { kind: 'version' },
    sets: { version: textOfNode(options) },
  });
}

/** ALTER EXTENSION … ADD or DROP: the object belongs to the extension from now on, or no longer. */
export function readExtensionContents(
  context: ReaderContext,
  { extname = '', objtype, object }: NodeOf<'AlterExtensionContentsStmt'>,
): void {
  emit(context, {
    action: 'alter',
    object: { kind: 'extension', name: extname },
    change: { kind: 'contents' },
  });
  const found = namedObject(context, { type: objtype, object });
  if (found) emit(context, { action: 'alter', object: found, change: { kind: 'extension' } });
}

/** CREATE ROLE and USER, with the roles that they shall be in. */
export function readCreateRole(
  context: ReaderContext,
  { role = '', options }: NodeOf<'CreateRoleStmt'>,
): void {
  emitCreate(context, { kind: 'role', name: role });
  for (const { arg } of nodesOf(options, 'DefElem')) {
    const members = arg && 'List' in arg ? nodesOf(arg.List.items, 'RoleSpec') : [];
    for (const { rolename } of members) alterMembers(context, rolename);
  }
}

/** ALTER ROLE with other properties or members. */
export function readAlterRole(
  context: ReaderContext,
  { role, options, action }: NodeOf<'AlterRoleStmt'>,
): void {
  if (!role?.rolename) return;
  const [members] = nodesOf(options, 'DefElem').filter(({ defname }) => defname === 'rolemembers');
  if (members) {
    const settings = action === -1 ? revokedMembership : grantedMembership;
    const names = members.arg && 'List' in members.arg ? nodesOf(members.arg.List.items, 'RoleSpec') : [];
    for (const member of names.map(roleName))
      alterMembership(context, { role: role.rolename, member }, settings);
    return;
  }
  emit(context, {
    action: 'alter',
    object: { kind: 'role', name: role.rolename },
    sets: attributeSettings(options),
  });
}

/** Settings of a role hold for all sessions that begin later, maybe also for those of the next migrations. */
export function readAlterRoleSet(
  context: ReaderContext,
  { role, setstmt }: NodeOf<'AlterRoleSetStmt'>,
): void {
  alterSettings(context, { kind: 'role', name: role?.rolename ?? '' }, setstmt);
}

/** Likewise for a database. */
export function readAlterDatabaseSet(
  context: ReaderContext,
  { dbname = '', setstmt }: NodeOf<'AlterDatabaseSetStmt'>,
): void {
  alterSettings(context, { kind: 'database', name: dbname }, setstmt);
}

/** @param object without a name where all roles are meant, or the current one */
function alterSettings(
  context: ReaderContext,
  object: ObjectId,
  setting: NodeOf<'VariableSetStmt'> | undefined,
): void {
  const sets = parameterSettings(setting);
  if (object.name !== '') emit(context, { action: 'alter', object, change: { kind: 'settings' }, sets });
  // Names mean something else under another search path.
  if (setting?.name === 'search_path' || setting?.kind === 'VAR_RESET_ALL')
    emitOpaque(context, 'a search path that lasts');
}

function parameterSettings(setting: NodeOf<'VariableSetStmt'> | undefined): StatementSettings {
  return setting?.name
    ? { [setting.name.toLowerCase()]: textOfNode(setting) }
    : { [everyProperty]: textOfNode(setting) };
}

/** ALTER DATABASE. */
export function readAlterDatabase(context: ReaderContext, { dbname = '' }: { dbname?: string }): void {
  emit(context, { action: 'alter', object: { kind: 'database', name: dbname } });
}

/** CREATE DATABASE. */
export function readCreateDatabase(context: ReaderContext, { dbname = '' }: NodeOf<'CreatedbStmt'>): void {
  emitCreate(context, { kind: 'database', name: dbname });
}

/** DROP DATABASE. */
export function readDropDatabase(
  context: ReaderContext,
  { dbname = '', missing_ok }: NodeOf<'DropdbStmt'>,
): void {
  const object: ObjectId = { kind: 'database', name: dbname };
  emit(context, { action: 'drop', object, ...(missing_ok ? { isConditional: true } : {}) });
}

/** CREATE LANGUAGE. */
export function readCreateLanguage(context: ReaderContext, { plname = '' }: NodeOf<'CreatePLangStmt'>): void {
  emitCreate(context, { kind: 'language', name: plname });
}

/** CREATE FOREIGN DATA WRAPPER. */
export function readCreateWrapper(
  context: ReaderContext,
  { fdwname = '', func_options }: NodeOf<'CreateFdwStmt'>,
): void {
  emitCreate(context, { kind: 'foreign data wrapper', name: fdwname });
  useFunctionOptions(context, func_options);
}

/** CREATE SERVER. */
export function readCreateServer(context: ReaderContext, statement: NodeOf<'CreateForeignServerStmt'>): void {
  const { servername = '', fdwname = '', if_not_exists } = statement;
  const server: ObjectId = { kind: 'server', name: servername };
  emitCreate(context, server, if_not_exists ? { isConditional: true } : {});
  emitUse(contextOfDefinition(context, server), { kind: 'foreign data wrapper', name: fdwname });
}

/** ALTER FOREIGN DATA WRAPPER. */
export function readAlterWrapper(
  context: ReaderContext,
  { fdwname = '', func_options }: NodeOf<'AlterFdwStmt'>,
): void {
  emit(context, { action: 'alter', object: { kind: 'foreign data wrapper', name: fdwname } });
  useFunctionOptions(context, func_options);
}

/** ALTER SERVER. */
export function readAlterServer(
  context: ReaderContext,
  { servername = '', options }: NodeOf<'AlterForeignServerStmt'>,
): void {
  emit(context, {
    action: 'alter',
    object: { kind: 'server', name: servername },
    sets: genericSettings(options),
  });
}

/** CREATE, ALTER and DROP USER MAPPING. */
export function readUserMapping(
  action: 'create' | 'alter' | 'drop',
): (
  context: ReaderContext,
  statement: NodeOf<'CreateUserMappingStmt'> | NodeOf<'DropUserMappingStmt'>,
) => void {
  return (context, statement) => {
    const { user, servername = '' } = statement;
    const object: ObjectId = { kind: 'user mapping', name: `${roleName(user)} on ${servername}` };
    emit(context, { action, object });
    const inner = action === 'create' ? contextOfDefinition(context, object) : context;
    emitUse(inner, { kind: 'server', name: servername });
    // DROP OWNED takes it away, and REASSIGN OWNED leaves it (shdepDropOwned, shdepReassignOwned).
    const mayBeGone = 'missing_ok' in statement && statement.missing_ok === true;
    useRole(context, user, mayBeGone ? undefined : 'granted');
  };
}

/** IMPORT FOREIGN SCHEMA creates tables that only the other server knows. */
export function readImportSchema(context: ReaderContext, statement: NodeOf<'ImportForeignSchemaStmt'>): void {
  const { server_name = '', local_schema = '' } = statement;
  emitUse(context, { kind: 'server', name: server_name });
  emitUse(context, { kind: 'schema', name: local_schema });
  emitOpaque(context, 'tables of another server');
}

/** SET and RESET: of the session's settings, these change what the rest of the text means. */
export function readSet(context: ReaderContext, setting: NodeOf<'VariableSetStmt'>): void {
  const { state } = context;
  const name = setting.name?.toLowerCase();
  if (name === 'role' || name === 'session_authorization') useRoleSetting(context, setting);
  if (name === 'check_function_bodies') state.checksBodies = readSwitch(setting);
  if (context.when !== 'now') return;
  state.path = pathOfSet(setting) ?? state.path;
}

function readSwitch({ args = [] }: NodeOf<'VariableSetStmt'>): boolean {
  const value = nodeOf(args[0], 'A_Const');
  return !['off', 'false', '0', 'no'].includes(
    value?.sval?.sval?.toLowerCase() ?? String(value?.boolval?.boolval ?? 'on'),
  );
}

function useRoleSetting(context: ReaderContext, { args = [] }: NodeOf<'VariableSetStmt'>): void {
  const name = nodeOf(args[0], 'A_Const')?.sval?.sval;
  if (name && name !== 'none') emitUse(context, { kind: 'role', name });
}
