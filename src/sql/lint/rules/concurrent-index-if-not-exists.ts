/** IF NOT EXISTS accepts an index on other columns, or the invalid index of an interrupted build. */

import { nodeOf } from '../../syntax/node-of.js';
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
        message: `IF NOT EXISTS keeps an existing index ${index.idxname ?? ''}, whatever its columns are; outside of Kat even an invalid one`,
        help: 'Leave it out: after an interruption, Kat drops its own invalid index and builds it again.',
      },
    ];
  },
};
