/** A new trigger takes part in every write from its commit on. */

import { findRelation, nameText } from '../../schema/schema.js';
import { nodeOf } from '../../syntax/node-of.js';
import { liveRelation } from '../live-relations.js';
import type { Rule } from '../rule.js';

export const createTrigger: Rule = {
  id: 'create-trigger',
  severity: 'info',
  summary: 'CREATE TRIGGER on a table in use',
  checkStatement: (statement) => {
    const trigger = nodeOf(statement.node, 'CreateTrigStmt');
    const table = liveRelation(statement, trigger?.relation);
    if (!table || findRelation(statement.schema, table)?.kind === 'view') return [];
    return [
      {
        at: statement.indexOf(trigger?.relation?.location),
        message: `CREATE TRIGGER takes a SHARE ROW EXCLUSIVE lock on ${nameText(table)}, which blocks writes until the migration is over`,
        help: 'Put no slow statement after it in the same migration.',
      },
    ];
  },
};
