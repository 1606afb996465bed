/** What PostgreSQL refuses inside of a transaction can only run in a migration without one. */

import { findRefusal } from '../../transaction-rules.js';
import type { Rule } from '../rule.js';

export const needsNoTransaction: Rule = {
  id: 'needs-no-transaction',
  severity: 'error',
  summary: 'a statement that PostgreSQL refuses inside of a transaction',
  checkStatement: ({ node, migration, start }) => {
    const refusal = migration.isTransactional ? findRefusal(node) : undefined;
    if (!refusal) return [];
    return [
      {
        at: start,
        message: `${refusal.command} cannot run inside of a transaction, because ${refusal.because}`,
        help: 'Put it into a migration of its own, and `no_transaction: true` into the metadata.yaml of that.',
      },
    ];
  },
};
