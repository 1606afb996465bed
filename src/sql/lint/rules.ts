/** All rules, by their ids. */

import type { Rule } from './rule.js';
import { attachPartitionScan } from './rules/attach-partition-scan.js';
import { backfillWithSchemaChange } from './rules/backfill-with-schema-change.js';
import { changeTableStorage } from './rules/change-table-storage.js';
import { cluster } from './rules/cluster.js';
import { createIndexNotConcurrent } from './rules/create-index-not-concurrent.js';
import { createRule } from './rules/create-rule.js';
import { createTrigger } from './rules/create-trigger.js';
import { deleteWithoutWhere } from './rules/delete-without-where.js';
import { detachPartitionBlocking } from './rules/detach-partition-blocking.js';
import { disableRowSecurity } from './rules/disable-row-security.js';
import { dropCascade } from './rules/drop-cascade.js';
import { dropColumn } from './rules/drop-column.js';
import { dropDatabase } from './rules/drop-database.js';
import { dropForeignKey } from './rules/drop-foreign-key.js';
import { dropSchema } from './rules/drop-schema.js';
import { dropTable } from './rules/drop-table.js';
import { dropTrigger } from './rules/drop-trigger.js';
import { dropView } from './rules/drop-view.js';
import { enumValueUsedInTransaction } from './rules/enum-value-used-in-transaction.js';
import { lockTable } from './rules/lock-table.js';
import { noLockTimeout } from './rules/no-lock-timeout.js';
import { partitionOfLiveTable } from './rules/partition-of-live-table.js';
import { refreshNotConcurrent } from './rules/refresh-not-concurrent.js';
import { reindexNotConcurrent } from './rules/reindex-not-concurrent.js';
import { renameColumn } from './rules/rename-column.js';
import { renameEnumValue } from './rules/rename-enum-value.js';
import { renameSchema } from './rules/rename-schema.js';
import { renameTable } from './rules/rename-table.js';
import { sessionReplicationRole } from './rules/session-replication-role.js';
import { severalAlterTables } from './rules/several-alter-tables.js';
import { severalStrongLocks } from './rules/several-strong-locks.js';
import { statementsAfterStrongLock } from './rules/statements-after-strong-lock.js';
import { transactionControl } from './rules/transaction-control.js';
import { truncate } from './rules/truncate.js';
import { truncateCascade } from './rules/truncate-cascade.js';
import { updateWithoutWhere } from './rules/update-without-where.js';
import { vacuumFull } from './rules/vacuum-full.js';

export const rules: readonly Rule[] = [
  attachPartitionScan,
  backfillWithSchemaChange,
  changeTableStorage,
  cluster,
  createIndexNotConcurrent,
  createRule,
  createTrigger,
  deleteWithoutWhere,
  detachPartitionBlocking,
  disableRowSecurity,
  dropCascade,
  dropColumn,
  dropDatabase,
  dropForeignKey,
  dropSchema,
  dropTable,
  dropTrigger,
  dropView,
  enumValueUsedInTransaction,
  lockTable,
  noLockTimeout,
  partitionOfLiveTable,
  refreshNotConcurrent,
  reindexNotConcurrent,
  renameColumn,
  renameEnumValue,
  renameSchema,
  renameTable,
  sessionReplicationRole,
  severalAlterTables,
  severalStrongLocks,
  statementsAfterStrongLock,
  transactionControl,
  truncate,
  truncateCascade,
  updateWithoutWhere,
  vacuumFull,
];
