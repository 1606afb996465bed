/** A migration that does nothing is a leftover, unless it joins others. */

import type { Rule } from '../rule.js';

export const emptyUp: Rule = {
  id: 'empty-up',
  severity: 'error',
  topic: 'design',
  summary: 'an up.sql without statements in a migration that is no merge',
  checkMigration: ({ migration, up }) => {
    if (up.statements?.length !== 0 || migration.isMerge) return [];
    const message = `up.sql of ${migration.id} has no statements`;
    return [
      {
        at: 0,
        message,
        help: 'Write its SQL. If no database has the migration, you can delete its folder instead.',
      },
    ];
  },
};
