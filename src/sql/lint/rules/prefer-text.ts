/** A limit on the length of a column is a part of its type, so every change of it is one of the type. */

import { describeType } from '../../schema/read-type.js';
import { findTypes } from '../declared-columns.js';
import type { Rule } from '../rule.js';

export const preferText: Rule = {
  id: 'prefer-text',
  severity: 'info',
  topic: 'design',
  summary: 'a column of type varchar(n) instead of text',
  checkStatement: (statement) =>
    findTypes(statement, ({ type, text }) => {
      if (type?.name !== 'varchar' || type.modifiers.length === 0) return undefined;
      return {
        message: `${text} is ${describeType(type)}: a lower limit rewrites its table, and no limit can be changed while a view uses the column`,
        help: 'Use text, with CHECK (length(…) <= …) if there is a limit: a CHECK can be replaced without a rewrite.',
      };
    }),
};
