/** A long scan gains nothing from its weak lock when the transaction holds a strong one on the same table. */

import { blockedBy, isAtLeastLock, type Lock, withArticle } from '../../impact/impact.js';
import { keyOfName, nameText } from '../../schema/schema.js';
import { nodeOf, nodesOf } from '../../syntax/node-of.js';
import { commandsOnLiveTable } from '../alter-table-commands.js';
import { checkUnderLocks, type HeldBefore } from '../held-locks.js';
import type { Found, LintedStatement, Rule } from '../rule.js';

export const validateInSameTransaction: Rule = {
  id: 'validate-in-same-transaction',
  severity: 'error',
  summary: 'VALIDATE CONSTRAINT while the transaction holds a strong lock on the same table',
  checkMigration: (whole) => checkUnderLocks(whole, 'SHARE', checkStatement),
};

function checkStatement(before: HeldBefore): Found[] {
  const { statement } = before;
  const [first] = commandsOnLiveTable(statement).filter(
    ({ command }) => command.subtype === 'AT_ValidateConstraint',
  );
  const lock = first && findLock(before);
  if (!lock) return [];
  const { relation, mode } = lock;
  const table = nameText(first.table);
  const other = keyOfName(relation) === keyOfName(first.table) ? '' : ` on ${nameText(relation)}`;
  return [
    {
      at: first.at,
      message: `VALIDATE CONSTRAINT scans ${table} while the transaction holds ${withArticle(mode)} lock${other}, which blocks ${blockedBy(mode)} until all rows are read`,
      help: helpFor(statement),
    },
  ];
}

/** On what is scanned: of an earlier statement, or of another command of the same one. */
function findLock({ statement, held }: HeldBefore): Lock | undefined {
  const { scans, locks } = statement.liveImpact;
  const own = new Map(locks.map((lock) => [keyOfName(lock.relation), lock]));
  return scans
    .map(keyOfName)
    .flatMap((key) => [held.get(key) ?? [], own.get(key) ?? []].flat())
    .filter(({ mode }) => isAtLeastLock(mode, 'SHARE'))
    .reduce<Lock | undefined>(
      (one, other) => (one && isAtLeastLock(one.mode, other.mode) ? one : other),
      undefined,
    );
}

function helpFor({ node }: LintedStatement): string {
  const commands = nodesOf(nodeOf(node, 'AlterTableStmt')?.cmds, 'AlterTableCmd');
  return commands.length > 1
    ? 'Move VALIDATE CONSTRAINT to a later migration, as a statement of its own, so that the lock is released before.'
    : 'Move it to a later migration, so that the lock is released before.';
}
