/** Which statements the server refuses inside a transaction. */

import type { Node, ReindexObjectType } from '@pgsql/types';
import { isBuiltinFunction } from '../postgres/builtin-names.js';
import { isOptionOn, readOption } from '../postgres/option-values.js';
import { namePartsOf } from '../syntax/object-names.js';
import { nodesIn } from '../syntax/objects-in.js';
import type { Statement } from '../syntax/parse.js';
import { controlKind } from './transaction-control.js';

interface Refusal {
  /** As the server names it in `… cannot run inside a transaction block`. */
  command: string;
  /** Why the server insists: the end of a sentence. */
  because: string;
  matches(node: Node): boolean;
}

const ownTransactions = 'it commits transactions of its own on the way';
const files = 'it changes files outside of any transaction';
const remote = 'it changes another server, which a rollback does not reach';

/**
 * What the server refuses with 25001 inside a transaction, as far as the statement itself tells: REINDEX and CLUSTER of
 * a partitioned table look like those of any other. Each was tried on PostgreSQL 18, and the tests try them again.
 * The checks are PreventInTransactionBlock's callers (tcop/utility.c, commands/*.c).
 */
const refusals: readonly Refusal[] = [
  {
    command: 'CREATE INDEX CONCURRENTLY',
    because: ownTransactions,
    matches: (node) => 'IndexStmt' in node && node.IndexStmt.concurrent === true,
  },
  {
    command: 'DROP INDEX CONCURRENTLY',
    because: ownTransactions,
    matches: (node) => 'DropStmt' in node && node.DropStmt.concurrent === true,
  },
  {
    command: 'REINDEX CONCURRENTLY',
    because: ownTransactions,
    matches: (node) => 'ReindexStmt' in node && isOptionOn(node.ReindexStmt.params, 'concurrently'),
  },
  { command: 'REINDEX SCHEMA', because: ownTransactions, matches: reindexes('REINDEX_OBJECT_SCHEMA') },
  { command: 'REINDEX DATABASE', because: ownTransactions, matches: reindexes('REINDEX_OBJECT_DATABASE') },
  { command: 'REINDEX SYSTEM', because: ownTransactions, matches: reindexes('REINDEX_OBJECT_SYSTEM') },
  {
    // ANALYZE is the same node without this flag, and is fine.
    command: 'VACUUM',
    because: ownTransactions,
    matches: (node) => 'VacuumStmt' in node && node.VacuumStmt.is_vacuumcmd === true,
  },
  {
    // Of one table it is fine.
    command: 'CLUSTER',
    because: ownTransactions,
    matches: (node) => 'ClusterStmt' in node && node.ClusterStmt.relation === undefined,
  },
  {
    command: 'ALTER TABLE ... DETACH CONCURRENTLY',
    because: ownTransactions,
    matches: (node) =>
      'AlterTableStmt' in node && (node.AlterTableStmt.cmds ?? []).some(detachesConcurrently),
  },
  { command: 'CREATE DATABASE', because: files, matches: (node) => 'CreatedbStmt' in node },
  { command: 'DROP DATABASE', because: files, matches: (node) => 'DropdbStmt' in node },
  {
    command: 'ALTER DATABASE SET TABLESPACE',
    because: files,
    matches: (node) => 'AlterDatabaseStmt' in node && hasOption(node.AlterDatabaseStmt.options, 'tablespace'),
  },
  { command: 'CREATE TABLESPACE', because: files, matches: (node) => 'CreateTableSpaceStmt' in node },
  { command: 'DROP TABLESPACE', because: files, matches: (node) => 'DropTableSpaceStmt' in node },
  { command: 'ALTER SYSTEM', because: files, matches: (node) => 'AlterSystemStmt' in node },
  {
    // A slot is created unless either option says no; `connect = false` implies the other (subscriptioncmds.c).
    command: 'CREATE SUBSCRIPTION ... WITH (create_slot = true)',
    because: remote,
    matches: (node) =>
      'CreateSubscriptionStmt' in node &&
      readOption(node.CreateSubscriptionStmt.options, 'connect') !== false &&
      readOption(node.CreateSubscriptionStmt.options, 'create_slot') !== false,
  },
  {
    command: 'DISCARD ALL',
    because: 'it throws away all that the session holds',
    matches: (node) => 'DiscardStmt' in node && node.DiscardStmt.target === 'DISCARD_ALL',
  },
  {
    command: 'COMMIT PREPARED',
    because: 'it ends a transaction that is not its own',
    matches: (node) => controlKind(node) === 'TRANS_STMT_COMMIT_PREPARED',
  },
  {
    command: 'ROLLBACK PREPARED',
    because: 'it ends a transaction that is not its own',
    matches: (node) => controlKind(node) === 'TRANS_STMT_ROLLBACK_PREPARED',
  },
];

/** Why a statement cannot run inside a transaction; undefined when nothing in it says so. */
export function findRefusal(node: Node): Pick<Refusal, 'command' | 'because'> | undefined {
  return refusals.find((refusal) => refusal.matches(node));
}

/** Statements that may well be the reason for running statement by statement, although a transaction would take them. */
const worthBeingAlone: ReadonlySet<string> = new Set([
  // A procedure or a block may commit, which fails with 2D000 inside a transaction.
  'CallStmt',
  'DoStmt',
  // Many rows are better written in several goes, each of which is committed.
  'DeleteStmt',
  'UpdateStmt',
  // A new enum value cannot be used before its transaction is over (55P04).
  'AlterEnumStmt',
  // Of partitioned tables and their indexes these are refused inside a transaction (25001); the statement does not show it.
  'ReindexStmt',
  'ClusterStmt',
  // Whether these reach another server depends on the subscription (subscriptioncmds.c).
  'AlterSubscriptionStmt',
  'DropSubscriptionStmt',
  'ExecuteStmt',
]);

/** Whether a statement gains from not sharing a transaction with others. */
export function refusesTransaction({ node, kind }: Statement): boolean {
  return worthBeingAlone.has(kind) || findRefusal(node) !== undefined || callsUnknown(node);
}

/** Functions of users and extensions may refuse a transaction block, or commit. */
function callsUnknown(node: Node): boolean {
  return nodesIn(node, 'FuncCall').some(
    ({ funcname }) => !isBuiltinFunction(namePartsOf(funcname).at(-1) ?? ''),
  );
}

function reindexes(kind: ReindexObjectType): (node: Node) => boolean {
  return (node) => 'ReindexStmt' in node && node.ReindexStmt.kind === kind;
}

function detachesConcurrently(node: Node): boolean {
  if (!('AlterTableCmd' in node)) return false;
  const { def } = node.AlterTableCmd;
  return def !== undefined && 'PartitionCmd' in def && def.PartitionCmd.concurrent === true;
}

function hasOption(options: readonly Node[] | undefined, name: string): boolean {
  return readOption(options, name) !== undefined;
}
