/** Some statements are refused inside of a transaction block. */

import { findRefusal } from '../../transaction-rules.js';
import type { Rule } from '../rule.js';

export const needsNoTransaction: Rule = {
  id: 'needs-no-transaction',
  severity: 'error',
  summary: 'a statement that PostgreSQL refuses inside of a transaction',
  checkStatement: ({ node, start, migration }) => {
    const refusal = migration.isTransactional ? findRefusal(node) : undefined;
    if (!refusal) return [];
    return [
      {
        at: start,
        message: `${refusal.command} cannot run inside a transaction block`,
        help: `Set \`no_transaction: true\` in metadata.yaml: ${refusal.because}.`,
      },
    ];
  },
};
