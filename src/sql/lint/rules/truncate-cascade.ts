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
        message: `CASCADE removes the rows of every table that refers to ${tables.map(nameText).join(' or ')}, also indirectly`,
        help: 'Name every table that is to be emptied, and leave CASCADE out. The server then refuses if another table refers to them.',
      },
    ];
  },
};
