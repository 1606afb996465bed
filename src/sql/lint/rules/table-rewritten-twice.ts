/** Each ALTER TABLE that rewrites a table does so on its own, although one can make many changes at once. */

import { nodeOf } from '../../effects/node-of.js';
import { keyOfName, nameText } from '../../schema/schema.js';
import type { Found, LintedStatement, Rule } from '../rule.js';

export const tableRewrittenTwice: Rule = {
  id: 'table-rewritten-twice',
  severity: 'warning',
  summary: 'ALTER TABLE that rewrites a table which another one of the same migration rewrites',
  checkMigration: ({ statements }) => {
    const rewritten = new Set<string>();
    return statements.flatMap((statement) => findSecond(statement, rewritten));
  },
};

/** @param rewritten keys of the tables that statements before this one rewrite; those of this one are added */
function findSecond(statement: LintedStatement, rewritten: Set<string>): Found[] {
  if (!nodeOf(statement.node, 'AlterTableStmt')) return [];
  const tables = statement.impact.rewrites.filter((table) => !statement.isNew(table));
  const again = tables.find((table) => rewritten.has(keyOfName(table)));
  for (const table of tables) rewritten.add(keyOfName(table));
  if (!again) return [];
  return [
    {
      at: statement.start,
      message: `all rows and indexes of ${nameText(again)} are written anew once more, after an earlier ALTER TABLE of this migration did so`,
      help: 'Put their commands into one ALTER TABLE, which writes the rows once.',
    },
  ];
}
