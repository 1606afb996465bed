/** A long scan gains nothing from its weak lock when the transaction holds a strong one on the same table. */

import { blockedBy, isAtLeast, type Lock, withArticle } from '../../impact/impact.js';
import { keyOfName, nameText } from '../../schema/schema.js';
import { nodeOf, nodesOf } from '../../syntax/node-of.js';
import type { RelationName } from '../../syntax/relation-name.js';
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

/** On what is scanned, or on what the scanned rows refer to: of an earlier statement, or of another command of the same one. */
function findLock({ statement, held }: HeldBefore): Lock | undefined {
  const { scans, queries, locks } = statement.liveImpact;
  if (scans.length === 0) return undefined;
  const own = new Map(locks.map((lock) => [keyOfName(lock.relation), lock]));
  const locksOn = (name: RelationName) => [held.get(keyOfName(name)), own.get(keyOfName(name))];
  return [...scans, ...queries]
    .flatMap(locksOn)
    .filter((lock) => lock !== undefined)
    .filter(({ mode }) => isAtLeast(mode, 'SHARE'))
    .reduce<Lock | undefined>(
      (one, other) => (one && isAtLeast(one.mode, other.mode) ? one : other),
      undefined,
    );
}

function helpFor({ node }: LintedStatement): string {
  const commands = nodesOf(nodeOf(node, 'AlterTableStmt')?.cmds, 'AlterTableCmd');
  return commands.length > 1
    ? 'Move VALIDATE CONSTRAINT to a migration after this one, as a statement of its own, so that the lock is gone before it begins.'
    : 'Move it to a migration after this one, so that the lock is gone before it begins.';
}
