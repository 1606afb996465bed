/** DROP TRIGGER stops reads, too, unlike everything else about triggers. */

import { nameText, resolveParts } from '../../schema/schema.js';
import { nodeOf } from '../../syntax/node-of.js';
import { partsOf } from '../../syntax/object-names.js';
import { placeOfWord } from '../live-relations.js';
import type { Rule } from '../rule.js';

export const dropTrigger: Rule = {
  id: 'drop-trigger',
  severity: 'info',
  summary: 'DROP TRIGGER on a table in use',
  checkStatement: (statement) => {
    const drop = nodeOf(statement.node, 'DropStmt');
    if (drop?.removeType !== 'OBJECT_TRIGGER') return [];
    const { schema } = statement;
    return (drop.objects ?? []).flatMap((object) => {
      const parts = partsOf(object);
      const table = resolveParts(schema, parts.slice(0, -1), schema.relations);
      if (statement.isNew(table)) return [];
      return {
        at: placeOfWord(statement, parts.at(-1) ?? ''),
        message: `DROP TRIGGER takes an ACCESS EXCLUSIVE lock on ${nameText(table)}, which blocks reads and writes until the migration is over`,
        help: 'Put no slow statement after it in the same migration. To change a trigger, use CREATE OR REPLACE TRIGGER (PostgreSQL 14 or later).',
      };
    });
  },
};
