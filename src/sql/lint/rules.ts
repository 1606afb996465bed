/** All rules, by their ids. */

import type { Rule } from './rule.js';
import { addCheckValidated } from './rules/add-check-validated.js';
import { addColumnRewrite } from './rules/add-column-rewrite.js';
import { addDomainConstraint } from './rules/add-domain-constraint.js';
import { addExclusionConstraint } from './rules/add-exclusion-constraint.js';
import { addForeignKeyValidated } from './rules/add-foreign-key-validated.js';
import { addRequiredColumn } from './rules/add-required-column.js';
import { addUniqueWithoutIndex } from './rules/add-unique-without-index.js';
import { changeTypeRewrite } from './rules/change-type-rewrite.js';
import { concurrentIndexIfNotExists } from './rules/concurrent-index-if-not-exists.js';
import { createIndexNotConcurrent } from './rules/create-index-not-concurrent.js';
import { dropIndexNotConcurrent } from './rules/drop-index-not-concurrent.js';
import { foreignKeyTooNarrow } from './rules/foreign-key-too-narrow.js';
import { foreignKeyWithoutIndex } from './rules/foreign-key-without-index.js';
import { indexNameTaken } from './rules/index-name-taken.js';
import { needsNoTransaction } from './rules/needs-no-transaction.js';
import { notOnPartitionedTable } from './rules/not-on-partitioned-table.js';
import { redundantIndex } from './rules/redundant-index.js';
import { setNotNullScan } from './rules/set-not-null-scan.js';
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
  changeTypeRewrite,
  concurrentIndexIfNotExists,
  createIndexNotConcurrent,
  dropIndexNotConcurrent,
  foreignKeyTooNarrow,
  foreignKeyWithoutIndex,
  indexNameTaken,
  needsNoTransaction,
  notOnPartitionedTable,
  redundantIndex,
  setNotNullScan,
  validateInSameTransaction,
  wideIndex,
];
