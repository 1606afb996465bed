/** As a replica, a session fires no triggers but those that are meant for replicas: foreign keys are not among them. */

import { literalOf, nodeOf } from '../../syntax/node-of.js';
import type { Rule } from '../rule.js';

export const sessionReplicationRole: Rule = {
  id: 'session-replication-role',
  severity: 'warning',
  summary: 'session_replication_role = replica, which switches off triggers and foreign keys',
  checkStatement: ({ node, start }) => {
    const set = nodeOf(node, 'VariableSetStmt');
    if (set?.name?.toLowerCase() !== 'session_replication_role') return [];
    if (literalOf(set.args?.[0])?.toLowerCase() !== 'replica') return [];
    return [
      {
        at: start,
        message:
          'session_replication_role = replica switches off all triggers and foreign keys: what is written from here on is never checked',
        help: 'Leave it out, and write rows in an order that the foreign keys accept, or make those DEFERRABLE.',
      },
    ];
  },
};
