/** Follows the locks that a migration holds on what others may be using, until its transaction is over. */

import { isAtLeast, type Lock, type LockMode } from '../impact/impact.js';
import { keyOfName } from '../schema/schema.js';
import { partsOf } from '../syntax/object-names.js';
import { findTransactionControl } from '../transactions/transaction-control.js';
import type { Found, LintedStatement, LintedWhole } from './rule.js';

/** A statement, and what is locked before it begins. */
export interface HeldBefore {
  statement: LintedStatement;
  /** By `keyOfName` of the relation. It goes on growing, so look at it now. */
  held: ReadonlyMap<string, Lock>;
  /** One of the strongest. */
  strongest: Lock | undefined;
}

/**
 * Asks about every statement of a migration that runs in one transaction, and about none of one that does not.
 * @param atLeast weaker locks are left out of account, and so are those on relations that are dropped: nobody needs them
 */
export function checkUnderLocks(
  { migration, statements }: LintedWhole,
  atLeast: LockMode,
  check: (before: HeldBefore) => readonly Found[],
): Found[] {
  if (!migration.isTransactional) return [];
  const held = new Map<string, Lock>();
  let strongest: Lock | undefined;
  return statements.flatMap((statement) => {
    if (findTransactionControl(statement.node)?.isSavepoint === false) {
      held.clear();
      strongest = undefined;
    }
    const found = check({ statement, held, strongest });
    for (const lock of strongLocks(statement, atLeast)) {
      held.set(keyOfName(lock.relation), lock);
      if (!strongest || !isAtLeast(strongest.mode, lock.mode)) strongest = lock;
    }
    return found;
  });
}

/** The locks of a statement on what others may be using, but for what it drops. */
export function strongLocks({ liveImpact, node }: LintedStatement, atLeast: LockMode): Lock[] {
  const dropped = new Set(
    'DropStmt' in node ? (node.DropStmt.objects ?? []).map((object) => partsOf(object).at(-1)) : [],
  );
  return liveImpact.locks.filter(
    ({ mode, relation }) => isAtLeast(mode, atLeast) && !dropped.has(relation.name),
  );
}
