/** Extracts the columns with types from CREATE TABLE, ADD COLUMN and ALTER COLUMN TYPE. */

import type { ColumnDef, CreateStmt } from '@pgsql/types';
import { isSerialType } from '../postgres/serial-types.js';
import { createdName } from '../schema/read-table.js';
import { readType } from '../schema/read-type.js';
import { type ColumnType, nameText, resolveRange } from '../schema/schema.js';
import { nodeOf, nodesOf } from '../syntax/node-of.js';
import type { RelationName } from '../syntax/relation-name.js';
import type { Found, LintedStatement } from './rule.js';

/** A column, with the type that the statement gives it. */
export interface DeclaredColumn {
  table: RelationName;
  /** As people write it: `users.email`. */
  text: string;
  definition: ColumnDef;
  /** Undefined for `t.c%TYPE`. */
  type: ColumnType | undefined;
  /** Whether the type is serial or one of its kin, of which `type` is the integer. */
  isSerial: boolean;
  /** Whether the column is there already, and gets another type. */
  isChange: boolean;
  /** UTF-16 index of its type. */
  at: number;
}

/** Columns of temporary tables are left out: they are short-lived. */
export function declaredColumns(statement: LintedStatement): DeclaredColumn[] {
  const { node } = statement;
  const create = nodeOf(node, 'CreateStmt') ?? nodeOf(node, 'CreateForeignTableStmt')?.base;
  const columns = create ? createdColumns(statement, create) : alteredColumns(statement);
  return columns.filter(({ table }) => table.schema !== 'pg_temp');
}

function createdColumns(statement: LintedStatement, { relation, tableElts }: CreateStmt): DeclaredColumn[] {
  const table = createdName(statement.schema, relation);
  return nodesOf(tableElts, 'ColumnDef').map((definition) => describe(statement, table, definition));
}

function alteredColumns(statement: LintedStatement): DeclaredColumn[] {
  const alter = nodeOf(statement.node, 'AlterTableStmt');
  if (!alter) return [];
  const table = resolveRange(statement.schema, alter.relation);
  return nodesOf(alter.cmds, 'AlterTableCmd').flatMap(({ subtype, name = '', def }) => {
    const definition = nodeOf(def, 'ColumnDef');
    if (!definition) return [];
    if (subtype === 'AT_AddColumn') return [describe(statement, table, definition)];
    if (subtype !== 'AT_AlterColumnType') return [];
    return [{ ...describe(statement, table, { ...definition, colname: name }), isChange: true }];
  });
}

function describe(statement: LintedStatement, table: RelationName, definition: ColumnDef): DeclaredColumn {
  const { typeName, colname = '', location } = definition;
  return {
    table,
    text: `${nameText(table)}.${colname}`,
    definition,
    type: readType(typeName),
    isSerial: isSerialType(typeName),
    isChange: false,
    at: statement.indexOf(typeName?.location ?? location),
  };
}

/** A rule's message for each column whose type it reports. */
export function findTypes(
  statement: LintedStatement,
  complain: (column: DeclaredColumn) => Pick<Found, 'message' | 'help' | 'severity'> | undefined,
): Found[] {
  return declaredColumns(statement).flatMap((column) => {
    const complaint = complain(column);
    return complaint ? [{ at: column.at, ...complaint }] : [];
  });
}
