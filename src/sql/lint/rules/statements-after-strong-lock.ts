/** An ACCESS EXCLUSIVE lock is harmless for a moment, and not while the rest of the migration reads a table. */

import type { SelectStmt } from '@pgsql/types';
import { isAtLeastLock } from '../../impact/impact.js';
import { findRelation, keyOfName, nameText, resolveRange, type Schema } from '../../schema/schema.js';
import { nodeOf, nodesOf } from '../../syntax/node-of.js';
import { namePartsOf } from '../../syntax/object-names.js';
import { nodesIn } from '../../syntax/objects-in.js';
import { checkUnderLocks, type HeldBefore } from '../held-locks.js';
import type { LintedStatement, Rule } from '../rule.js';

export const statementsAfterStrongLock: Rule = {
  id: 'statements-after-strong-lock',
  severity: 'warning',
  summary: 'slow work while an earlier statement of the same transaction keeps a table locked against reads',
  checkMigration: (whole) =>
    checkUnderLocks(whole, 'ACCESS EXCLUSIVE', (before) => {
      const work = readWork(before.statement);
      const locked = work && findStopped(before);
      if (!locked) return [];
      return [
        {
          at: before.statement.start,
          message: `this ${work} while ${locked} is still locked ACCESS EXCLUSIVE, which blocks reads and writes of it until all rows are processed`,
          help: `Move it to a migration of its own, or before the statement that locks ${locked}.`,
        },
      ];
    }),
};

/** Changes of rows are the business of backfill-with-schema-change; TRUNCATE makes new files, but empty ones. */
const others = ['UpdateStmt', 'DeleteStmt', 'InsertStmt', 'CreateTableAsStmt', 'TruncateStmt'];

function readWork({
  liveImpact: { rewrites, scans, locks, queries },
  node,
  schema,
}: LintedStatement): string | undefined {
  if (others.some((kind) => kind in node)) return undefined;
  const select = nodeOf(node, 'SelectStmt');
  const read = select && readsWhole(schema, select) ? queries[0] : undefined;
  if (read) return `reads all rows of ${nameText(read)}`;
  const refresh = nodeOf(node, 'RefreshMatViewStmt');
  if (refresh && !refresh.skipData && locks[0]) return `runs the query of ${nameText(locks[0].relation)}`;
  if (rewrites[0]) return `rewrites ${nameText(rewrites[0])}`;
  return scans[0] && `reads all rows of ${nameText(scans[0])}`;
}

/** One table, and no view, and nothing picks some of its rows. An index answers what is the least or the greatest. */
function readsWhole(schema: Schema, select: SelectStmt): boolean {
  const { fromClause, whereClause, limitCount, targetList, intoClause, withClause } = select;
  const only = fromClause?.length === 1 ? nodeOf(fromClause[0], 'RangeVar') : undefined;
  if (!only || findRelation(schema, resolveRange(schema, only))?.kind === 'view') return false;
  if (whereClause || limitCount || intoClause || withClause) return false;
  const calls = nodesIn(targetList, 'FuncCall').map(({ funcname }) => namePartsOf(funcname).at(-1) ?? '');
  return !calls.some((name) => name === 'min' || name === 'max');
}

/** A table that is locked before; those that the statement locks as strongly by itself stand still anyway. */
function findStopped({ statement, held }: HeldBefore): string | undefined {
  const { locks, scans } = statement.liveImpact;
  const strong = locks.filter(({ mode }) => isAtLeastLock(mode, 'ACCESS EXCLUSIVE'));
  // Another rule reports scans of VALIDATE.
  const validated = validates(statement) ? scans : [];
  const own = new Set([...strong.map(({ relation }) => relation), ...validated].map(keyOfName));
  for (const [key, { relation }] of held) if (!own.has(key)) return nameText(relation);
  return undefined;
}

function validates({ node }: LintedStatement): boolean {
  const commands = nodesOf(nodeOf(node, 'AlterTableStmt')?.cmds, 'AlterTableCmd');
  return commands.some(({ subtype }) => subtype === 'AT_ValidateConstraint');
}
