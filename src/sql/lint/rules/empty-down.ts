/** A rollback by an empty file takes back nothing, and says that it did. */

import { leavesNothing } from '../../check/harmless-statements.js';
import type { Rule } from '../rule.js';

export const emptyDown: Rule = {
  id: 'empty-down',
  severity: 'warning',
  topic: 'design',
  summary: 'a down.sql without statements, while up.sql has some',
  checkMigration: ({ migration, up, down }) => {
    if (down?.statements?.length !== 0 || (up.statements ?? []).every(leavesNothing)) return [];
    return [
      {
        at: 0,
        direction: 'down',
        message: `down.sql of ${migration.id} has no statements, so a rollback removes only its row`,
        help: 'Write its SQL, or delete the file if the migration cannot be rolled back.',
      },
    ];
  },
};
