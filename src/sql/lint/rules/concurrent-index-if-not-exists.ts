/** IF NOT EXISTS is content with the broken index that an interrupted build leaves. */

import { nodeOf } from '../../effects/node-of.js';
import type { Rule } from '../rule.js';

export const concurrentIndexIfNotExists: Rule = {
  id: 'concurrent-index-if-not-exists',
  severity: 'info',
  summary: 'CREATE INDEX CONCURRENTLY with IF NOT EXISTS',
  checkStatement: (statement) => {
    const index = nodeOf(statement.node, 'IndexStmt');
    if (!index?.concurrent || !index.if_not_exists) return [];
    return [
      {
        at: statement.start,
        message: `IF NOT EXISTS keeps an index ${index.idxname ?? ''} that is there already, even an invalid one or one of other columns`,
        help: 'Leave IF NOT EXISTS out: after an interruption Kat finds the invalid index and builds it again.',
      },
    ];
  },
};
