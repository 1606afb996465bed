/** json is kept as text: it has no equality, no indexes, and is parsed anew each time. */

import { findTypes } from '../declared-columns.js';
import type { Rule } from '../rule.js';

export const preferJsonb: Rule = {
  id: 'prefer-jsonb',
  severity: 'info',
  topic: 'design',
  summary: 'a column of type json instead of jsonb',
  checkStatement: (statement) =>
    findTypes(statement, ({ type, text, table }) => {
      if (type?.name !== 'json') return undefined;
      return {
        message: `${text} is json, which has no operator for equality: DISTINCT, GROUP BY and UNION fail on it, and no index can search its keys`,
        // Running queries of whole rows fail from the commit on.
        ...('AlterTableStmt' in statement.node && !statement.isNew(table)
          ? { severity: 'warning' as const }
          : {}),
        help: 'Use jsonb, unless white space, the order of keys and duplicate keys must be preserved.',
      };
    }),
};
