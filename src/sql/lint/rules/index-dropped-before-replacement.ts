/** Between the end of one index and the beginning of the next, queries read the whole table. */

import { keyOfName, nameText, resolveRange } from '../../schema/schema.js';
import { nodeOf } from '../../syntax/node-of.js';
import type { DroppedIndex, Found, LintedStatement, Rule } from '../rule.js';

export const indexDroppedBeforeReplacement: Rule = {
  id: 'index-dropped-before-replacement',
  severity: 'warning',
  summary: 'an index is dropped before the one that takes its place exists',
  // In a transaction nobody sees the table without both.
  checkMigration: ({ statements, migration }) => (migration.isTransactional ? [] : findGaps(statements)),
};

function findGaps(statements: readonly LintedStatement[]): Found[] {
  return statements.flatMap((statement) =>
    statement.droppedIndexes
      .filter(({ table }) => !statement.isNew(table))
      .filter((dropped) =>
        statements.some((later) => later.index > statement.index && replaces(later, dropped)),
      )
      .map(({ index, table }) => ({
        at: statement.start,
        message: `${index.name} is dropped before the index that takes its place exists: until that is built, queries read all rows of ${nameText(table)}`,
        help: 'Create the new index first, under another name, and drop the old one behind it.',
      })),
  );
}

/** Whether a statement creates an index on the same table that begins with the same column. */
function replaces({ node, schema, madeIndex }: LintedStatement, { index, table }: DroppedIndex): boolean {
  const created = nodeOf(node, 'IndexStmt');
  if (!created || keyOfName(resolveRange(schema, created.relation)) !== keyOfName(table)) return false;
  return madeIndex !== undefined && madeIndex.columns[0] === index.columns[0];
}
