/** Row security without a policy hides every row from all roles but the owner. */

import type { Node } from '@pgsql/types';
import { findRelation, keyOfName, nameText, resolveParts } from '../../schema/schema.js';
import { nodeOf } from '../../syntax/node-of.js';
import { partsOf } from '../../syntax/object-names.js';
import type { RelationName } from '../../syntax/relation-name.js';
import { commandsOnLiveTable } from '../alter-table-commands.js';
import type { LintedStatement, LintedWhole, Rule } from '../rule.js';

export const rowSecurityWithoutPolicy: Rule = {
  id: 'row-security-without-policy',
  severity: 'warning',
  summary: 'row security of a table in use is left on without a policy, so that queries find no rows',
  checkMigration: (whole) => {
    const closed = new Map(
      whole.ran.flatMap(closings).map((closing) => [keyOfName(closing.table), closing] as const),
    );
    return [...closed.values()]
      .filter(({ table }) => isLeftClosed(whole, table))
      .map(({ table, at, isForOwner }) => ({
        at,
        message: `row security of ${nameText(table)} is on and no policy is left: ${isForOwner ? 'its owner and all other roles' : 'all roles but its owner'} see no rows, and their INSERTs fail`,
        help: 'Create the policies in the same migration, before this statement. If no role but the owner reads the table, accept it with a comment: -- kat:ignore row-security-without-policy and the reason.',
      }));
  },
};

interface Closing {
  table: RelationName;
  at: number;
  isForOwner: boolean;
}

/** The tables whose row security a statement switches on, or from which it takes a policy. */
function closings(statement: LintedStatement): Closing[] {
  const commands = commandsOnLiveTable(statement).filter(
    ({ command: { subtype } }) => subtype === 'AT_EnableRowSecurity' || subtype === 'AT_ForceRowSecurity',
  );
  const isForced = commands.some(({ command }) => command.subtype === 'AT_ForceRowSecurity');
  return [
    ...commands.map(({ table, at }) => ({ table, at, isForOwner: isForced })),
    ...droppedFrom(statement).map((table) => ({ table, at: statement.start, isForOwner: false })),
  ];
}

function droppedFrom(statement: LintedStatement): RelationName[] {
  const drop = nodeOf(statement.node, 'DropStmt');
  if (drop?.removeType !== 'OBJECT_POLICY') return [];
  return (drop.objects ?? [])
    .map((object) => resolveParts(statement.schema, partsOf(object).slice(0, -1), statement.schema.relations))
    .filter((table) => findRelation(statement.schema, table) && !statement.isNew(table));
}

/** At the end of the migration. Code that nobody has read may make policies. */
function isLeftClosed({ ran }: LintedWhole, table: RelationName): boolean {
  const schema = ran.at(-1)?.schema;
  if (!schema || schema.unread.size > 0) return false;
  const known = findRelation(schema, table);
  if (known) return known.hasRowSecurity && known.policies.size === 0;
  const isWithPolicy = schema.unseenWithPolicy.has(keyOfName(table));
  return !isWithPolicy && !ran.some(({ node }) => renames(node, table)) && isSwitchedOn(ran, table);
}

/** Of a table that no migration creates, the last command tells. */
function isSwitchedOn(ran: readonly LintedStatement[], table: RelationName): boolean {
  const commands = ran
    .flatMap(commandsOnLiveTable)
    .filter((command) => keyOfName(command.table) === keyOfName(table))
    .map(({ command }) => command.subtype);
  return commands.lastIndexOf('AT_EnableRowSecurity') > commands.lastIndexOf('AT_DisableRowSecurity');
}

/** Whether a statement gives a table its name, or takes that away: then it is not known which is meant. */
function renames(node: Node, { schema, name }: RelationName): boolean {
  const renamed = nodeOf(node, 'RenameStmt');
  const moved = nodeOf(node, 'AlterObjectSchemaStmt');
  const dropped = nodeOf(node, 'DropStmt');
  const names =
    dropped?.removeType === 'OBJECT_POLICY' ? [] : (dropped?.objects ?? []).map((one) => partsOf(one).at(-1));
  const ranges = [renamed?.relation?.relname, renamed?.newname, renamed?.subname, moved?.relation?.relname];
  return [...names, ...ranges].some((one) => one === name || one === schema);
}
