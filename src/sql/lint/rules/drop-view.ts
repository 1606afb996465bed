/** DROP VIEW breaks queries, unless the same migration creates the view again. */

import { nameText } from '../../schema/schema.js';
import { nodeOf } from '../../syntax/node-of.js';
import { liveDropped } from '../live-relations.js';
import type { Rule } from '../rule.js';

export const dropView: Rule = {
  id: 'drop-view',
  severity: 'warning',
  summary: 'DROP VIEW of a view that may be in use and is not created again',
  checkStatement: (statement) => {
    const drop = nodeOf(statement.node, 'DropStmt');
    if (drop?.removeType !== 'OBJECT_VIEW' && drop?.removeType !== 'OBJECT_MATVIEW') return [];
    const command = drop.removeType === 'OBJECT_VIEW' ? 'DROP VIEW' : 'DROP MATERIALIZED VIEW';
    return liveDropped(statement, drop.objects)
      .filter(({ name }) => !statement.isMadeLater(name))
      .map(({ name, at }) => ({
        at,
        message: `${command} breaks every query that still uses ${nameText(name)}`,
        help: 'First release a version that does not use the view. After that, accept this with a comment: -- kat:ignore drop-view and the reason.',
      }));
  },
};
