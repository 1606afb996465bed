/** Follows ALTER TABLE: what its commands make of a table that is known. */

import type { AlterTableCmd, AlterTableType } from '@pgsql/types';
import { nodeOf } from '../syntax/node-of.js';
import { dropIndex } from './indexes.js';
import { link } from './links.js';
import { addColumn, addConstraint } from './read-table.js';
import { readType } from './read-type.js';
import { type Column, keyOfName, type Relation, resolveRange, type Schema } from './schema.js';

type Follower = (schema: Schema, table: Relation, command: AlterTableCmd) => void;

const followers: Partial<Record<AlterTableType, Follower>> = {
  AT_AddColumn: (schema, table, { def, missing_ok }) => {
    const definition = nodeOf(def, 'ColumnDef');
    if (!definition || (missing_ok && table.columns.has(definition.colname ?? ''))) return;
    addColumn(schema, table, definition);
  },
  AT_DropColumn: dropColumn,
  AT_AlterColumnType: (_schema, table, { name, def }) => {
    changeColumn(table, name, { type: readType(nodeOf(def, 'ColumnDef')?.typeName) });
  },
  AT_ColumnDefault: (_schema, table, { name, def }) => {
    changeColumn(table, name, { hasDefault: def !== undefined });
  },
  AT_SetNotNull: (_schema, table, { name }) => changeColumn(table, name, { isNotNull: true }),
  AT_DropNotNull: (_schema, table, { name }) => changeColumn(table, name, { isNotNull: false }),
  AT_AddIdentity: (_schema, table, { name }) => changeColumn(table, name, { hasDefault: true }),
  AT_DropIdentity: (_schema, table, { name }) => changeColumn(table, name, { hasDefault: false }),
  AT_DropExpression: (_schema, table, { name }) => changeColumn(table, name, { isGenerated: false }),
  AT_AddConstraint: (schema, table, { def }) => {
    const constraint = nodeOf(def, 'Constraint');
    if (constraint) addConstraint(schema, table, constraint);
  },
  AT_DropConstraint: dropConstraint,
  AT_ValidateConstraint: validateConstraint,
  AT_SetLogged: (_schema, table) => {
    table.isUnlogged = false;
  },
  AT_SetUnLogged: (_schema, table) => {
    table.isUnlogged = true;
  },
  AT_SetTableSpace: (_schema, table, { name = '' }) => {
    table.tablespace = name;
  },
  AT_AttachPartition: (schema, table, command) => changePartition(schema, table, command, true),
  AT_DetachPartition: (schema, table, command) => changePartition(schema, table, command, false),
  AT_DetachPartitionFinalize: (schema, table, command) => changePartition(schema, table, command, false),
  AT_AddInherit: (schema, table, { def }) => {
    table.parents.push(resolveRange(schema, nodeOf(def, 'RangeVar')));
    link(schema, table);
  },
  AT_DropInherit: (schema, table, { def }) => {
    const parent = keyOfName(resolveRange(schema, nodeOf(def, 'RangeVar')));
    table.parents = table.parents.filter((name) => keyOfName(name) !== parent);
  },
};

/** Commands that say of one table where it belongs. */
const ownCommands: ReadonlySet<AlterTableType> = new Set([
  'AT_AttachPartition',
  'AT_DetachPartition',
  'AT_DetachPartitionFinalize',
  'AT_AddInherit',
  'AT_DropInherit',
  'AT_SetLogged',
  'AT_SetUnLogged',
  'AT_SetTableSpace',
]);

/** Whether partitions, and tables that inherit, are changed along with their parent. */
export function isInherited({ subtype }: AlterTableCmd): boolean {
  return subtype !== undefined && !ownCommands.has(subtype);
}

/** Carries one command into the table. */
export function followCommand(schema: Schema, table: Relation, command: AlterTableCmd): void {
  const follower = command.subtype && followers[command.subtype];
  follower?.(schema, table, command);
}

function changeColumn({ columns }: Relation, name: string | undefined, change: Partial<Column>): void {
  const column = columns.get(name ?? '');
  if (column) Object.assign(column, change);
}

/** Its constraints and indexes go with a column. */
function dropColumn(schema: Schema, table: Relation, { name = '' }: AlterTableCmd): void {
  table.columns.delete(name);
  for (const constraint of [...table.constraints.values()]) {
    if (constraint.columns.includes(name)) table.constraints.delete(constraint.name);
  }
  for (const index of [...table.indexes.values()]) {
    if (index.needs.includes(name)) dropIndex(schema, table, index.name);
  }
}

function dropConstraint(schema: Schema, table: Relation, { name = '' }: AlterTableCmd): void {
  const constraint = table.constraints.get(name);
  table.constraints.delete(name);
  if (table.indexes.has(name)) dropIndex(schema, table, name);
  if (constraint?.kind !== 'not null') return;
  for (const column of constraint.columns) changeColumn(table, column, { isNotNull: false });
}

function validateConstraint(_schema: Schema, table: Relation, { name = '' }: AlterTableCmd): void {
  const constraint = table.constraints.get(name);
  if (!constraint) return;
  constraint.isValidated = true;
  if (constraint.kind !== 'not null') return;
  for (const column of constraint.columns) changeColumn(table, column, { isNotNull: true });
}

function changePartition(schema: Schema, table: Relation, { def }: AlterTableCmd, isAttached: boolean): void {
  const partition = nodeOf(def, 'PartitionCmd');
  const name = resolveRange(schema, partition?.name);
  const child = schema.relations.get(`${name.schema}.${name.name}`);
  if (!child) return;
  const { schema: parentSchema, name: parentName } = table;
  child.parents = isAttached ? [{ schema: parentSchema, name: parentName }] : [];
  link(schema, child);
  child.isDefaultPartition = isAttached && partition?.bound?.is_default === true;
}
