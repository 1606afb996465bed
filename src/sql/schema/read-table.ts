/** Reads what CREATE TABLE and ADD COLUMN say about columns, constraints and the indexes of keys. */

import type { ColumnDef, Constraint as ConstraintNode, CreateStmt, PartitionSpec } from '@pgsql/types';
import { present } from '../../present.js';
import {
  chooseName,
  constraintColumns,
  constraintLabels,
  constraintNameParts,
} from '../postgres/chosen-names.js';
import { isSerialType } from '../postgres/serial-types.js';
import { nodesOf } from '../syntax/node-of.js';
import { hasDefaultValue } from '../syntax/null-values.js';
import { namePartsOf, partsOfRange } from '../syntax/object-names.js';
import type { RelationName } from '../syntax/relation-name.js';
import { findKeys, findMadeKey, type KeysOfStatement } from '../syntax/repeated-keys.js';
import { addIndex, dropIndex } from './indexes.js';
import { inheritParts } from './inherit-parts.js';
import { link } from './links.js';
import { readType } from './read-type.js';
import { descendantsOf } from './relatives.js';
import {
  type Column,
  type Constraint,
  type ConstraintKind,
  newName,
  type PartitionKey,
  type Relation,
  type RelationKind,
  resolveParts,
  resolveRange,
  type Schema,
} from './schema.js';
import { isTakenBeside } from './taken-names.js';

const kinds: Readonly<Record<string, ConstraintKind>> = {
  CONSTR_PRIMARY: 'primary key',
  CONSTR_UNIQUE: 'unique',
  CONSTR_EXCLUSION: 'exclude',
  CONSTR_FOREIGN: 'foreign key',
  CONSTR_CHECK: 'check',
  CONSTR_NOTNULL: 'not null',
};

/** A relation about which nothing more is known yet. */
export function newRelation(name: RelationName, kind: RelationKind, creator: string): Relation {
  return {
    ...name,
    kind,
    creator,
    namedBy: creator,
    isUnlogged: false,
    tablespace: 'pg_default',
    accessMethod: 'heap',
    columns: new Map(),
    constraints: new Map(),
    indexes: new Map(),
    parents: [],
    isWhole: true,
    reads: [],
    triggers: new Set(),
    rules: new Set(),
    policies: new Set(),
    hasRowSecurity: false,
    replicaIdentity: 'default',
  };
}

/** The table that a CREATE TABLE makes. Its constraints are all valid: there are no rows, whatever NOT VALID says. */
export function readTable(schema: Schema, create: CreateStmt, creator: string): Relation {
  const { relation, tableElts = [], partspec, partbound, ofTypename } = create;
  const name = createdName(schema, relation);
  const table = newRelation(name, partspec ? 'partitioned table' : 'table', creator);
  table.isUnlogged = relation?.relpersistence === 'u';
  table.tablespace = create.tablespacename || table.tablespace;
  table.accessMethod = create.accessMethod ?? table.accessMethod;
  if (ofTypename) table.ofType = resolveParts(schema, namePartsOf(ofTypename.names), schema.types);
  if (partspec) table.partitionKey = readPartitionKey(partspec);
  table.isDefaultPartition = partbound?.is_default === true;
  table.isWhole = inheritParts(schema, table, create) && !ofTypename;
  const keys = findKeys(tableElts);
  for (const definition of nodesOf(tableElts, 'ColumnDef')) addColumn(schema, table, definition, keys);
  for (const constraint of nodesOf(tableElts, 'Constraint'))
    addConstraint(schema, table, constraint, { keys });
  for (const constraint of table.constraints.values()) {
    constraint.isValidated = constraint.isEnforced;
    requireColumns(schema, table, constraint);
  }
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

/** The schema of a new object: the written one, or the first of the path. */
export function createdName(schema: Schema, range: CreateStmt['relation']): RelationName {
  if (range?.relpersistence === 't') return { schema: 'pg_temp', name: range.relname ?? '' };
  return newName(schema, partsOfRange(range ?? {}));
}

/** Adds a column, with the constraints that stand with it. @param keys those of the statement, where it has others. */
export function addColumn(
  schema: Schema,
  table: Relation,
  definition: ColumnDef,
  keys = findKeys([{ ColumnDef: definition }]),
): void {
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
      hasDefaultValue(constraints) ||
      has('CONSTR_IDENTITY'),
    isIdentity: has('CONSTR_IDENTITY'),
    isGenerated: inherited?.isGenerated === true || has('CONSTR_GENERATED'),
    isVirtual: constraints.some(({ generated_kind }) => generated_kind === 'v'),
    isInherited: false,
    ...sequenceOf(definition, inherited),
    creator: schema.migration,
    namedBy: schema.migration,
  };
  table.columns.set(colname, column);
  for (const constraint of constraints) addConstraint(schema, table, constraint, { own: colname, keys });
}

/** A serial column has a sequence of its own; another default takes the place of an inherited one. */
function sequenceOf(
  { typeName, raw_default, constraints }: ColumnDef,
  inherited: Column | undefined,
): Pick<Column, 'sequence' | 'ownsSequence'> {
  if (isSerialType(typeName)) return { sequence: { isShared: false }, ownsSequence: true };
  const isReplaced = raw_default !== undefined || hasDefaultValue(nodesOf(constraints, 'Constraint'));
  return isReplaced ? {} : { sequence: inherited?.sequence };
}

/** Adds a constraint of a table, or of its column `own`, unless another of the statement's keys is made instead. */
export function addConstraint(
  schema: Schema,
  table: Relation,
  written: ConstraintNode,
  { own, keys = new Map() }: { own?: string; keys?: KeysOfStatement } = {},
): void {
  const constraint = own === undefined ? written : withColumn(written, own);
  const { isMade, name } = findMadeKey(keys, constraint, namePartsOf(constraint.keys));
  if (!isMade) return;
  const { indexname, conname = name } = constraint;
  const read = readConstraint(schema, table, { ...constraint, ...present({ conname }) });
  if (!read) return;
  const taken = table.indexes.get(indexname ?? '');
  const columns = taken ? taken.columns.filter((name) => name !== undefined) : read.columns;
  table.constraints.set(read.name, { ...read, columns });
  link(schema, table);
  requireColumns(schema, table, { ...read, columns });
  if (!['primary key', 'unique', 'exclude'].includes(read.kind)) return;
  if (taken) dropIndex(schema, table, taken.name);
  addIndex(schema, table, {
    ...(taken ?? indexOfKey(constraint, columns)),
    name: read.name,
    isUnique: read.kind !== 'exclude',
  });
}

/** A primary key makes its columns NOT NULL in the tables that inherit, too. */
function requireColumns(schema: Schema, table: Relation, { kind, columns, isValidated }: Constraint): void {
  const isNotNull = kind === 'not null' && isValidated;
  if (kind !== 'primary key' && !isNotNull) return;
  for (const one of [table, ...(isNotNull ? [] : descendantsOf(schema, table))])
    for (const column of columns) requireColumn(one, column);
}

function indexOfKey(constraint: ConstraintNode, columns: readonly string[]) {
  const { contype, access_method, including } = constraint;
  const method = contype === 'CONSTR_EXCLUSION' ? (access_method ?? 'gist') : 'btree';
  const needs = [...columns, ...namePartsOf(including)];
  const nameParts =
    contype === 'CONSTR_EXCLUSION'
      ? constraintNameParts(constraint)
      : [...columns, ...namePartsOf(including)];
  return { columns, nameParts, needs, method, isPlain: contype !== 'CONSTR_EXCLUSION' && !including };
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

/** A constraint's properties, with its present or future name; undefined for defaults and similar. */
export function readConstraint(
  schema: Schema,
  table: Relation,
  constraint: ConstraintNode,
): Constraint | undefined {
  const facts = readFacts(schema, constraint);
  const { conname, indexname } = constraint;
  return facts && { name: conname ?? indexname ?? generatedName(schema, table, constraint), ...facts };
}

/** Everything about a constraint but its name. */
export function readFacts(schema: Schema, constraint: ConstraintNode): Omit<Constraint, 'name'> | undefined {
  const kind = kinds[constraint.contype ?? ''];
  if (!kind) return undefined;
  const { raw_expr, pktable, pk_attrs, skip_validation } = constraint;
  const isEnforced = !isNotEnforced(constraint);
  return {
    kind,
    columns: constraintColumns(constraint),
    ...(kind === 'check' && raw_expr ? { expression: raw_expr } : {}),
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

/** A constraint that stands with its column, as if it stood apart. */
function withColumn(constraint: ConstraintNode, own: string): ConstraintNode {
  const keys = [{ String: { sval: own } }];
  return constraint.contype === 'CONSTR_FOREIGN'
    ? { ...constraint, fk_attrs: keys }
    : { ...constraint, keys };
}

function generatedName(schema: Schema, table: Relation, constraint: ConstraintNode): string {
  const label = constraintLabels[constraint.contype ?? ''] ?? '';
  return chooseName(
    { table: table.name, columns: constraintNameParts(constraint), label },
    isTakenBeside(schema, table, label),
  );
}
