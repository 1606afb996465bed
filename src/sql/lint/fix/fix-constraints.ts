/** Fixes for constraints: first they hold for new rows, then, in a transaction of its own, the old ones are looked at. */

import type { AlterTableCmd, Constraint } from '@pgsql/types';
import { makeObjectName } from '../../effects/generated-names.js';
import { nodeOf, nodesOf } from '../../effects/node-of.js';
import { namePartsOf } from '../../effects/object-names.js';
import { readConstraint } from '../../schema/read-table.js';
import { findRelation, type RelationName, resolveRange } from '../../schema/schema.js';
import type { LintedStatement } from '../rule.js';
import { quoteName, quoteRelation } from './quote-name.js';
import { alone, apart, type Fixer, together } from './statement-fix.js';

interface OnlyCommand {
  table: RelationName;
  command: AlterTableCmd;
}

/** The command of an ALTER TABLE that has but one. */
function onlyCommand({ node, schema }: LintedStatement): OnlyCommand | undefined {
  const alter = nodeOf(node, 'AlterTableStmt');
  const [command, ...others] = nodesOf(alter?.cmds, 'AlterTableCmd');
  if (!alter || !command || others.length > 0) return undefined;
  return { table: resolveRange(schema, alter.relation), command };
}

interface NamedConstraint {
  table: RelationName;
  constraint: Constraint;
  name: string;
  /** The statement, with the constraint's name in it. */
  sql: string;
}

/** The constraint that a statement adds, and nothing else. */
function addedConstraint(statement: LintedStatement): NamedConstraint | undefined {
  const only = onlyCommand(statement);
  const constraint = nodeOf(only?.command.def, 'Constraint');
  if (!only || !constraint || only.command.subtype !== 'AT_AddConstraint') return undefined;
  const { table } = only;
  const known = findRelation(statement.schema, table)?.constraints ?? new Map();
  const name = readConstraint(statement.schema, { ...table, constraints: known }, constraint)?.name;
  if (name === undefined) return undefined;
  const at = statement.indexOf(constraint.location) - statement.start;
  const given = constraint.conname === undefined ? `CONSTRAINT ${quoteName(name)} ` : '';
  const sql = `${statement.text.slice(0, at)}${given}${statement.text.slice(at)}`;
  return { table, constraint, name, sql };
}

/** ADD … NOT VALID, then VALIDATE in a migration of its own. */
export const validateLater: Fixer = (statement) => {
  const added = addedConstraint(statement);
  if (!added || added.constraint.skip_validation) return undefined;
  const { table, name, sql } = added;
  const alter = `ALTER TABLE ${quoteRelation(table)}`;
  const clause = sql.slice(sql.search(/\bconstraint\b/i));
  return [
    together(`${sql} NOT VALID`, { undo: `${alter} DROP CONSTRAINT ${quoteName(name)}` }),
    apart(`${alter} VALIDATE CONSTRAINT ${quoteName(name)}`, 'validate', {
      alwaysUndo: `${alter} DROP CONSTRAINT ${quoteName(name)}, ADD ${clause} NOT VALID`,
    }),
  ];
};

/** VALIDATE as it is, in a migration of its own. */
export const validateApart: Fixer = (statement) => {
  const only = onlyCommand(statement);
  return only?.command.subtype === 'AT_ValidateConstraint' ? [apart(statement.text, 'validate')] : undefined;
};

/** A unique index that is built CONCURRENTLY, and becomes the constraint in the next migration. */
export const keyFromIndex: Fixer = (statement) => {
  const added = addedConstraint(statement);
  if (added?.constraint.contype !== 'CONSTR_UNIQUE') return undefined;
  const { table, constraint, name } = added;
  const { keys, including, nulls_not_distinct, deferrable, indexspace, options } = constraint;
  if (including || nulls_not_distinct || deferrable || indexspace || options) return undefined;
  const columns = namePartsOf(keys).map(quoteName).join(', ');
  const alter = `ALTER TABLE ${quoteRelation(table)}`;
  const index = quoteRelation({ ...table, name });
  return [
    alone(`CREATE UNIQUE INDEX CONCURRENTLY ${quoteName(name)} ON ${quoteRelation(table)} (${columns})`, {
      undo: `DROP INDEX CONCURRENTLY IF EXISTS ${index}`,
    }),
    apart(`${alter} ADD CONSTRAINT ${quoteName(name)} UNIQUE USING INDEX ${quoteName(name)}`, 'constraint', {
      undo: `${alter} DROP CONSTRAINT ${quoteName(name)}`,
    }),
  ];
};

/** A check that is validated on its own proves that there are no nulls, so that SET NOT NULL need not look (12 and later). */
export const notNullByCheck: Fixer = (statement) => {
  const only = onlyCommand(statement);
  if (only?.command.subtype !== 'AT_SetNotNull') return undefined;
  const { table, command } = only;
  const column = command.name ?? '';
  const name = quoteName(makeObjectName(table.name, column, 'filled'));
  const alter = `ALTER TABLE ${quoteRelation(table)}`;
  const check = `ADD CONSTRAINT ${name} CHECK (${quoteName(column)} IS NOT NULL) NOT VALID`;
  const drop = `${alter} DROP CONSTRAINT ${name}`;
  return [
    together(`${alter} ${check}`, { undo: drop }),
    apart(`${alter} VALIDATE CONSTRAINT ${name}`, 'validate', {
      alwaysUndo: `${alter} DROP CONSTRAINT ${name}, ${check}`,
    }),
    apart(statement.text, 'not_null', { undo: `${alter} ALTER COLUMN ${quoteName(column)} DROP NOT NULL` }),
    together(drop, { alwaysUndo: `${alter} ${check}` }),
  ];
};
