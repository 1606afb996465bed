/** Finds statements that the server refuses in a transaction in any database. */

import type { Node, ReindexObjectType } from '@pgsql/types';
import { isOptionOn, readOption } from '../postgres/option-values.js';
import { controlKind } from './transaction-control.js';

/** Why a statement cannot run inside a transaction. */
export interface Refusal {
  /** As the server names it in `… cannot run inside a transaction block`. */
  command: string;
  /** Why the server insists: the end of a sentence. */
  because: string;
}

interface RefusedStatement extends Refusal {
  matches(node: Node): boolean;
}

export const ownTransactions = 'the statement commits its own transactions';
const files = 'it changes files outside of any transaction';
export const remote = 'it changes another server, which a rollback does not reach';

const refreshing: ReadonlySet<string> = new Set([
  'ALTER_SUBSCRIPTION_SET_PUBLICATION',
  'ALTER_SUBSCRIPTION_ADD_PUBLICATION',
  'ALTER_SUBSCRIPTION_DROP_PUBLICATION',
]);

/**
 * What the server refuses with 25001 inside a transaction, as far as the statement itself tells: `schema/refusals.ts` has what
 * depends on the database. The tests try each on servers. The checks are PreventInTransactionBlock's callers (tcop/utility.c,
 * commands/*.c).
 */
const refusals: readonly RefusedStatement[] = [
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
    command: 'ALTER SUBSCRIPTION ... REFRESH',
    because: remote,
    matches: (node) =>
      'AlterSubscriptionStmt' in node && node.AlterSubscriptionStmt.kind === 'ALTER_SUBSCRIPTION_REFRESH',
  },
  {
    // If the subscription is disabled, these fail without a transaction as well.
    command: 'ALTER SUBSCRIPTION with refresh',
    because: remote,
    matches: (node) =>
      'AlterSubscriptionStmt' in node &&
      refreshing.has(node.AlterSubscriptionStmt.kind ?? '') &&
      readOption(node.AlterSubscriptionStmt.options, 'refresh') !== false,
  },
  {
    command: 'ALTER SUBSCRIPTION ... SET (failover)',
    because: remote,
    matches: (node) => setsOption(node, 'failover') !== undefined,
  },
  {
    // Switched on, it waits for the next start of the subscription.
    command: 'ALTER SUBSCRIPTION ... SET (two_phase)',
    because: remote,
    matches: (node) => setsOption(node, 'two_phase') === false,
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
export function findRefusal(node: Node): Refusal | undefined {
  return refusals.find((refusal) => refusal.matches(node));
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

function setsOption(node: Node, name: string): boolean | undefined {
  if (!('AlterSubscriptionStmt' in node) || node.AlterSubscriptionStmt.kind !== 'ALTER_SUBSCRIPTION_OPTIONS')
    return undefined;
  return readOption(node.AlterSubscriptionStmt.options, name);
}
