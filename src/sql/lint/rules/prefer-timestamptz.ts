/** A timestamp without time zone is a reading of some clock, not a point in time. */

import { findTypes } from '../declared-columns.js';
import type { Rule } from '../rule.js';

export const preferTimestamptz: Rule = {
  id: 'prefer-timestamptz',
  severity: 'info',
  topic: 'design',
  summary: 'a column of type timestamp without time zone',
  checkStatement: (statement) =>
    findTypes(statement, ({ type, text }) => {
      if (type?.name !== 'timestamp') return undefined;
      return {
        message: `${text} is timestamp without time zone, so its meaning depends on the setting TimeZone of the session`,
        help: 'Use timestamptz, which stores a point in time in the same 8 bytes.',
      };
    }),
};
