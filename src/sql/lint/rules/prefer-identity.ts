/** serial is a default and a sequence that are owned and granted apart from their table. */

import { describeType } from '../../schema/read-type.js';
import type { RelationName } from '../../syntax/relation-name.js';
import { findTypes } from '../declared-columns.js';
import type { LintedStatement, Rule } from '../rule.js';

export const preferIdentity: Rule = {
  id: 'prefer-identity',
  severity: 'info',
  topic: 'design',
  summary: 'a serial column instead of an identity column',
  checkStatement: (statement) =>
    findTypes(statement, ({ type, text, table, isSerial }) => {
      // An identity is no way out where every row would have to be numbered: add-column-rewrite has one.
      if (!isSerial || isFilled(statement, table)) return undefined;
      return {
        message: `${text} is a serial column: INSERT needs USAGE on its sequence as well, and its default can be dropped or overridden by mistake`,
        help: `Use ${describeType({ modifiers: [], isArray: false, name: type?.name ?? 'int8' })} GENERATED ALWAYS AS IDENTITY.`,
      };
    }),
};

function isFilled({ node, isNew, isEmptied }: LintedStatement, table: RelationName): boolean {
  return 'AlterTableStmt' in node && !isNew(table) && !isEmptied(table, 'truncate');
}
