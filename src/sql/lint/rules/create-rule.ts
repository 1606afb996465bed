/** A rule rewrites queries in ways that surprise, and needs the strongest lock to be made. */

import { findRelation, nameText } from '../../schema/schema.js';
import { nodeOf } from '../../syntax/node-of.js';
import { liveRelation } from '../live-relations.js';
import type { Rule } from '../rule.js';

export const createRule: Rule = {
  id: 'create-rule',
  severity: 'warning',
  summary: 'CREATE RULE on a table in use',
  checkStatement: (statement) => {
    const rule = nodeOf(statement.node, 'RuleStmt');
    const table = liveRelation(statement, rule?.relation);
    if (!rule || !table || findRelation(statement.schema, table)?.kind === 'view') return [];
    return [
      {
        at: statement.indexOf(rule.relation?.location),
        message: `CREATE RULE takes an ACCESS EXCLUSIVE lock on ${nameText(table)}, which blocks reads and writes, and rewrites all queries of the table from then on`,
        help: 'Use a trigger: it works on rows instead of queries, and creating it does not block reads.',
      },
    ];
  },
};
