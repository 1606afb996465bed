/** CREATE INDEX stops all writes for as long as it takes to read the table. */

import { findRelation, nameText, resolveRange } from '../../schema/schema.js';
import { nodeOf } from '../../syntax/node-of.js';
import type { Rule } from '../rule.js';

export const createIndexNotConcurrent: Rule = {
  id: 'create-index-not-concurrent',
  severity: 'error',
  summary: 'CREATE INDEX without CONCURRENTLY on a table in use',
  checkStatement: (statement) => {
    const index = nodeOf(statement.node, 'IndexStmt');
    if (!index || index.concurrent) return [];
    const table = resolveRange(statement.schema, index.relation);
    const known = findRelation(statement.schema, table);
    // A partitioned table refuses CONCURRENTLY (0A000), and only there does ONLY mean anything.
    const isPartitioned = known?.kind === 'partitioned table';
    const isAlone = (isPartitioned || !known) && index.relation?.inh !== true;
    const isThere = index.if_not_exists === true && known?.indexes.has(index.idxname ?? '');
    if (statement.isNew(table) || isAlone || isThere || statement.isEmptied(table, 'truncate')) return [];
    return [
      {
        at: statement.indexOf(index.relation?.location),
        message: `CREATE INDEX takes a SHARE lock on ${nameText(table)}, which blocks writes until the index is built`,
        help: isPartitioned
          ? 'Create it ON ONLY the partitioned table. Create one CONCURRENTLY on each partition, and attach these.'
          : 'Use CREATE INDEX CONCURRENTLY, in a migration of its own with `no_transaction: true`.',
      },
    ];
  },
};
