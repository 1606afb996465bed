/** A migration must only change its own database, so it must not drop one. */

import { nodeOf } from '../../syntax/node-of.js';
import { placeOfWord } from '../live-relations.js';
import type { Rule } from '../rule.js';

export const dropDatabase: Rule = {
  id: 'drop-database',
  severity: 'error',
  summary: 'DROP DATABASE',
  checkStatement: (statement) => {
    const { dbname } = nodeOf(statement.node, 'DropdbStmt') ?? {};
    if (dbname === undefined) return [];
    return [
      {
        at: placeOfWord(statement, dbname),
        message: `DROP DATABASE loses everything in ${dbname}, and no rollback brings it back`,
        help: 'Drop databases by hand, not in migrations.',
      },
    ];
  },
};
