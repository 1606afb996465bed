/** In the replica role, a session fires only replica triggers, so it does not check foreign keys. */

import { settingsOf } from '../../postgres/settings-of.js';
import type { Rule } from '../rule.js';

export const sessionReplicationRole: Rule = {
  id: 'session-replication-role',
  severity: 'warning',
  summary: 'session_replication_role = replica, which switches off triggers and foreign keys',
  checkStatement: ({ node, start }) => {
    const isReplica = settingsOf(node).some(
      ({ name, value }) => name === 'session_replication_role' && value?.toLowerCase() === 'replica',
    );
    if (!isReplica) return [];
    return [
      {
        at: start,
        message:
          'session_replication_role = replica switches off all triggers and foreign keys: what is written from here on is never checked',
        help: 'Leave it out. Write the rows in an order that the foreign keys accept, or make the foreign keys DEFERRABLE.',
      },
    ];
  },
};
