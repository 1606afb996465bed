/** Reads CREATE TABLE and CREATE FOREIGN TABLE. */

import type { Constraint, CreateStmt, Node, PartitionSpec } from '@pgsql/types';
import { isBuiltinCollation, isBuiltinOperatorClass } from '../../postgres/builtin-names.js';
import { type NodeOf, nodesOf } from '../../syntax/node-of.js';
import type { ObjectId } from '../../syntax/object-id.js';
import { partOf } from '../../syntax/object-names.js';
import { findKeys, findNotNullNames } from '../../syntax/repeated-keys.js';
import { contextOfDefinition, emit, emitCreate, emitUse, type ReaderContext } from '../context.js';
import type { Effect } from '../effect.js';
import { readExpression } from '../expressions/expressions.js';
import { useAccessMethod, useNamed } from '../expressions/index-elements.js';
import { noScope, scopeOf } from '../expressions/scope.js';
import { useType } from '../expressions/type-names.js';
import { createdRelation, usedRelation } from '../resolve-names.js';
import { linkToType } from './alter-families.js';
import type { ColumnOwner } from './column-owner.js';
import { readColumnDef } from './columns.js';
import { readConstraintEffects } from './constraints.js';
import { emitRowType } from './into.js';
import { partitionBounds } from './partition-bounds.js';

/** A table with its columns, constraints, parents and partitions. */
export function readCreateTable(context: ReaderContext, table: CreateStmt): void {
  readTable(context, table, 'table');
}

/** A foreign table, and the server that it is on. */
export function readCreateForeignTable(
  context: ReaderContext,
  { base, servername }: NodeOf<'CreateForeignTableStmt'>,
): void {
  if (!base) return;
  const table = readTable(context, base, 'foreign table');
  emitUse(contextOfDefinition(context, table), { kind: 'server', name: servername ?? '' });
}

function readTable(context: ReaderContext, create: CreateStmt, kind: 'table' | 'foreign table'): ObjectId {
  const { relation, if_not_exists, tableElts = [], partbound, partspec, ofTypename } = create;
  const table = createdRelation(context, kind, relation ?? {});
  const isConditional = if_not_exists === true;
  const inner = isConditional ? { ...context, isConditional } : context;
  const sets = { persistence: relation?.relpersistence === 'u' ? 'unlogged' : 'permanent' };
  emitCreate(inner, table, { at: relation?.location, sets, ...partitionKey(partspec) });
  emitRowType(inner, table);
  useAccessMethod(inner, create.accessMethod);
  readParents(inner, table, create);
  const owner = {
    table,
    hasRows: false,
    keys: findKeys(tableElts),
    notNullNames: findNotNullNames(tableElts),
  };
  for (const element of tableElts) readElement(inner, owner, element);
  useType(contextOfDefinition(inner, table), ofTypename);
  if (ofTypename) {
    emitUse(contextOfDefinition(inner, table), table, undefined, 'all columns');
    linkToType(inner, table, ofTypename);
  }
  if (partbound) readExpression(inner, partbound, noScope);
  if (partspec) readPartitionSpec(contextOfDefinition(inner, table), table, partspec);
  return table;
}

function readElement(context: ReaderContext, owner: ColumnOwner, element: Node): void {
  if ('ColumnDef' in element) readColumnDef(context, owner, element.ColumnDef);
  else if ('Constraint' in element) readConstraintEffects(context, owner, element.Constraint);
  else if ('TableLikeClause' in element) {
    // LIKE copies at once; afterwards the two have nothing to do with each other.
    const source = usedRelation(context, element.TableLikeClause.relation);
    const inner = { ...context, by: owner.table };
    const { options = 0, relation } = element.TableLikeClause;
    const sets = { like: String(options) };
    emit(inner, { action: 'use', object: source, at: relation?.location, usage: 'definition', sets });
  }
}

function readParents(
  context: ReaderContext,
  table: ObjectId,
  { inhRelations, partbound, partspec, tableElts = [] }: CreateStmt,
): void {
  const key = partitionKey(partspec).parts?.partitionKey;
  for (const range of nodesOf(inhRelations, 'RangeVar')) {
    const parent = usedRelation(context, range, 'table');
    const inner = contextOfDefinition(context, table);
    const link = partbound ? 'partition' : 'inheritance';
    const joined = {
      object: parent,
      at: range.location,
      change: { kind: 'family', link, isAdded: true, end: 'parent' } as const,
      to: table,
    };
    emit(inner, {
      ...joined,
      action: 'use',
      usage: 'inheritance',
      valued: columnsWithDefault(tableElts),
      ...(key ? { columns: key } : {}),
    });
    emit(context, { ...joined, action: 'alter', ...partitionBounds(partbound) });
  }
}

/** A child keeps a default of its own whatever its parent has. */
function columnsWithDefault(elements: readonly Node[]): string[] {
  const isDefault = ({ contype }: Constraint) => contype === 'CONSTR_DEFAULT';
  return nodesOf(elements, 'ColumnDef')
    .filter(({ constraints }) => nodesOf(constraints, 'Constraint').some(isDefault))
    .map(({ colname = '' }) => colname);
}

/** The columns that decide which partition a row is for, unless it is an expression. */
function partitionKey(spec: PartitionSpec | undefined): Pick<Effect, 'parts'> {
  const names = nodesOf(spec?.partParams, 'PartitionElem').flatMap(({ name }) => name ?? []);
  const isPlain = names.length > 0 && names.length === spec?.partParams?.length;
  return isPlain ? { parts: { partitionKey: names } } : {};
}

function readPartitionSpec(context: ReaderContext, table: ObjectId, { partParams }: PartitionSpec): void {
  for (const element of nodesOf(partParams, 'PartitionElem')) {
    if (element.name) emitUse(context, partOf(table, 'column', element.name));
    readExpression(context, element.expr, scopeOf(table));
    useNamed(context, 'operator class', element.opclass, isBuiltinOperatorClass);
    useNamed(context, 'collation', element.collation, isBuiltinCollation);
  }
}
