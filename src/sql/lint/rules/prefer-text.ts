/** A limit on the length of a column is a part of its type, so every change of it is one of the type. */

import { describeType } from '../../schema/read-type.js';
import { findTypes } from '../declared-columns.js';
import type { Rule } from '../rule.js';

export const preferText: Rule = {
  id: 'prefer-text',
  severity: 'info',
  summary: 'a column of type varchar(n) instead of text',
  checkStatement: (statement) =>
    findTypes(statement, ({ type, text }) => {
      if (type?.name !== 'varchar' || type.modifiers.length === 0) return undefined;
      return {
        message: `${text} is ${describeType(type)}: a lower limit will rewrite its table, and a view that uses the column blocks any other limit`,
        help: 'Use text, with CHECK (length(…) <= …) where there is a limit: a check is changed without touching the type.',
      };
    }),
};
