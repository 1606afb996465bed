/** DROP SCHEMA CASCADE drops everything in the schema, including objects of other programs. */

import { nodeOf } from '../../syntax/node-of.js';
import { partsOf } from '../../syntax/object-names.js';
import { isNewSchema, placeOfWord } from '../live-relations.js';
import type { Rule } from '../rule.js';

export const dropSchema: Rule = {
  id: 'drop-schema',
  severity: 'error',
  summary: 'DROP SCHEMA ... CASCADE of a schema that may be in use',
  checkStatement: (statement) => {
    const drop = nodeOf(statement.node, 'DropStmt');
    if (drop?.removeType !== 'OBJECT_SCHEMA' || drop.behavior !== 'DROP_CASCADE') return [];
    return (drop.objects ?? [])
      .map((object) => partsOf(object).at(-1) ?? '')
      .filter((name) => !isNewSchema(statement, name))
      .map((name) => ({
        at: placeOfWord(statement, name),
        message: `DROP SCHEMA ${name} CASCADE loses every table in it with its rows, and locks each of them ACCESS EXCLUSIVE at once`,
        help: 'Drop its tables one by one, in migrations that name them, and then the empty schema without CASCADE.',
      }));
  },
};
