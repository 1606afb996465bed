/** Follows the locks that a transaction holds on what others may be using, until it is over. */

import { isAtLeastLock, type Lock, type LockMode } from '../impact/impact.js';
import { keyOfName, resolveRange } from '../schema/schema.js';
import { nodeOf } from '../syntax/node-of.js';
import { partsOf } from '../syntax/object-names.js';
import type { RelationName } from '../syntax/relation-name.js';
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
 * Asks about every statement, with what its transaction holds by then; those of DO blocks among them.
 * @param atLeast ignores weaker locks, and locks on relations that are dropped, which are not in use
 */
export function checkUnderLocks(
  { transactions }: Pick<LintedWhole, 'transactions'>,
  atLeast: LockMode,
  check: (before: HeldBefore) => readonly Found[],
): Found[] {
  return transactions.flatMap((statements) => checkTransaction(statements, atLeast, check));
}

function checkTransaction(
  statements: readonly LintedStatement[],
  atLeast: LockMode,
  check: (before: HeldBefore) => readonly Found[],
): Found[] {
  const held = new Map<string, Lock>();
  let strongest: Lock | undefined;
  return statements.flatMap((statement) => {
    if (findTransactionControl(statement.node)?.isSavepoint === false) {
      held.clear();
      strongest = undefined;
    }
    const found = check({ statement, held, strongest });
    const renamed = renamedRelation(statement);
    for (const lock of strongLocks(statement, atLeast)) {
      const key = keyOfName(lock.relation);
      const before = held.get(key);
      if (!before || !isAtLeastLock(before.mode, lock.mode)) held.set(key, lock);
      if (!strongest || !isAtLeastLock(strongest.mode, lock.mode)) strongest = lock;
    }
    if (renamed) moveLock(held, renamed);
    return found;
  });
}

interface Renamed {
  from: RelationName;
  to: RelationName;
}

/** A lock is on the table, whatever its name is. */
function renamedRelation({ node, schema }: LintedStatement): Renamed | undefined {
  const rename = nodeOf(node, 'RenameStmt');
  const move = nodeOf(node, 'AlterObjectSchemaStmt');
  const range = rename?.renameType === 'OBJECT_TABLE' ? rename.relation : move?.relation;
  if (!range) return undefined;
  const from = resolveRange(schema, range);
  return { from, to: { schema: move?.newschema ?? from.schema, name: rename?.newname ?? from.name } };
}

function moveLock(held: Map<string, Lock>, { from, to }: Renamed): void {
  const lock = held.get(keyOfName(from));
  if (!lock) return;
  held.delete(keyOfName(from));
  held.set(keyOfName(to), { ...lock, relation: to });
}

/** The locks of a statement on what others may be using, but for what it drops. */
export function strongLocks({ liveImpact, node }: LintedStatement, atLeast: LockMode): Lock[] {
  const dropped = new Set(
    'DropStmt' in node ? (node.DropStmt.objects ?? []).map((object) => partsOf(object).at(-1)) : [],
  );
  return liveImpact.locks.filter(
    ({ mode, relation }) => isAtLeastLock(mode, atLeast) && !dropped.has(relation.name),
  );
}
