/** Between the end of one index and the beginning of the next, queries read the whole table. */

import { findRelation, keyOfName, nameText, resolveRange } from '../../schema/schema.js';
import { nodeOf } from '../../syntax/node-of.js';
import type { DroppedIndex, Found, LintedStatement, LintedWhole, Rule } from '../rule.js';

export const indexDroppedBeforeReplacement: Rule = {
  id: 'index-dropped-before-replacement',
  severity: 'warning',
  summary: 'an index is dropped before its replacement exists',
  // In a transaction no other session sees the table without both.
  checkMigration: ({ transactions }) => findGaps(transactions),
};

function findGaps(transactions: LintedWhole['transactions']): Found[] {
  return transactions.flatMap((statements, index) => {
    const later = transactions.slice(index + 1).flat();
    return statements.flatMap((statement) => findGap(statement, later));
  });
}

function findGap(statement: LintedStatement, later: readonly LintedStatement[]): Found[] {
  return statement.droppedIndexes
    .filter(({ table }) => !statement.isNew(table))
    .filter((dropped) => later.some((other) => replaces(other, dropped)))
    .filter((dropped) => !isCovered(statement, later, dropped))
    .map(({ index, table }) => ({
      at: statement.start,
      message: `${index.name} is dropped before the index that takes its place exists: until that is built, queries read all rows of ${nameText(table)}`,
      help: 'Create the new index first under another name. Then drop the old one.',
    }));
}

/** Whether another index that stays all the while serves the same queries: it begins with all columns of the dropped one. */
function isCovered(
  { schema }: LintedStatement,
  later: readonly LintedStatement[],
  { index, table }: DroppedIndex,
): boolean {
  const made = new Set(later.map(({ madeIndex }) => madeIndex));
  const staying = [...(findRelation(schema, table)?.indexes.values() ?? [])].filter(
    (other) => other.name !== index.name && !made.has(other),
  );
  return staying.some(
    (other) =>
      other.predicate === undefined &&
      other.method === index.method &&
      (other.isUnique || !index.isUnique) &&
      index.columns.every((column, place) => column !== undefined && column === other.columns[place]),
  );
}

/** Whether a statement creates an index on the same table that begins with the same column. */
function replaces({ node, schema, madeIndex }: LintedStatement, { index, table }: DroppedIndex): boolean {
  const created = nodeOf(node, 'IndexStmt');
  if (!created || keyOfName(resolveRange(schema, created.relation)) !== keyOfName(table)) return false;
  return madeIndex !== undefined && madeIndex.columns[0] === index.columns[0];
}
