/** An enum value under another name is refused when somebody still sends the old one. */

import { nameText } from '../../schema/schema.js';
import { nodeOf } from '../../syntax/node-of.js';
import { liveType, placeOfWord } from '../live-relations.js';
import type { Rule } from '../rule.js';

export const renameEnumValue: Rule = {
  id: 'rename-enum-value',
  severity: 'error',
  summary: 'a value of an enum in use is renamed',
  checkStatement: (statement) => {
    const alter = nodeOf(statement.node, 'AlterEnumStmt');
    if (alter?.oldVal === undefined) return [];
    const type = liveType(statement, alter.typeName);
    if (!type) return [];
    return [
      {
        at: placeOfWord(statement, `'${alter.oldVal}'`),
        message: `renaming '${alter.oldVal}' of ${nameText(type)} to '${alter.newVal}' breaks every query that still sends '${alter.oldVal}'`,
        help: 'Add the new value with ALTER TYPE ... ADD VALUE, let the application write it, then update the rows that have the old one.',
      },
    ];
  },
};
