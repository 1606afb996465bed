/** Without a transaction a migration that fails stays half done, so there should be a reason. */

import { needsNoTransaction } from '../../transactions/transaction-rules.js';
import type { Rule } from '../rule.js';

export const needlessNoTransaction: Rule = {
  id: 'needless-no-transaction',
  severity: 'warning',
  topic: 'design',
  summary: '`no_transaction: true` where nothing needs it',
  checkMigration: ({ migration, up, down }) => {
    const [first] = up.statements ?? [];
    const all = [...(up.statements ?? []), ...(down?.statements ?? [])];
    if (migration.isTransactional || !first || all.some(needsNoTransaction)) return [];
    return [
      {
        at: first.start,
        message: 'nothing in this file needs `no_transaction: true`',
        help: 'Take it out of metadata.yaml, so that the migration is applied as a whole or not at all.',
      },
    ];
  },
};
