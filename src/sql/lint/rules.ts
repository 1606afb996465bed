/** All rules, by their ids. */

import type { Rule } from './rule.js';
import { addCheckValidated } from './rules/add-check-validated.js';
import { addColumnRewrite } from './rules/add-column-rewrite.js';
import { addDomainConstraint } from './rules/add-domain-constraint.js';
import { addExclusionConstraint } from './rules/add-exclusion-constraint.js';
import { addForeignKeyValidated } from './rules/add-foreign-key-validated.js';
import { addRequiredColumn } from './rules/add-required-column.js';
import { addUniqueWithoutIndex } from './rules/add-unique-without-index.js';
import { attachPartitionScan } from './rules/attach-partition-scan.js';
import { backfillWithSchemaChange } from './rules/backfill-with-schema-change.js';
import { broadGrant } from './rules/broad-grant.js';
import { changeTableStorage } from './rules/change-table-storage.js';
import { changeTypeRewrite } from './rules/change-type-rewrite.js';
import { cluster } from './rules/cluster.js';
import { concurrentIndexIfNotExists } from './rules/concurrent-index-if-not-exists.js';
import { createIndexNotConcurrent } from './rules/create-index-not-concurrent.js';
import { createRule } from './rules/create-rule.js';
import { createTrigger } from './rules/create-trigger.js';
import { definerSearchPath } from './rules/definer-search-path.js';
import { deleteWithoutWhere } from './rules/delete-without-where.js';
import { detachPartitionBlocking } from './rules/detach-partition-blocking.js';
import { disableRowSecurity } from './rules/disable-row-security.js';
import { disabledTrigger } from './rules/disabled-trigger.js';
import { downDropsMore } from './rules/down-drops-more.js';
import { dropCascade } from './rules/drop-cascade.js';
import { dropColumn } from './rules/drop-column.js';
import { dropDatabase } from './rules/drop-database.js';
import { dropForeignKey } from './rules/drop-foreign-key.js';
import { dropIndexNotConcurrent } from './rules/drop-index-not-concurrent.js';
import { dropOwned } from './rules/drop-owned.js';
import { dropSchema } from './rules/drop-schema.js';
import { dropTable } from './rules/drop-table.js';
import { dropTrigger } from './rules/drop-trigger.js';
import { dropView } from './rules/drop-view.js';
import { duplicateAssignment } from './rules/duplicate-assignment.js';
import { dynamicSql } from './rules/dynamic-sql.js';
import { emptyDown } from './rules/empty-down.js';
import { emptyUp } from './rules/empty-up.js';
import { enumValueUsedInTransaction } from './rules/enum-value-used-in-transaction.js';
import { foreignKeyTooNarrow } from './rules/foreign-key-too-narrow.js';
import { foreignKeyWithoutIndex } from './rules/foreign-key-without-index.js';
import { frozenNow } from './rules/frozen-now.js';
import { incompleteDown } from './rules/incomplete-down.js';
import { indexDroppedBeforeReplacement } from './rules/index-dropped-before-replacement.js';
import { indexNameTaken } from './rules/index-name-taken.js';
import { irreversibleStep } from './rules/irreversible-step.js';
import { lockTable } from './rules/lock-table.js';
import { longIdentifier } from './rules/long-identifier.js';
import { missingDown } from './rules/missing-down.js';
import { mixedNoTransaction } from './rules/mixed-no-transaction.js';
import { needlessNoTransaction } from './rules/needless-no-transaction.js';
import { needsNoTransaction } from './rules/needs-no-transaction.js';
import { noChar } from './rules/no-char.js';
import { noLockTimeout } from './rules/no-lock-timeout.js';
import { noMoney } from './rules/no-money.js';
import { notOnPartitionedTable } from './rules/not-on-partitioned-table.js';
import { partitionOfLiveTable } from './rules/partition-of-live-table.js';
import { preferBigintKeys } from './rules/prefer-bigint-keys.js';
import { preferIdentity } from './rules/prefer-identity.js';
import { preferJsonb } from './rules/prefer-jsonb.js';
import { preferText } from './rules/prefer-text.js';
import { preferTimestamptz } from './rules/prefer-timestamptz.js';
import { publishedWithoutIdentity } from './rules/published-without-identity.js';
import { qualifiedNames } from './rules/qualified-names.js';
import { redundantIndex } from './rules/redundant-index.js';
import { refreshNotConcurrent } from './rules/refresh-not-concurrent.js';
import { reindexNotConcurrent } from './rules/reindex-not-concurrent.js';
import { renameColumn } from './rules/rename-column.js';
import { renameEnumValue } from './rules/rename-enum-value.js';
import { renameSchema } from './rules/rename-schema.js';
import { renameTable } from './rules/rename-table.js';
import { requiredWithoutDefault } from './rules/required-without-default.js';
import { rowSecurityWithoutPolicy } from './rules/row-security-without-policy.js';
import { sessionReplicationRole } from './rules/session-replication-role.js';
import { setNotNullScan } from './rules/set-not-null-scan.js';
import { severalAlterTables } from './rules/several-alter-tables.js';
import { severalForeignKeys } from './rules/several-foreign-keys.js';
import { severalStrongLocks } from './rules/several-strong-locks.js';
import { statementsAfterStrongLock } from './rules/statements-after-strong-lock.js';
import { tableWithoutPrimaryKey } from './rules/table-without-primary-key.js';
import { transactionControl } from './rules/transaction-control.js';
import { truncate } from './rules/truncate.js';
import { truncateCascade } from './rules/truncate-cascade.js';
import { twoConcerns } from './rules/two-concerns.js';
import { updateWithoutWhere } from './rules/update-without-where.js';
import { vacuumFull } from './rules/vacuum-full.js';
import { validateInSameTransaction } from './rules/validate-in-same-transaction.js';
import { wideIndex } from './rules/wide-index.js';

export const rules: readonly Rule[] = [
  addCheckValidated,
  addColumnRewrite,
  addDomainConstraint,
  addExclusionConstraint,
  addForeignKeyValidated,
  addRequiredColumn,
  addUniqueWithoutIndex,
  attachPartitionScan,
  backfillWithSchemaChange,
  broadGrant,
  changeTableStorage,
  changeTypeRewrite,
  cluster,
  concurrentIndexIfNotExists,
  createIndexNotConcurrent,
  createRule,
  createTrigger,
  definerSearchPath,
  deleteWithoutWhere,
  detachPartitionBlocking,
  disableRowSecurity,
  disabledTrigger,
  downDropsMore,
  dropCascade,
  dropColumn,
  dropDatabase,
  dropForeignKey,
  dropIndexNotConcurrent,
  dropOwned,
  dropSchema,
  dropTable,
  dropTrigger,
  dropView,
  duplicateAssignment,
  dynamicSql,
  emptyDown,
  emptyUp,
  enumValueUsedInTransaction,
  foreignKeyTooNarrow,
  foreignKeyWithoutIndex,
  frozenNow,
  incompleteDown,
  indexDroppedBeforeReplacement,
  indexNameTaken,
  irreversibleStep,
  lockTable,
  longIdentifier,
  missingDown,
  mixedNoTransaction,
  needlessNoTransaction,
  needsNoTransaction,
  noChar,
  noLockTimeout,
  noMoney,
  notOnPartitionedTable,
  partitionOfLiveTable,
  preferBigintKeys,
  preferIdentity,
  preferJsonb,
  preferText,
  preferTimestamptz,
  publishedWithoutIdentity,
  qualifiedNames,
  redundantIndex,
  refreshNotConcurrent,
  reindexNotConcurrent,
  renameColumn,
  renameEnumValue,
  renameSchema,
  renameTable,
  requiredWithoutDefault,
  rowSecurityWithoutPolicy,
  sessionReplicationRole,
  setNotNullScan,
  severalAlterTables,
  severalForeignKeys,
  severalStrongLocks,
  statementsAfterStrongLock,
  tableWithoutPrimaryKey,
  transactionControl,
  truncate,
  truncateCascade,
  twoConcerns,
  updateWithoutWhere,
  vacuumFull,
  validateInSameTransaction,
  wideIndex,
];
