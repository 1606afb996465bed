/** Without a transaction a migration that fails stays half done, so there should be a reason. */

import { keyOfName } from '../../schema/schema.js';
import { mayNeedNoTransaction } from '../../transactions/known-harmless.js';
import { checkUnderLocks, strongLocks } from '../held-locks.js';
import type { LintedWhole, Rule } from '../rule.js';
import { backfillWithSchemaChange } from './backfill-with-schema-change.js';
import { enumValueUsedInTransaction } from './enum-value-used-in-transaction.js';
import { severalForeignKeys } from './several-foreign-keys.js';
import { severalStrongLocks } from './several-strong-locks.js';
import { statementsAfterStrongLock } from './statements-after-strong-lock.js';
import { validateInSameTransaction } from './validate-in-same-transaction.js';

export const needlessNoTransaction: Rule = {
  id: 'needless-no-transaction',
  severity: 'warning',
  topic: 'design',
  summary: '`no_transaction: true` where nothing needs it',
  checkMigration: (whole) => {
    const { migration, up, down } = whole;
    const [first] = up.statements ?? [];
    const all = [...(up.statements ?? []), ...(down?.statements ?? [])];
    if (migration.isTransactional || !first || all.some(mayNeedNoTransaction)) return [];
    if (isBetterApart(whole)) return [];
    return [
      {
        at: first.start,
        message: 'nothing in this file needs `no_transaction: true`',
        help: 'Remove it from metadata.yaml, so that the migration is applied as a whole or not at all.',
      },
    ];
  },
};

/** Rules about what a transaction would keep locked, or not see yet. */
const aboutTransactions: readonly Rule[] = [
  backfillWithSchemaChange,
  enumValueUsedInTransaction,
  severalForeignKeys,
  severalStrongLocks,
  statementsAfterStrongLock,
  validateInSameTransaction,
];

/** Whether other rules would complain if the statements shared a transaction. */
function isBetterApart(whole: LintedWhole): boolean {
  const migration = { ...whole.migration, isTransactional: true };
  const asOne = { ...whole, migration, transactions: [whole.transactions.flat()] };
  return (
    holdsAndWaits(asOne) || aboutTransactions.some((rule) => (rule.checkMigration?.(asOne) ?? []).length > 0)
  );
}

/** Whether a table in use would stay locked against writes while a later statement waits for another one. */
function holdsAndWaits(whole: LintedWhole): boolean {
  let isSo = false;
  checkUnderLocks(whole, 'SHARE', ({ statement, held }) => {
    const next = strongLocks(statement, 'SHARE').some(({ relation }) => !held.has(keyOfName(relation)));
    isSo ||= held.size > 0 && next;
    return [];
  });
  return isSo;
}
