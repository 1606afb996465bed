/** A renamed column breaks code that uses the old name, and no object can replace the old column. */

import { findRelation, nameText } from '../../schema/schema.js';
import { nodeOf } from '../../syntax/node-of.js';
import type { RelationName } from '../../syntax/relation-name.js';
import { liveRelation, placeOfWord } from '../live-relations.js';
import type { LintedStatement, Rule } from '../rule.js';

export const renameColumn: Rule = {
  id: 'rename-column',
  severity: 'error',
  summary: 'a column of a table or view in use is renamed',
  checkStatement: (statement) => {
    const rename = nodeOf(statement.node, 'RenameStmt');
    if (rename?.renameType !== 'OBJECT_COLUMN') return [];
    const table = liveRelation(statement, rename.relation);
    if (!table || isUnknownToOthers(statement, table, rename.subname ?? '')) return [];
    const { subname = '', newname = '', relation } = rename;
    return [
      {
        at: placeOfWord(statement, subname, statement.indexOf(relation?.location)),
        message: `renaming ${subname} of ${nameText(table)} to ${newname} breaks every query that still uses ${subname}`,
        help: 'Add a column with the new name, let the application write both, and copy the values in batches. Drop the old column when no running version uses it.',
      },
    ];
  },
};

/** A column that is new, or whose name is, and a name that another column takes over. */
function isUnknownToOthers(statement: LintedStatement, table: RelationName, column: string): boolean {
  const known = findRelation(statement.schema, table)?.columns.get(column);
  const isRenamed = known !== undefined && known.namedBy !== known.creator;
  const isNewName = isRenamed && statement.migration.isNewWith(known.namedBy);
  return isNewName || statement.isNewColumn(table, column) || statement.isColumnMadeLater(table, column);
}
