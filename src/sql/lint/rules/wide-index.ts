/** An index of many columns is dear to keep, and seldom better than one of its first columns. */

import { nameText, resolveRange } from '../../schema/schema.js';
import { nodeOf } from '../../syntax/node-of.js';
import type { Rule } from '../rule.js';

const most = 3;

export const wideIndex: Rule = {
  id: 'wide-index',
  severity: 'info',
  topic: 'design',
  summary: `an index of more than ${most} columns that is not unique`,
  checkStatement: (statement) => {
    const index = nodeOf(statement.node, 'IndexStmt');
    const count = index?.indexParams?.length ?? 0;
    if (!index || index.unique || index.accessMethod !== 'btree' || count <= most) return [];
    return [
      {
        at: statement.start,
        message: `the index on ${nameText(resolveRange(statement.schema, index.relation))} has ${count} columns, and each write updates it`,
        help: 'Measure whether an index on the first columns is as good. Put columns that are only read behind INCLUDE.',
      },
    ];
  },
};
