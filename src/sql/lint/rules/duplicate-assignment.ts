/** A column that gets two values in one command gets none: PostgreSQL refuses it. */

import type { Node } from '@pgsql/types';
import { nodesOf } from '../../syntax/node-of.js';
import { nodesIn } from '../../syntax/objects-in.js';
import type { Found, LintedStatement, Rule } from '../rule.js';

export const duplicateAssignment: Rule = {
  id: 'duplicate-assignment',
  severity: 'error',
  summary: 'an INSERT, UPDATE or MERGE that names one column twice',
  checkStatement: (statement) => {
    const { node } = statement;
    const lists = [
      ...nodesIn(node, 'UpdateStmt').map(({ targetList }) => targetList),
      ...nodesIn(node, 'InsertStmt').flatMap(({ cols, onConflictClause }) => [
        cols,
        onConflictClause?.targetList,
      ]),
      ...nodesIn(node, 'MergeWhenClause').map(({ targetList }) => targetList),
    ];
    return lists.flatMap((list) => findTwice(statement, list));
  },
};

/** Elements of one array and fields of one value may be set apart (rewriteHandler.c, process_matched_tle). */
function findTwice(statement: LintedStatement, list: readonly Node[] | undefined): Found[] {
  const seen = new Set<string>();
  return nodesOf(list, 'ResTarget').flatMap(({ name = '', indirection, location }) => {
    if (indirection || name === '') return [];
    const isTwice = seen.has(name);
    seen.add(name);
    if (!isTwice) return [];
    return {
      at: statement.indexOf(location),
      message: `the column ${name} gets two values in one command, which PostgreSQL refuses`,
      help: 'Leave one of them out.',
    };
  });
}
