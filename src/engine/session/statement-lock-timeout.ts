/** Chooses how long one statement of a migration that runs statement by statement waits for locks. */

import type { Migration } from '../../graph/migration.js';
import type { Statement } from '../../sql/syntax/parse.js';
import { findConcurrentWork } from '../../sql/transactions/concurrent-work.js';
import { type WaitPolicy, waitsOf } from '../policy/waits.js';

/**
 * In milliseconds. It also strikes while a concurrent
 * build waits for old transactions, so it is off there unless the migration's own metadata has one.
 * @returns undefined where the migration sets its own.
 */
export function statementLockTimeout(
  migration: Migration,
  policy: WaitPolicy,
  { statement, statements }: { statement: Statement; statements: readonly Statement[] },
): number | undefined {
  if (
    statements.some(({ node }) => 'VariableSetStmt' in node && node.VariableSetStmt.name === 'lock_timeout')
  )
    return undefined;
  return findConcurrentWork(statement.node)
    ? (migration.waits?.lockTimeoutMs ?? 0)
    : waitsOf(migration, policy).lockTimeoutMs;
}
