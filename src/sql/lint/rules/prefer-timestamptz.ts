/** A timestamp without time zone is a reading of some clock, not a point in time. */

import { findTypes } from '../declared-columns.js';
import type { Rule } from '../rule.js';

export const preferTimestamptz: Rule = {
  id: 'prefer-timestamptz',
  severity: 'info',
  summary: 'a column of type timestamp without time zone',
  checkStatement: (statement) =>
    findTypes(statement, ({ type, text }) => {
      if (type?.name !== 'timestamp') return undefined;
      return {
        message: `${text} is timestamp without time zone, so what it means changes with the TimeZone of whoever reads or writes it`,
        help: 'Use timestamptz, which takes the same 8 bytes and is a point in time.',
      };
    }),
};
