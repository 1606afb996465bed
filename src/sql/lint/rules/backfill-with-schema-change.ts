/** Rows that are changed behind a schema change keep its lock for as long as they take. */

import { blockedBy, withArticle } from '../../impact/impact.js';
import { findRelation, nameText } from '../../schema/schema.js';
import { nodeOf } from '../../syntax/node-of.js';
import { changesIn } from '../changes-in.js';
import { findsFewRows } from '../few-rows.js';
import { checkUnderLocks } from '../held-locks.js';
import type { LintedStatement, Rule } from '../rule.js';

export const backfillWithSchemaChange: Rule = {
  id: 'backfill-with-schema-change',
  severity: 'error',
  summary: 'rows of a table in use are changed while a schema change of the same transaction keeps its lock',
  checkMigration: (whole) =>
    checkUnderLocks(whole, 'SHARE', ({ statement, strongest }) => {
      const change = readRows(statement);
      if (!strongest || !change) return [];
      const { relation, mode } = strongest;
      return [
        {
          at: statement.start,
          message: `${change.command} runs while the migration holds ${withArticle(mode)} lock on ${nameText(relation)}, which blocks ${blockedBy(mode)} until all rows are changed`,
          help: 'Move it to a migration of its own with `no_transaction: true`, and change the rows in batches.',
          ...(change.isWhole ? {} : { severity: 'warning' as const }),
        },
      ];
    }),
};

interface Rows {
  command: string;
  /** Whether every row takes part. */
  isWhole: boolean;
}

/** UPDATE and DELETE wherever they are in the statement, else a copy of rows. */
function readRows({ node, schema, isNew, isEmptied, liveImpact }: LintedStatement): Rows | undefined {
  const changes = changesIn(node, schema);
  const change = changes.find(
    ({ kind, table, where }) =>
      (kind === 'UPDATE' || kind === 'DELETE') &&
      !isNew(table) &&
      !isEmptied(table) &&
      !findsFewRows(where, findRelation(schema, table)),
  );
  if (change) return { command: `${change.kind} of ${nameText(change.table)}`, isWhole: change.isWhole };
  const isCopy =
    'CreateTableAsStmt' in node ||
    nodeOf(node, 'SelectStmt')?.intoClause !== undefined ||
    changes.some(({ kind }) => kind === 'INSERT' || kind === 'MERGE');
  const source = isCopy ? liveImpact.queries[0] : undefined;
  return source && { command: `a copy of rows of ${nameText(source)}`, isWhole: false };
}
