/** money takes its currency and precision from a setting of the server. */

import { findTypes } from '../declared-columns.js';
import type { Rule } from '../rule.js';

export const noMoney: Rule = {
  id: 'no-money',
  severity: 'warning',
  summary: 'a column of type money',
  checkStatement: (statement) =>
    findTypes(statement, ({ type, text }) => {
      if (type?.name !== 'money') return undefined;
      return {
        message: `${text} is money, which keeps no currency: lc_monetary says how many digits it has and how it is shown, and another server may say otherwise`,
        help: 'Use numeric, or a bigint of the smallest unit, and keep the currency in a column beside it.',
      };
    }),
};
