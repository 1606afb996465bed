/** Follows ALTER TABLE: what its commands make of a table that is known. */

import type { AlterTableCmd, AlterTableType, ColumnDef, Constraint as ConstraintNode } from '@pgsql/types';
import { descentOf } from '../postgres/alter-table-descent.js';
import { inOrderOfPasses } from '../postgres/alter-table-order.js';
import { type NodeOf, nodeOf, nodesOf } from '../syntax/node-of.js';
import { isNull } from '../syntax/null-values.js';
import { dropIndex } from './indexes.js';
import { childrenLosing, keepAsOwn, ownParts, partKinds, type TablePart } from './inherited-parts.js';
import { link } from './links.js';
import { addColumn, addConstraint } from './read-table.js';
import { readType } from './read-type.js';
import { descendantsOf, directChildrenOf, referencesTo } from './relatives.js';
import {
  type Column,
  type Constraint,
  findRelation,
  keyOfName,
  type Relation,
  resolveRange,
  type Schema,
} from './schema.js';
import { dropSequencesOf } from './serial-sequences.js';
import { followUnseen } from './unseen-tables.js';

type Follower = (schema: Schema, table: Relation, command: AlterTableCmd) => void;

const followers: Partial<Record<AlterTableType, Follower>> = {
  AT_AddColumn: (schema, table, { def, missing_ok }) => {
    const definition = nodeOf(def, 'ColumnDef');
    if (!definition || (missing_ok && table.columns.has(definition.colname ?? ''))) return;
    addColumn(schema, table, definition);
  },
  AT_DropColumn: dropColumnOf,
  AT_AlterColumnType: (_schema, table, { name, def }) => {
    changeColumn(table, name, { type: readType(nodeOf(def, 'ColumnDef')?.typeName) });
  },
  AT_ColumnDefault: (_schema, table, { name, def }) => {
    const keeps = table.columns.get(name ?? '')?.ownsSequence === true;
    const hasDefault = def !== undefined && !isNull(def);
    changeColumn(table, name, { hasDefault, ...(keeps ? {} : { sequence: undefined }) });
  },
  AT_SetNotNull: (_schema, table, { name }) => changeColumn(table, name, { isNotNull: true }),
  AT_DropNotNull: (_schema, table, { name }) => changeColumn(table, name, { isNotNull: false }),
  AT_AddIdentity: (_schema, table, { name }) =>
    changeColumn(table, name, { hasDefault: true, isIdentity: true }),
  AT_DropIdentity: (_schema, table, { name }) =>
    changeColumn(table, name, { hasDefault: false, isIdentity: false }),
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
  AT_SetAccessMethod: (_schema, table, { name = 'heap' }) => {
    table.accessMethod = name;
  },
  AT_AlterConstraint: alterConstraint,
  AT_EnableRowSecurity: (_schema, table) => {
    table.hasRowSecurity = true;
  },
  AT_DisableRowSecurity: (_schema, table) => {
    table.hasRowSecurity = false;
  },
  AT_ReplicaIdentity: (_schema, table, { def }) => {
    const type = nodeOf(def, 'ReplicaIdentityStmt')?.identity_type;
    table.replicaIdentity = type === 'd' ? 'default' : type === 'n' ? 'nothing' : 'other';
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
    keepAsOwn(schema, table);
  },
};

/** Carries an ALTER TABLE into what is known, in the order in which its commands run. */
export function followAlterTable(schema: Schema, { relation, cmds }: NodeOf<'AlterTableStmt'>): void {
  const name = resolveRange(schema, relation);
  const table = findRelation(schema, name);
  const commands = inOrderOfPasses(nodesOf(cmds, 'AlterTableCmd'), (command) => command);
  if (!table) {
    for (const command of commands) followUnseen(schema, name, command);
    return;
  }
  for (const command of commands) followInFamily(schema, table, { command, isOnly: relation?.inh !== true });
}

/** Carries one command into a table and, unless it is about that ONLY, into those that inherit. */
export function followInFamily(
  schema: Schema,
  table: Relation,
  { command, isOnly }: { command: AlterTableCmd; isOnly: boolean },
): void {
  if (isIdle(table, command)) return;
  const before = new Set(table.constraints.keys());
  followCommand(schema, table, command);
  const kind = droppedParts[command.subtype ?? ''];
  if (kind) dropInherited(schema, table, { command, kind, isOnly });
  if (kind || isOnly) return;
  const made = [...table.constraints.values()].filter(({ name }) => !before.has(name));
  const inner = commandOfChildren(command, { made, isPartitioned: table.kind === 'partitioned table' });
  const follow = table.kind === 'partitioned table' ? followCommand : followInherited;
  for (const child of childrenReached(schema, table, command)) follow(schema, child, inner);
}

const droppedParts: Readonly<Record<string, TablePart['kind']>> = {
  AT_DropColumn: 'columns',
  AT_DropConstraint: 'constraints',
};

/** IF EXISTS of a part that the table does not have: its children keep theirs of that name. */
function isIdle(table: Relation, { subtype, name = '', missing_ok }: AlterTableCmd): boolean {
  const kind = droppedParts[subtype ?? ''];
  return missing_ok === true && table.isWhole && kind !== undefined && !table[kind].has(name);
}

interface Drop {
  command: AlterTableCmd;
  kind: TablePart['kind'];
  isOnly: boolean;
}

/** Takes a dropped part from those that only inherit it; with ONLY, these keep it as their own. */
function dropInherited(schema: Schema, table: Relation, { command, kind, isOnly }: Drop): void {
  const { name = '' } = command;
  if (isOnly) {
    for (const child of directChildrenOf(schema, keyOfName(table))) keepAsOwn(schema, child);
    return;
  }
  const losing = [table];
  for (const one of losing) {
    for (const child of childrenLosing(schema, one, { kind, name })) {
      followCommand(schema, child, command);
      losing.push(child);
    }
  }
}

/** What a child gets from a command is inherited, unless it had that before. */
function followInherited(schema: Schema, table: Relation, command: AlterTableCmd): void {
  const own = partKinds.map((kind) => ({ kind, names: ownParts(table, kind) }));
  followCommand(schema, table, command);
  for (const { kind, names } of own)
    for (const part of table[kind].values()) part.isInherited = !names.has(part.name);
}

function followCommand(schema: Schema, table: Relation, command: AlterTableCmd): void {
  const follower = command.subtype && followers[command.subtype];
  follower?.(schema, table, command);
}

/** The partitions, and tables that inherit, that a command changes along with their parent. */
function childrenReached(schema: Schema, table: Relation, command: AlterTableCmd): Relation[] {
  const descent = descentOf(command);
  const isReached = descent === 'all' || (descent === 'partitions' && table.kind === 'partitioned table');
  return isReached ? descendantsOf(schema, table) : [];
}

interface Parent {
  /** The constraints that the command has made there, in its order. */
  made: readonly Constraint[];
  isPartitioned: boolean;
}

/** Keys of partitions have names of their own; other constraints have that of their parent's (DefineIndex, tablecmds.c). */
function commandOfChildren(command: AlterTableCmd, parent: Parent): AlterTableCmd {
  const { subtype, def } = command;
  const constraint = subtype === 'AT_AddConstraint' ? nodeOf(def, 'Constraint') : undefined;
  if (constraint) return { ...command, def: { Constraint: named(constraint, parent.made) } };
  const column = subtype === 'AT_AddColumn' ? nodeOf(def, 'ColumnDef') : undefined;
  return column ? { ...command, def: { ColumnDef: columnOfChildren(column, parent) } } : command;
}

function named(constraint: ConstraintNode, [made]: readonly Constraint[]): ConstraintNode {
  const { conname: _, ...unnamed } = constraint;
  const isKey = ['CONSTR_PRIMARY', 'CONSTR_UNIQUE', 'CONSTR_EXCLUSION'].includes(constraint.contype ?? '');
  return isKey || !made ? unnamed : { ...unnamed, conname: made.name };
}

/** Keys reach partitions alone; for a table that inherits, a primary key is NOT NULL. */
function columnOfChildren(column: ColumnDef, { made, isPartitioned }: Parent): ColumnDef {
  const checks = made.filter(({ kind }) => kind === 'check');
  const inherited = (constraint: ConstraintNode): ConstraintNode[] => {
    const { contype } = constraint;
    if (contype === 'CONSTR_CHECK') return [named(constraint, checks.splice(0, 1))];
    if (isPartitioned) return [constraint];
    if (contype === 'CONSTR_PRIMARY') return [{ contype: 'CONSTR_NOTNULL' }];
    return contype === 'CONSTR_UNIQUE' || contype === 'CONSTR_FOREIGN' ? [] : [constraint];
  };
  const constraints = nodesOf(column.constraints, 'Constraint').flatMap(inherited);
  return { ...column, constraints: constraints.map((Constraint) => ({ Constraint })) };
}

function changeColumn({ columns }: Relation, name: string | undefined, change: Partial<Column>): void {
  const column = columns.get(name ?? '');
  if (column) Object.assign(column, change);
}

/** Its constraints and indexes go with a column. */
export function dropColumnOf(schema: Schema, table: Relation, { name = '' }: { name?: string }): void {
  dropReferences(schema, table, (columns) => columns.includes(name));
  const column = table.columns.get(name);
  if (column) dropSequencesOf(schema, [column]);
  table.columns.delete(name);
  for (const constraint of [...table.constraints.values()]) {
    if (constraint.columns.includes(name)) table.constraints.delete(constraint.name);
  }
  for (const index of [...table.indexes.values()]) {
    if (index.needs.includes(name)) dropIndex(schema, table, index.name);
  }
}

/** Foreign keys that rest on what is dropped go with it: without CASCADE, PostgreSQL refuses to drop what they need. */
function dropReferences(
  schema: Schema,
  table: Relation,
  rests: (columns: readonly string[]) => boolean,
): void {
  const primary = [...table.constraints.values()].find(({ kind }) => kind === 'primary key');
  for (const { table: other, constraint } of referencesTo(schema, table))
    if (rests(constraint.referencedColumns ?? primary?.columns ?? []))
      other.constraints.delete(constraint.name);
}

function dropConstraint(schema: Schema, table: Relation, { name = '' }: AlterTableCmd): void {
  const constraint = table.constraints.get(name);
  if (constraint?.kind === 'primary key' || constraint?.kind === 'unique')
    dropReferences(
      schema,
      table,
      (columns) => [...columns].sort().join() === [...constraint.columns].sort().join(),
    );
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

/** What is not enforced may be violated; what is enforced again was checked (18). */
function alterConstraint(_schema: Schema, table: Relation, { def }: AlterTableCmd): void {
  const change = nodeOf(def, 'ATAlterConstraint');
  const constraint = table.constraints.get(change?.conname ?? '');
  if (!constraint || !change?.alterEnforceability) return;
  constraint.isEnforced = change.is_enforced === true;
  constraint.isValidated = constraint.isEnforced;
}

function changePartition(schema: Schema, table: Relation, { def }: AlterTableCmd, isAttached: boolean): void {
  const partition = nodeOf(def, 'PartitionCmd');
  const name = resolveRange(schema, partition?.name);
  const child = schema.relations.get(keyOfName(name));
  if (!child) return;
  const { schema: parentSchema, name: parentName } = table;
  child.parents = isAttached ? [{ schema: parentSchema, name: parentName }] : [];
  child.isDefaultPartition = isAttached && partition?.bound?.is_default === true;
  link(schema, child);
  if (!isAttached) keepAsOwn(schema, child);
}
