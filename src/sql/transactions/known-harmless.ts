/** Which statements are known to lose nothing when they share a transaction with others. */

import type { InsertStmt, Node } from '@pgsql/types';
import { isBuiltinFunction } from '../postgres/builtin-names.js';
import { nodeOf } from '../syntax/node-of.js';
import { namePartsOf } from '../syntax/object-names.js';
import { nodesIn } from '../syntax/objects-in.js';
import type { Statement } from '../syntax/parse.js';
import { findRefusal } from './refusals.js';

/**
 * Statements that define something, beside those that begin with Create, and that the server takes in every transaction unless
 * `findRefusal` says otherwise. Left out is what decides when it runs (blocks, procedures, prepared statements), what depends on
 * the database (REINDEX, CLUSTER, subscriptions), what changes many rows, and ADD VALUE, whose value cannot be used before its
 * transaction is over (55P04).
 */
const defining: ReadonlySet<string> = new Set([
  ...['AlterTableStmt', 'IndexStmt', 'DropStmt', 'RenameStmt', 'ViewStmt', 'CommentStmt', 'SecLabelStmt'],
  ...['GrantStmt', 'GrantRoleStmt', 'AlterDefaultPrivilegesStmt', 'AlterOwnerStmt', 'AlterObjectSchemaStmt'],
  ...['CompositeTypeStmt', 'DefineStmt', 'RuleStmt', 'AlterSeqStmt', 'AlterDomainStmt', 'AlterFunctionStmt'],
  ...['AlterPolicyStmt', 'AlterRoleStmt', 'AlterRoleSetStmt', 'DropRoleStmt', 'AlterPublicationStmt'],
  ...['AlterTypeStmt', 'AlterStatsStmt', 'AlterOpFamilyStmt', 'AlterObjectDependsStmt', 'TruncateStmt'],
  ...['VariableSetStmt', 'VariableShowStmt', 'LockStmt', 'NotifyStmt', 'SelectStmt'],
]);

/** What scripts of extensions and queries do is not known. */
const undecided: ReadonlySet<string> = new Set([
  'CreateSubscriptionStmt',
  'CreateTableAsStmt',
  'CreateExtensionStmt',
]);

/** Whether a statement may well be the reason for `no_transaction`: never where it is not known to be none. */
export function mayNeedNoTransaction({ node, kind }: Statement): boolean {
  if (findRefusal(node) !== undefined || callsUnknown(node)) return true;
  const insert = nodeOf(node, 'InsertStmt');
  return insert ? !insertsWrittenRows(insert) : !isDefining(kind);
}

function isDefining(kind: string): boolean {
  return defining.has(kind) || (kind.startsWith('Create') && !undecided.has(kind));
}

/** As many rows as the file has; a query may bring any number. */
function insertsWrittenRows({ selectStmt }: InsertStmt): boolean {
  return !selectStmt || nodeOf(selectStmt, 'SelectStmt')?.valuesLists !== undefined;
}

/** Functions of users and extensions may refuse a transaction block, or commit. */
function callsUnknown(node: Node): boolean {
  return nodesIn(node, 'FuncCall').some(
    ({ funcname }) => !isBuiltinFunction(namePartsOf(funcname).at(-1) ?? ''),
  );
}
