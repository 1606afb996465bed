/** char(n) fills values up with blanks, which count in some places and not in others. */

import { describeType } from '../../schema/read-type.js';
import { findTypes } from '../declared-columns.js';
import type { Rule } from '../rule.js';

export const noChar: Rule = {
  id: 'no-char',
  severity: 'warning',
  topic: 'design',
  summary: 'a column of type char(n)',
  checkStatement: (statement) =>
    findTypes(statement, ({ type, text }) => {
      if (type?.name !== 'bpchar' || type.modifiers.length === 0) return undefined;
      return {
        message: `${text} is ${describeType(type)}, which pads every value with spaces, and ignores them in comparisons but not in LIKE`,
        help: 'Use text, with CHECK (length(…) = …) where the length is fixed.',
      };
    }),
};
