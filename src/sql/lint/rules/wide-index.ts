/** An index of many columns is dear to keep, and seldom better than one of its first columns. */

import { nameText, resolveRange } from '../../schema/schema.js';
import { nodeOf } from '../../syntax/node-of.js';
import type { Rule } from '../rule.js';

const most = 3;

export const wideIndex: Rule = {
  id: 'wide-index',
  severity: 'info',
  topic: 'design',
  summary: `index of more than ${most} columns that is not there to make them unique`,
  checkStatement: (statement) => {
    const index = nodeOf(statement.node, 'IndexStmt');
    const count = index?.indexParams?.length ?? 0;
    if (!index || index.unique || index.accessMethod !== 'btree' || count <= most) return [];
    return [
      {
        at: statement.start,
        message: `the index on ${nameText(resolveRange(statement.schema, index.relation))} has ${count} columns, and each write keeps all of them in order`,
        help: 'Measure whether its first columns alone are as good; columns that are only read go behind INCLUDE.',
      },
    ];
  },
};
