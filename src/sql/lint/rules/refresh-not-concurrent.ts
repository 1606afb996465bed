/** REFRESH MATERIALIZED VIEW stops reads for as long as its query runs. */

import { nameText } from '../../schema/schema.js';
import { nodeOf } from '../../syntax/node-of.js';
import { liveRelation } from '../live-relations.js';
import type { Rule } from '../rule.js';

export const refreshNotConcurrent: Rule = {
  id: 'refresh-not-concurrent',
  severity: 'error',
  summary: 'REFRESH MATERIALIZED VIEW without CONCURRENTLY of a view in use',
  checkStatement: (statement) => {
    const refresh = nodeOf(statement.node, 'RefreshMatViewStmt');
    const view = liveRelation(statement, refresh?.relation);
    if (!refresh || refresh.concurrent || !view) return [];
    return [
      {
        at: statement.indexOf(refresh.relation?.location),
        message: refresh.skipData
          ? `REFRESH ... WITH NO DATA makes every read of ${nameText(view)} fail until it is filled again`
          : `REFRESH takes an ACCESS EXCLUSIVE lock on ${nameText(view)}, which blocks reads until its query is done`,
        help: 'Use REFRESH MATERIALIZED VIEW CONCURRENTLY, which needs a unique index of plain columns on the view.',
      },
    ];
  },
};
