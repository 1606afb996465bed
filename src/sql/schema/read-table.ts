/** Reads what CREATE TABLE and ADD COLUMN say about columns, constraints and the indexes of keys. */

import type { ColumnDef, Constraint as ConstraintNode, CreateStmt, PartitionSpec } from '@pgsql/types';
import { elementColumns } from '../effects/expressions/index-elements.js';
import { checkedColumns } from '../syntax/checked-columns.js';
import { nodesOf } from '../syntax/node-of.js';
import { namePartsOf } from '../syntax/object-names.js';
import type { RelationName } from '../syntax/relation-name.js';
import { chooseName } from './constraint-names.js';
import { addIndex, dropIndex } from './indexes.js';
import { inheritParts } from './inherit-parts.js';
import { link } from './links.js';
import { isSerialType, readType } from './read-type.js';
import {
  type Column,
  type Constraint,
  type ConstraintKind,
  type PartitionKey,
  type Relation,
  type RelationKind,
  resolveParts,
  resolveRange,
  type Schema,
} from './schema.js';

const kinds: Readonly<Record<string, { kind: ConstraintKind; label: string }>> = {
  CONSTR_PRIMARY: { kind: 'primary key', label: 'pkey' },
  CONSTR_UNIQUE: { kind: 'unique', label: 'key' },
  CONSTR_EXCLUSION: { kind: 'exclude', label: 'excl' },
  CONSTR_FOREIGN: { kind: 'foreign key', label: 'fkey' },
  CONSTR_CHECK: { kind: 'check', label: 'check' },
  CONSTR_NOTNULL: { kind: 'not null', label: 'not_null' },
};

/** A relation about which nothing more is known yet. */
export function newRelation(name: RelationName, kind: RelationKind, creator: string): Relation {
  return {
    ...name,
    kind,
    creator,
    isUnlogged: false,
    tablespace: 'pg_default',
    columns: new Map(),
    constraints: new Map(),
    indexes: new Map(),
    parents: [],
    isWhole: true,
    reads: [],
    triggers: new Set(),
    policies: new Set(),
  };
}

/** The table that a CREATE TABLE makes. Its constraints are all valid: there are no rows, whatever NOT VALID says. */
export function readTable(schema: Schema, create: CreateStmt, creator: string): Relation {
  const { relation, tableElts = [], partspec, partbound, ofTypename } = create;
  const name = createdName(schema, relation);
  const table = newRelation(name, partspec ? 'partitioned table' : 'table', creator);
  table.isUnlogged = relation?.relpersistence === 'u';
  table.tablespace = create.tablespacename || table.tablespace;
  if (ofTypename) table.ofType = resolveParts(schema, namePartsOf(ofTypename.names), schema.types);
  if (partspec) table.partitionKey = readPartitionKey(partspec);
  table.isDefaultPartition = partbound?.is_default === true;
  table.isWhole = inheritParts(schema, table, create) && !ofTypename;
  for (const definition of nodesOf(tableElts, 'ColumnDef')) addColumn(schema, table, definition);
  for (const constraint of nodesOf(tableElts, 'Constraint')) addConstraint(schema, table, constraint);
  for (const constraint of table.constraints.values()) constraint.isValidated = constraint.isEnforced;
  return table;
}

const strategies: Readonly<Record<string, PartitionKey['strategy']>> = {
  PARTITION_STRATEGY_RANGE: 'range',
  PARTITION_STRATEGY_LIST: 'list',
  PARTITION_STRATEGY_HASH: 'hash',
};

function readPartitionKey({ strategy, partParams }: PartitionSpec): PartitionKey {
  return {
    strategy: strategies[strategy ?? ''] ?? 'range',
    columns: nodesOf(partParams, 'PartitionElem').map(({ name }) => name),
  };
}

/** Where something new goes: to the schema that is written, else to the path's first. */
export function createdName(schema: Schema, range: CreateStmt['relation']): RelationName {
  const { schemaname, relname = '', relpersistence } = range ?? {};
  if (relpersistence === 't') return { schema: 'pg_temp', name: relname };
  return { schema: schemaname ?? schema.path[0] ?? 'public', name: relname };
}

/** Adds a column, with the constraints that stand with it. */
export function addColumn(schema: Schema, table: Relation, definition: ColumnDef): void {
  const { colname = '', typeName, raw_default } = definition;
  const inherited = table.columns.get(colname);
  const constraints = columnConstraints(definition);
  const has = (...types: string[]) => constraints.some(({ contype = '' }) => types.includes(contype));
  const column: Column = {
    name: colname,
    type: typeName ? readType(typeName) : inherited?.type,
    isNotNull:
      inherited?.isNotNull === true ||
      isSerialType(typeName) ||
      has('CONSTR_NOTNULL', 'CONSTR_PRIMARY', 'CONSTR_IDENTITY'),
    hasDefault:
      inherited?.hasDefault === true ||
      isSerialType(typeName) ||
      raw_default !== undefined ||
      has('CONSTR_DEFAULT', 'CONSTR_IDENTITY'),
    isGenerated: inherited?.isGenerated === true || has('CONSTR_GENERATED'),
  };
  table.columns.set(colname, column);
  for (const constraint of constraints) addConstraint(schema, table, constraint, colname);
}

/** Adds a constraint of a table, or of its column `own`. */
export function addConstraint(
  schema: Schema,
  table: Relation,
  constraint: ConstraintNode,
  own?: string,
): void {
  const read = readConstraint(schema, table, constraint, own);
  if (!read) return;
  const taken = constraint.indexname === undefined ? undefined : table.indexes.get(constraint.indexname);
  const columns = taken ? taken.columns.filter((name) => name !== undefined) : read.columns;
  table.constraints.set(read.name, { ...read, columns });
  if (read.references) link(schema, table);
  if (read.kind === 'primary key') for (const column of columns) requireColumn(table, column);
  if (read.kind === 'not null' && read.isValidated)
    for (const column of columns) requireColumn(table, column);
  if (!['primary key', 'unique', 'exclude'].includes(read.kind)) return;
  if (constraint.indexname !== undefined) dropIndex(schema, table, constraint.indexname);
  addIndex(schema, table, {
    ...(taken ?? indexOfKey(constraint, columns)),
    name: read.name,
    isUnique: read.kind !== 'exclude',
  });
}

function indexOfKey({ contype, access_method, including }: ConstraintNode, columns: readonly string[]) {
  const method = contype === 'CONSTR_EXCLUSION' ? (access_method ?? 'gist') : 'btree';
  const needs = [...columns, ...namePartsOf(including)];
  return { columns, needs, method, isPlain: contype !== 'CONSTR_EXCLUSION' && !including };
}

/** The constraints of a column; NOT ENFORCED stands behind them as one of its own. */
export function columnConstraints({ constraints }: ColumnDef): ConstraintNode[] {
  const all = nodesOf(constraints, 'Constraint');
  return all.map((constraint, index) =>
    all[index + 1]?.contype === 'CONSTR_ATTR_NOT_ENFORCED'
      ? { ...constraint, is_enforced: false, skip_validation: true, initially_valid: false }
      : constraint,
  );
}

function requireColumn(table: Relation, name: string): void {
  const column = table.columns.get(name);
  if (column) column.isNotNull = true;
}

/** What a constraint says, with the name that it has or will get; undefined for defaults and their like. */
export function readConstraint(
  schema: Schema,
  table: RelationName & Pick<Relation, 'constraints'>,
  constraint: ConstraintNode,
  own?: string,
): Constraint | undefined {
  const known = kinds[constraint.contype ?? ''];
  if (!known) return undefined;
  const columns = columnsOf(constraint, own);
  const { raw_expr, pktable, pk_attrs, conname, indexname, skip_validation } = constraint;
  const isEnforced = !isNotEnforced(constraint);
  return {
    name: conname ?? indexname ?? chooseName(table, known.label, columns),
    kind: known.kind,
    columns,
    ...(known.kind === 'check' && raw_expr ? { expression: raw_expr } : {}),
    ...(pktable ? { references: resolveRange(schema, pktable) } : {}),
    ...(pk_attrs ? { referencedColumns: namePartsOf(pk_attrs) } : {}),
    isValidated: isEnforced && skip_validation !== true,
    isEnforced,
  };
}

/** The grammar says `is_enforced` and `initially_valid` of the kinds that can be NOT ENFORCED. */
function isNotEnforced({ contype, is_enforced, skip_validation, initially_valid }: ConstraintNode): boolean {
  const canBe = contype === 'CONSTR_CHECK' || contype === 'CONSTR_FOREIGN';
  return canBe && !is_enforced && skip_validation === true && !initially_valid;
}

function columnsOf(constraint: ConstraintNode, own: string | undefined): string[] {
  const { contype, keys, fk_attrs, raw_expr, exclusions } = constraint;
  if (contype === 'CONSTR_CHECK') return checkedColumns(raw_expr);
  if (contype === 'CONSTR_EXCLUSION')
    return elementColumns(nodesOf(exclusions, 'List').map(({ items }) => items?.[0]));
  const named = namePartsOf(contype === 'CONSTR_FOREIGN' ? fk_attrs : keys);
  return named.length === 0 && own !== undefined ? [own] : named;
}
