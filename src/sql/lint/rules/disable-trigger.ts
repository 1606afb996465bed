/** While triggers are off, writes go past what they check: foreign keys among it. */

import type { AlterTableCmd } from '@pgsql/types';
import { literalOf, nodeOf } from '../../effects/node-of.js';
import { nameText } from '../../schema/schema.js';
import { commandsOnLiveTable } from '../alter-table-commands.js';
import { placeOfWord } from '../live-relations.js';
import type { Found, LintedStatement, Rule } from '../rule.js';

const disabled: Partial<Record<NonNullable<AlterTableCmd['subtype']>, string>> = {
  AT_DisableTrig: 'a trigger',
  AT_DisableTrigUser: 'all triggers of users',
  AT_DisableTrigAll: 'all triggers, foreign keys among them,',
};

export const disableTrigger: Rule = {
  id: 'disable-trigger',
  severity: 'warning',
  summary: 'triggers are switched off: DISABLE TRIGGER, or session_replication_role',
  checkStatement: (statement) => {
    const behind = statement.indexOf(nodeOf(statement.node, 'AlterTableStmt')?.relation?.location);
    const found = commandsOnLiveTable(statement).flatMap(({ command: { subtype, name }, table }) => {
      const what = disabled[subtype ?? 'AT_AddColumn'];
      if (what === undefined) return [];
      return {
        at: placeOfWord(statement, 'DISABLE', behind),
        message: `DISABLE TRIGGER switches ${name ?? what} of ${nameText(table)} off for every session, under a SHARE ROW EXCLUSIVE lock, which blocks writes`,
        help: 'Drop a trigger that nobody needs. To write past it once, give the trigger function a setting that it asks for, and SET LOCAL that.',
      };
    });
    return [...found, ...checkRole(statement)];
  },
};

/** As a replica, a session fires no triggers but those that are meant for replicas (guc "session_replication_role"). */
function checkRole({ node, start }: LintedStatement): Found[] {
  const set = nodeOf(node, 'VariableSetStmt');
  if (set?.name !== 'session_replication_role' || literalOf(set.args?.[0]) !== 'replica') return [];
  return [
    {
      at: start,
      message:
        'session_replication_role = replica switches off all triggers and foreign keys: what is written now is not checked',
      help: 'Leave it out, and write rows in an order that the foreign keys accept, or make those DEFERRABLE.',
    },
  ];
}
