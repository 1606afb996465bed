/** serial is a default and a sequence that are owned and granted apart from their table. */

import { describeType } from '../../schema/read-type.js';
import { findTypes } from '../declared-columns.js';
import type { Rule } from '../rule.js';

export const preferIdentity: Rule = {
  id: 'prefer-identity',
  severity: 'info',
  summary: 'a serial column instead of an identity column',
  checkStatement: (statement) =>
    findTypes(statement, ({ type, text, isSerial }) => {
      if (!isSerial) return undefined;
      return {
        message: `${text} is a serial column: writing to its table needs USAGE on a sequence of its own, and its default can be lost or overridden without notice`,
        help: `Use ${describeType({ modifiers: [], isArray: false, name: type?.name ?? 'int8' })} GENERATED ALWAYS AS IDENTITY.`,
      };
    }),
};
