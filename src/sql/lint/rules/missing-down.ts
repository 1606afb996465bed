/** A migration without down.sql cannot be rolled back, nor can its ancestors while it is applied. */

import type { Rule } from '../rule.js';

export const missingDown: Rule = {
  id: 'missing-down',
  severity: 'warning',
  topic: 'design',
  summary: 'a migration without a down.sql',
  checkMigration: ({ migration, up, down }) => {
    const [first] = up.statements ?? [];
    if (down || !first) return [];
    return [
      {
        at: first.start,
        message: `${migration.id} has no down.sql`,
        help: 'Write down.sql, so that the migration can be rolled back.',
      },
    ];
  },
};
