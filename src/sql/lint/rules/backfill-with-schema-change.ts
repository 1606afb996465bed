/** Rows that are changed behind a schema change keep its lock for as long as they take. */

import type { Node } from '@pgsql/types';
import { blockedBy, withArticle } from '../../impact/impact.js';
import { findRelation, nameText } from '../../schema/schema.js';
import { nodeOf } from '../../syntax/node-of.js';
import type { RelationName } from '../../syntax/relation-name.js';
import { findsFewRows } from '../few-rows.js';
import { checkUnderLocks } from '../held-locks.js';
import type { LintedStatement, Rule } from '../rule.js';

export const backfillWithSchemaChange: Rule = {
  id: 'backfill-with-schema-change',
  severity: 'error',
  summary: 'rows of a table in use are changed while a schema change of the same transaction keeps its lock',
  checkMigration: (whole) =>
    checkUnderLocks(whole, 'SHARE', ({ statement, strongest }) => {
      const change = readChange(statement);
      if (!strongest || !change) return [];
      const { relation, mode } = strongest;
      return [
        {
          at: statement.start,
          message: `${change.command} runs while the migration holds ${withArticle(mode)} lock on ${nameText(relation)}, which blocks ${blockedBy(mode)} until all rows are done`,
          help: 'Change the rows in a migration of its own, in batches and with `no_transaction: true`.',
          ...(change.isWhole ? {} : { severity: 'warning' as const }),
        },
      ];
    }),
};

interface Change {
  command: string;
  /** Whether every row takes part. */
  isWhole: boolean;
}

function readChange({ node, schema, liveImpact }: LintedStatement): Change | undefined {
  const change = nodeOf(node, 'UpdateStmt') ?? nodeOf(node, 'DeleteStmt');
  if (!change) return readCopy(node, liveImpact.queries[0]);
  const target = liveImpact.locks.find(({ mode }) => mode === 'ROW EXCLUSIVE')?.relation;
  if (!target || findsFewRows(change.whereClause, findRelation(schema, target))) return undefined;
  const command = nodeOf(node, 'UpdateStmt') ? 'UPDATE' : 'DELETE';
  return { command: `${command} of ${nameText(target)}`, isWhole: change.whereClause === undefined };
}

/** Rows that come from a query of a table in use. */
function readCopy(node: Node, source: RelationName | undefined): Change | undefined {
  const isCopy = 'InsertStmt' in node || 'MergeStmt' in node || 'CreateTableAsStmt' in node;
  return isCopy && source ? { command: `a copy of rows of ${nameText(source)}`, isWhole: false } : undefined;
}
