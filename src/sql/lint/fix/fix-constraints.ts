/** Fixes for constraints: first they hold for new rows, then, in a transaction of its own, the old ones are looked at. */

import type { AlterTableCmd, AlterTableStmt, Constraint } from '@pgsql/types';
import { chooseName } from '../../postgres/chosen-names.js';
import { quoteAsNeeded } from '../../postgres/quote-as-needed.js';
import { newRelation, readConstraint } from '../../schema/read-table.js';
import { findRelation, type Relation, resolveRange, type Schema } from '../../schema/schema.js';
import { isTakenBeside } from '../../schema/taken-names.js';
import { nodeOf, nodesOf } from '../../syntax/node-of.js';
import { namePartsOf } from '../../syntax/object-names.js';
import type { RelationName } from '../../syntax/relation-name.js';
import type { LintedStatement } from '../rule.js';
import { alterWords, quoteRange, quoteRelation } from './quote-name.js';
import { alone, apart, type Fixer, together } from './statement-fix.js';

interface OnlyCommand {
  alter: AlterTableStmt;
  command: AlterTableCmd;
  table: RelationName;
  known: Relation | undefined;
  /** The words in front of a command for the same table, and those for a down.sql, which may have another search path. */
  words: string;
  downWords: string;
}

/** The command of an ALTER TABLE that has but one. */
function onlyCommand({ node, schema }: LintedStatement): OnlyCommand | undefined {
  const alter = nodeOf(node, 'AlterTableStmt');
  const [command, ...others] = nodesOf(alter?.cmds, 'AlterTableCmd');
  if (!alter || !command || others.length > 0) return undefined;
  const table = resolveRange(schema, alter.relation);
  const known = findRelation(schema, table);
  const downWords = `ALTER TABLE ${quoteRelation(table, schema)}`;
  return { alter, command, table, known, words: alterWords(alter), downWords };
}

/** Which names are free is known only of tables whose whole history is. */
function nameOf(schema: Schema, known: Relation | undefined, constraint: Constraint): string | undefined {
  const given = constraint.conname ?? constraint.indexname;
  return given ?? (known?.isWhole ? readConstraint(schema, known, constraint)?.name : undefined);
}

interface NamedConstraint extends OnlyCommand {
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
  const name = nameOf(statement.schema, only.known, constraint);
  if (name === undefined) return undefined;
  const at = statement.indexOf(constraint.location) - statement.start;
  const given = constraint.conname === undefined ? `CONSTRAINT ${quoteAsNeeded(name)} ` : '';
  const sql = `${statement.text.slice(0, at)}${given}${statement.text.slice(at)}`;
  return { ...only, constraint, name, sql };
}

/**
 * ADD … NOT VALID, then VALIDATE in a migration of its own. Before 18 a partitioned table takes no such foreign key
 * (ATAddForeignKeyConstraint, tablecmds.c).
 */
export const validateLater: Fixer = (statement) => {
  const added = addedConstraint(statement);
  if (!added || added.constraint.skip_validation) return undefined;
  const { name, sql, words, downWords, known, constraint } = added;
  const isForeign = constraint.contype === 'CONSTR_FOREIGN';
  if (isForeign && known?.kind === 'partitioned table' && statement.oldestServer < 18) return undefined;
  return [
    together(`${sql} NOT VALID`, { undo: `${downWords} DROP CONSTRAINT ${quoteAsNeeded(name)}` }),
    apart(`${words} VALIDATE CONSTRAINT ${quoteAsNeeded(name)}`, 'validate'),
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
  if (!added || !isPlainKey(added)) return undefined;
  const { alter, table, constraint, name, words, downWords } = added;
  const columns = namePartsOf(constraint.keys).map(quoteAsNeeded).join(', ');
  const index = quoteRelation({ ...table, name }, statement.schema);
  const on = quoteRange(alter.relation ?? {});
  return [
    alone(`CREATE UNIQUE INDEX CONCURRENTLY ${quoteAsNeeded(name)} ON ${on} (${columns})`, {
      alwaysUndo: `DROP INDEX CONCURRENTLY IF EXISTS ${index}`,
    }),
    apart(
      `${words} ADD CONSTRAINT ${quoteAsNeeded(name)} UNIQUE USING INDEX ${quoteAsNeeded(name)}`,
      'constraint',
      {
        undo: `${downWords} DROP CONSTRAINT ${quoteAsNeeded(name)}`,
      },
    ),
  ];
};

/** A partitioned table has no USING INDEX (ATExecAddIndexConstraint, tablecmds.c); CREATE INDEX has no IF EXISTS for its table. */
function isPlainKey({ alter, constraint, known }: NamedConstraint): boolean {
  const { contype, including, nulls_not_distinct, deferrable, indexname, indexspace, options } = constraint;
  const hasMore = including || nulls_not_distinct || deferrable || indexspace || options;
  if (contype !== 'CONSTR_UNIQUE' || indexname !== undefined || hasMore) return false;
  return alter.missing_ok !== true && known?.kind !== 'partitioned table';
}

/** A check that is validated on its own proves that there are no nulls, so that SET NOT NULL need not look (12 and later). */
export const notNullByCheck: Fixer = (statement) => {
  const only = onlyCommand(statement);
  if (only?.command.subtype !== 'AT_SetNotNull') return undefined;
  const { table, known, command, words, downWords } = only;
  const column = quoteAsNeeded(command.name ?? '');
  const parts = { table: table.name, columns: [command.name ?? ''], label: 'filled' };
  const owner = known ?? newRelation(table, 'table', '');
  const name = quoteAsNeeded(chooseName(parts, isTakenBeside(statement.schema, owner, 'check')));
  const check = `ADD CONSTRAINT ${name} CHECK (${column} IS NOT NULL) NOT VALID`;
  return [
    together(`${words} ${check}`, { undo: `${downWords} DROP CONSTRAINT ${name}` }),
    apart(`${words} VALIDATE CONSTRAINT ${name}`, 'validate'),
    apart(statement.text, 'not_null', { undo: `${downWords} ALTER COLUMN ${column} DROP NOT NULL` }),
    together(`${words} DROP CONSTRAINT ${name}`, { alwaysUndo: `${downWords} ${check}` }),
  ];
};
