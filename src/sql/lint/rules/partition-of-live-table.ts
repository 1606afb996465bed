/** Creating a partition in place locks the whole partitioned table; attaching one does not. */

import { nameText } from '../../schema/schema.js';
import { nodeOf, nodesOf } from '../../syntax/node-of.js';
import { quoteRange } from '../fix/quote-name.js';
import { liveRelation } from '../live-relations.js';
import type { Rule } from '../rule.js';

export const partitionOfLiveTable: Rule = {
  id: 'partition-of-live-table',
  severity: 'warning',
  summary: 'CREATE TABLE ... PARTITION OF a table in use',
  checkStatement: (statement) => {
    const create = nodeOf(statement.node, 'CreateStmt');
    const parent = nodesOf(create?.inhRelations, 'RangeVar')[0];
    const table = liveRelation(statement, parent);
    if (!create?.partbound || !parent || !table) return [];
    const name = quoteRange(create.relation ?? {});
    const rest = statement.liveImpact.scans[0];
    const reads = rest ? `, while all rows of the default partition ${nameText(rest)} are read` : '';
    return [
      {
        at: statement.indexOf(parent.location),
        message: `PARTITION OF takes an ACCESS EXCLUSIVE lock on ${nameText(table)}, which blocks reads and writes of all its partitions${reads}`,
        ...(rest ? { severity: 'error' as const } : {}),
        help: `${rest ? `Add a CHECK with NOT VALID to ${nameText(rest)} that excludes rows within the bounds, and validate it in a later migration. ` : ''}Make the table first: CREATE TABLE ${name} (LIKE ${quoteRange(parent)} INCLUDING ALL EXCLUDING IDENTITY). ALTER TABLE ... ATTACH PARTITION then does not block reads and writes.`,
      },
    ];
  },
};
