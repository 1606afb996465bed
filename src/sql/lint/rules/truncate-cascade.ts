/** TRUNCATE CASCADE empties tables that the statement does not name. */

import { nameText } from '../../schema/schema.js';
import { nodeOf, nodesOf } from '../../syntax/node-of.js';
import { liveRelation, placeOfWord } from '../live-relations.js';
import type { Rule } from '../rule.js';

export const truncateCascade: Rule = {
  id: 'truncate-cascade',
  severity: 'error',
  summary: 'TRUNCATE ... CASCADE, which empties all tables that refer to it as well',
  checkStatement: (statement) => {
    const command = nodeOf(statement.node, 'TruncateStmt');
    if (command?.behavior !== 'DROP_CASCADE') return [];
    const tables = nodesOf(command.relations, 'RangeVar').flatMap(
      (range) => liveRelation(statement, range) ?? [],
    );
    if (tables.length === 0) return [];
    return [
      {
        at: placeOfWord(statement, 'cascade'),
        message: `CASCADE loses the rows of every table whose foreign keys lead to ${tables.map(nameText).join(' or ')}, directly or not`,
        help: 'Name every table that is to be emptied, and leave CASCADE out, so that the server refuses when one was forgotten.',
      },
    ];
  },
};
