/** A session that locks two tables can deadlock with a session that locks them in the reverse order. */

import { keyOfName, nameText } from '../../schema/schema.js';
import { checkUnderLocks, strongLocks } from '../held-locks.js';
import type { Rule } from '../rule.js';

export const severalStrongLocks: Rule = {
  id: 'several-strong-locks',
  severity: 'warning',
  summary: 'one transaction locks several tables in use against reads',
  checkMigration: (whole) =>
    checkUnderLocks(whole, 'ACCESS EXCLUSIVE', ({ statement, held, strongest }) => {
      const next = strongLocks(statement, 'ACCESS EXCLUSIVE').find(
        ({ relation }) => !held.has(keyOfName(relation)),
      );
      if (!strongest || !next) return [];
      const first = nameText(strongest.relation);
      const second = nameText(next.relation);
      return [
        {
          at: statement.start,
          message: `this waits for an ACCESS EXCLUSIVE lock on ${second} while ${first} is locked as well: every session that uses ${first} waits, and one that has used ${second} before causes a deadlock`,
          help: 'Change each table in a migration of its own.',
        },
      ];
    }).slice(0, 1),
};
