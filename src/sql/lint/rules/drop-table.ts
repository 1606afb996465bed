/** DROP TABLE loses rows for good, and locks tables that it does not name. */

import { keyOfName, nameText } from '../../schema/schema.js';
import { nodeOf } from '../../syntax/node-of.js';
import type { RelationName } from '../../syntax/relation-name.js';
import { liveDropped } from '../live-relations.js';
import type { LintedStatement, Rule } from '../rule.js';

export const dropTable: Rule = {
  id: 'drop-table',
  severity: 'warning',
  summary: 'DROP TABLE of a table that may be in use',
  checkStatement: (statement) => {
    const drop = nodeOf(statement.node, 'DropStmt');
    if (drop?.removeType !== 'OBJECT_TABLE' && drop?.removeType !== 'OBJECT_FOREIGN_TABLE') return [];
    const dropped = liveDropped(statement, drop.objects);
    const others = lockedBeside(
      statement,
      dropped.map(({ name }) => name),
    );
    return dropped.map(({ name, at }, index) => ({
      at,
      message: `DROP TABLE loses the rows of ${nameText(name)}${statement.isMadeLater(name) ? '' : ', and breaks every query that still uses it'}${index === 0 ? others : ''}`,
      help: 'First release a version that does not use the table. After that, accept this with a comment: -- kat:ignore drop-table and the reason.',
    }));
  },
};

/** The tables that foreign keys and partitions make the server lock as well. */
function lockedBeside({ liveImpact }: LintedStatement, dropped: readonly RelationName[]): string {
  const own = new Set(dropped.map(keyOfName));
  const others = liveImpact.locks
    .filter(({ relation, mode }) => mode === 'ACCESS EXCLUSIVE' && !own.has(keyOfName(relation)))
    .map(({ relation }) => nameText(relation));
  if (others.length === 0) return '';
  return `; it takes an ACCESS EXCLUSIVE lock on ${others.join(', ')}, too, which blocks reads and writes there`;
}
