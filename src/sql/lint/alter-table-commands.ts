/** Splits ALTER TABLE for rules into commands, each with its table. */

import type { AlterCommand } from '../impact/alter-command.js';
import { schemasFound } from '../schema/after-drops.js';
import { findRelation, type Relation, resolveRange, type Schema } from '../schema/schema.js';
import { nodeOf, nodesOf } from '../syntax/node-of.js';
import type { LintedStatement } from './rule.js';

/** One command of an ALTER TABLE. */
export interface TableCommand extends AlterCommand {
  /** As the command finds it: behind what the same statement drops. */
  schema: Schema;
  /** Undefined when no migration is seen to create the table. */
  known: Relation | undefined;
  /** UTF-16 index into the up.sql, where the command begins. */
  at: number;
}

/** The commands of an ALTER TABLE, also of a materialized view, on a table that others may be using; none for every other statement. */
export function commandsOnLiveTable(statement: LintedStatement): TableCommand[] {
  return commandsOfTable(statement).filter(({ table }) => !statement.isNew(table));
}

/** Those on a table that only this migration and pending ones use, and into which they have written rows. */
export function commandsOnNewRows(statement: LintedStatement): TableCommand[] {
  const commands = statement.isInBlock ? [] : commandsOfTable(statement);
  return commands.filter(({ table, known }) => statement.isNew(table) && known?.hasRows === true);
}

function commandsOfTable(statement: LintedStatement): TableCommand[] {
  const { node, schema, start } = statement;
  const alter = nodeOf(node, 'AlterTableStmt');
  if (alter?.objtype !== 'OBJECT_TABLE' && alter?.objtype !== 'OBJECT_MATVIEW') return [];
  const table = resolveRange(schema, alter.relation);
  const isOnly = alter.relation?.inh !== true;
  const commands = nodesOf(alter.cmds, 'AlterTableCmd');
  const schemaFoundBy = schemasFound(schema, { table, isOnly, commands });
  return commands.map((command, index) => ({
    command,
    table,
    isOnly,
    schema: schemaFoundBy(command),
    known: findRelation(schemaFoundBy(command), table),
    at: start + (statement.commandStarts()[index] ?? 0),
  }));
}

/** Those whose table may have rows: none when this migration has emptied it. */
export function commandsOnFilledTable(statement: LintedStatement): TableCommand[] {
  return commandsOnLiveTable(statement).filter(({ table }) => !statement.isEmptied(table, 'truncate'));
}
