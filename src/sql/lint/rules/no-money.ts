/** money takes its currency and precision from a setting of the server. */

import { findTypes } from '../declared-columns.js';
import type { Rule } from '../rule.js';

export const noMoney: Rule = {
  id: 'no-money',
  severity: 'warning',
  topic: 'design',
  summary: 'a column of type money',
  checkStatement: (statement) =>
    findTypes(statement, ({ type, text }) => {
      if (type?.name !== 'money') return undefined;
      return {
        message: `${text} is money, which stores no currency: digits and format depend on the setting lc_monetary, which can differ on another server`,
        help: 'Use numeric, or a bigint of the smallest unit, and store the currency in a second column.',
      };
    }),
};
