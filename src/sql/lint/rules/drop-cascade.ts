/** CASCADE drops objects that the statement does not name; they differ between databases. */

import type { Node } from '@pgsql/types';
import { nodeOf } from '../../syntax/node-of.js';
import { commandsOnLiveTable } from '../alter-table-commands.js';
import { liveDropped, liveType, placeOfWord } from '../live-relations.js';
import { relationKinds } from '../made-names.js';
import type { LintedStatement, Rule } from '../rule.js';

export const dropCascade: Rule = {
  id: 'drop-cascade',
  severity: 'warning',
  summary: 'DROP ... CASCADE, which also drops all dependent objects',
  checkStatement: (statement) =>
    isCascade(statement)
      ? [
          {
            at: placeOfWord(statement, 'cascade'),
            message:
              'CASCADE drops everything that depends on it, without saying what: views, foreign keys of other tables, defaults',
            help: 'Drop the dependent objects by name first, and leave CASCADE out. The server then refuses if another object depends on it.',
          },
        ]
      : [],
};

function isCascade(statement: LintedStatement): boolean {
  const { node } = statement;
  if (nodeOf(node, 'DropOwnedStmt')?.behavior === 'DROP_CASCADE') return true;
  const drop = nodeOf(node, 'DropStmt');
  if (drop) return drop.behavior === 'DROP_CASCADE' && isLive(statement, drop.removeType, drop.objects);
  return commandsOnLiveTable(statement).some(
    ({ command: { subtype, behavior } }) =>
      behavior === 'DROP_CASCADE' && (subtype === 'AT_DropColumn' || subtype === 'AT_DropConstraint'),
  );
}

/** Schemas have a rule of their own. */
function isLive(
  statement: LintedStatement,
  kind: string | undefined,
  objects: readonly Node[] = [],
): boolean {
  if (kind === 'OBJECT_SCHEMA') return false;
  if (relationKinds.has(kind ?? '')) return liveDropped(statement, objects).length > 0;
  if (kind !== 'OBJECT_TYPE') return true;
  return objects.some((object) => liveType(statement, nodeOf(object, 'TypeName')?.names) !== undefined);
}
