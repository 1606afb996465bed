/** A change of a table's storage rewrites the whole table. */

import type { AlterTableCmd } from '@pgsql/types';
import { predictCommand } from '../../impact/alter-table.js';
import { findRelation, keyOfName, nameText, resolveParts } from '../../schema/schema.js';
import { nodeOf, nodesOf } from '../../syntax/node-of.js';
import { commandsOnFilledTable } from '../alter-table-commands.js';
import type { Found, LintedStatement, Rule } from '../rule.js';

const commands: Partial<Record<NonNullable<AlterTableCmd['subtype']>, string>> = {
  AT_SetLogged: 'LOGGED',
  AT_SetUnLogged: 'UNLOGGED',
  AT_SetTableSpace: 'TABLESPACE',
  AT_SetAccessMethod: 'ACCESS METHOD',
};

export const changeTableStorage: Rule = {
  id: 'change-table-storage',
  severity: 'error',
  summary: 'SET LOGGED, UNLOGGED, TABLESPACE or ACCESS METHOD of a table in use',
  checkStatement: (statement) => [
    ...findChanges(statement),
    ...findMovedTables(statement),
    ...findMovedIndex(statement),
  ],
};

/** A storage that the table has already is left as it is (tablecmds.c, ATPrepChangePersistence, CheckRelationTableSpaceMove). */
function findChanges(statement: LintedStatement): Found[] {
  return commandsOnFilledTable(statement).flatMap((changed) => {
    const word = commands[changed.command.subtype ?? 'AT_AddColumn'];
    if (word === undefined) return [];
    if (predictCommand(changed.schema, statement.oldestServer, changed).rewrites.length === 0) return [];
    return {
      at: changed.at,
      message: `SET ${word} rewrites ${nameText(changed.table)} under an ACCESS EXCLUSIVE lock, which blocks reads and writes until all rows are written`,
      help: 'Create a new table with this storage, copy the rows in batches, and switch to it when both tables have the same rows.',
    };
  });
}

function findMovedTables({ node, liveImpact, start }: LintedStatement): Found[] {
  const [first, ...others] = nodeOf(node, 'AlterTableMoveAllStmt') ? liveImpact.rewrites : [];
  if (!first) return [];
  const more = others.length > 0 ? ` and ${others.length} more` : '';
  return [
    {
      at: start,
      message: `SET TABLESPACE of all tables rewrites ${nameText(first)}${more} under ACCESS EXCLUSIVE locks, which block reads and writes of all of them until the last row is written`,
      help: 'Move each table in a migration of its own, by a new table into which the rows are copied in batches.',
    },
  ];
}

/** Every query of a table locks all of its indexes, so it waits for the index that moves. */
function findMovedIndex(statement: LintedStatement): Found[] {
  const { node, schema, start } = statement;
  const alter = nodeOf(node, 'AlterTableStmt');
  const move = nodesOf(alter?.cmds, 'AlterTableCmd').find(({ subtype }) => subtype === 'AT_SetTableSpace');
  if (alter?.objtype !== 'OBJECT_INDEX' || !move || move.name === 'pg_default') return [];
  const { schemaname, relname = '' } = alter.relation ?? {};
  const index = resolveParts(schema, schemaname ? [schemaname, relname] : [relname], schema.indexOwners);
  const table = schema.relations.get(schema.indexOwners.get(keyOfName(index)) ?? '');
  if (table && (statement.isNew(table) || findRelation(schema, table)?.kind === 'partitioned table'))
    return [];
  return [
    {
      at: start,
      message: `SET TABLESPACE copies the index ${nameText(index)} under an ACCESS EXCLUSIVE lock, for which all reads and writes of ${table ? nameText(table) : 'its table'} wait`,
      help: 'Use REINDEX (CONCURRENTLY, TABLESPACE …) INDEX, in a migration of its own with `no_transaction: true`.',
    },
  ];
}
