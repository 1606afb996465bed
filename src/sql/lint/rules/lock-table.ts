/** LOCK TABLE keeps others out until the migration is over. */

import { blockedBy, isAtLeastLock, lockModes, withArticle } from '../../impact/impact.js';
import { nameText } from '../../schema/schema.js';
import { nodeOf, nodesOf } from '../../syntax/node-of.js';
import { liveRelation } from '../live-relations.js';
import type { Rule } from '../rule.js';

export const lockTable: Rule = {
  id: 'lock-table',
  severity: 'warning',
  summary: 'LOCK TABLE in a mode that blocks writes of a table in use',
  checkStatement: (statement) => {
    const lock = nodeOf(statement.node, 'LockStmt');
    // Modes are counted from 1 (storage/lockdefs.h).
    const mode = lockModes[(lock?.mode ?? 0) - 1];
    if (!mode || !isAtLeastLock(mode, 'SHARE')) return [];
    return nodesOf(lock?.relations, 'RangeVar').flatMap((range) => {
      const table = liveRelation(statement, range);
      if (!table) return [];
      return {
        at: statement.indexOf(range.location),
        message: `LOCK TABLE takes ${withArticle(mode)} lock on ${nameText(table)}, which blocks ${blockedBy(mode)} until the migration is over`,
        help: 'Leave it out: each statement takes the lock that it needs. To exclude a second run, use an advisory lock.',
      };
    });
  },
};
