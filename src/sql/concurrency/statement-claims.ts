/** Reads which names a statement creates or locks, for the kinds of statements that show all of it themselves. */

import type { ColumnDef, Constraint, CreateStmt, Node, RangeVar, TypeName } from '@pgsql/types';
import type { LockMode } from '../impact/impact.js';
import {
  chooseName,
  constraintLabels,
  constraintNameParts,
  indexNameParts,
} from '../postgres/chosen-names.js';
import { isSerialType } from '../postgres/serial-types.js';
import { type NodeKind, type NodeOf, nodeOf, nodesOf } from '../syntax/node-of.js';
import { namePartsOf, partsOf } from '../syntax/object-names.js';
import type { StatementKind } from '../syntax/statement-kinds.js';

/** Receives what the statements of a migration create and lock. */
export interface Claims {
  /** Records a name that the migration creates. */
  create(name: string, schema?: string): void;
  /** Records a lock on a relation. @returns whether the migration has created it before. */
  lock(relation: RangeVar, mode: LockMode): boolean;
  /** Whether the migration has created something of that name. */
  isTaken(name: string): boolean;
  /** Records functions or types that may have the columns of any relation in them. */
  useRowTypes(): void;
  /** Records a change of the columns of a relation that others may have in a row type. */
  changeColumns(): void;
  mark(mark: 'isLong' | 'waitsForSnapshots'): void;
}

/** @returns false if the statement may do more than it shows. */
type ClaimReader = (claims: Claims, node: Node) => boolean;

/** Other kinds are not read here. */
export const claimReaders: Partial<Record<StatementKind, ClaimReader>> = {
  CreateStmt: readerOf('CreateStmt', claimTable),
  CreateFunctionStmt: readerOf('CreateFunctionStmt', claimFunction),
  IndexStmt: readerOf('IndexStmt', claimIndex),
  AlterTableStmt: readerOf('AlterTableStmt', claimNewColumns),
  ViewStmt: readerOf('ViewStmt', claimView),
  CreateEnumStmt: readerOf('CreateEnumStmt', claimEnum),
  CreateSchemaStmt: readerOf('CreateSchemaStmt', claimSchema),
  CommentStmt: readerOf('CommentStmt', claimComment),
};

function readerOf<Kind extends NodeKind>(
  kind: Kind,
  read: (claims: Claims, node: NodeOf<Kind>) => boolean,
): ClaimReader {
  return (claims, node) => {
    const found = nodeOf(node, kind);
    return found !== undefined && read(claims, found);
  };
}

/** A relation has a type of its name, and an array of these (commands/typecmds.c, makeArrayTypeName). */
function createWithType({ create }: Claims, name: string, schema: string | undefined): void {
  create(name, schema);
  create(`_${name}`, schema);
}

/** Partitions, heirs and copies depend on what their parents are. */
function claimTable(claims: Claims, table: CreateStmt): boolean {
  const { relation, tableElts = [], inhRelations, partbound, partspec, ofTypename } = table;
  if (!relation?.relname || inhRelations || partbound || partspec || ofTypename) return false;
  if (relation.relpersistence === 't') return false;
  createWithType(claims, relation.relname, relation.schemaname);
  return tableElts.every((element) => claimElement(claims, relation, element));
}

function claimElement(claims: Claims, table: RangeVar, element: Node): boolean {
  const column = nodeOf(element, 'ColumnDef');
  if (column) return claimColumn(claims, table, column);
  const constraint = nodeOf(element, 'Constraint');
  return constraint !== undefined && claimConstraint(claims, table, constraint);
}

function claimColumn(
  claims: Claims,
  table: RangeVar,
  { colname = '', typeName, constraints }: ColumnDef,
): boolean {
  const found = nodesOf(constraints, 'Constraint');
  if (!isSerialType(typeName) && !isBuiltinType(typeName)) claims.useRowTypes();
  if (isSerialType(typeName) || found.some(({ contype }) => contype === 'CONSTR_IDENTITY'))
    createChosen(claims, table, { columns: [colname], label: 'seq' });
  return found.every((constraint) => claimConstraint(claims, table, constraint, colname));
}

function createChosen(
  { create, isTaken }: Claims,
  { relname = '', schemaname }: RangeVar,
  { columns, label }: { columns: readonly string[]; label: string },
): void {
  create(chooseName({ table: relname, columns, label }, isTaken), schemaname);
}

/** A constraint is called as its index is; others get a name of their own. What excludes rows may call any operator. */
function claimConstraint(claims: Claims, table: RangeVar, constraint: Constraint, column?: string): boolean {
  const { contype = '', conname, indexname, pktable, raw_expr } = constraint;
  const isNamedByColumn = column !== undefined && contype !== 'CONSTR_CHECK';
  const columns = () => (isNamedByColumn ? [column] : constraintNameParts(constraint));
  if (contype === 'CONSTR_EXCLUSION' || indexname) return false;
  if (raw_expr && !('A_Const' in raw_expr)) claims.useRowTypes();
  if (contype === 'CONSTR_FOREIGN' && pktable) claims.lock(pktable, 'SHARE ROW EXCLUSIVE');
  const label = constraintLabels[contype];
  if (conname) claims.create(conname, table.schemaname);
  else if (label) createChosen(claims, table, { columns: columns(), label });
  return true;
}

/** What the body says counts when somebody calls it; its words are names as all others. */
function claimFunction({ create, useRowTypes }: Claims, { funcname }: NodeOf<'CreateFunctionStmt'>): boolean {
  const [name, schema] = namePartsOf(funcname).toReversed();
  useRowTypes();
  if (name !== undefined) create(name, schema);
  return name !== undefined;
}

/** Functions in an index run while it is built. */
function claimIndex(claims: Claims, index: NodeOf<'IndexStmt'>): boolean {
  const { relation, idxname, indexParams, whereClause, concurrent } = index;
  const hasExpressions = nodesOf(indexParams, 'IndexElem').some(({ expr }) => expr !== undefined);
  if (!relation || hasExpressions || whereClause) return false;
  if (idxname) claims.create(idxname, relation.schemaname);
  else createChosen(claims, relation, { columns: indexNameParts(index), label: 'idx' });
  const isOwn = claims.lock(relation, concurrent ? 'SHARE UPDATE EXCLUSIVE' : 'SHARE');
  if (concurrent) claims.mark('waitsForSnapshots');
  else if (!isOwn) claims.mark('isLong');
  return true;
}

/** Columns that PostgreSQL adds without a look at the rows, whatever the database has. */
function claimNewColumns(claims: Claims, { relation, cmds, objtype }: NodeOf<'AlterTableStmt'>): boolean {
  const commands = nodesOf(cmds, 'AlterTableCmd');
  const isInstant = commands.every(({ subtype, def }) => {
    const column = nodeOf(def, 'ColumnDef');
    return subtype === 'AT_AddColumn' && column !== undefined && isInstantColumn(column);
  });
  if (!relation || objtype !== 'OBJECT_TABLE' || !isInstant) return false;
  claims.lock(relation, 'ACCESS EXCLUSIVE');
  claims.changeColumns();
  return true;
}

function isInstantColumn({ typeName, constraints }: ColumnDef): boolean {
  return (
    isBuiltinType(typeName) &&
    nodesOf(constraints, 'Constraint').every(
      ({ contype, raw_expr }) =>
        contype === 'CONSTR_NULL' ||
        (contype === 'CONSTR_DEFAULT' && nodeOf(raw_expr, 'A_Const') !== undefined),
    )
  );
}

/** Those that the grammar does not spell with their schema itself; another type of such a name comes later in every search path. */
const builtinTypes: ReadonlySet<string> = new Set([
  ...['bytea', 'date', 'inet', 'int4', 'int8', 'json', 'jsonb', 'text', 'timestamptz', 'uuid'],
]);

function isBuiltinType(type: TypeName | undefined): boolean {
  const [first, second] = namePartsOf(type?.names);
  if (first === undefined || type?.pct_type) return false;
  return second === undefined ? builtinTypes.has(first) : first === 'pg_catalog';
}

/** A view that is replaced may get more columns. */
function claimView(claims: Claims, { view, replace }: NodeOf<'ViewStmt'>): boolean {
  if (!view?.relname || view.relpersistence === 't' || replace) return false;
  claims.useRowTypes();
  createWithType(claims, view.relname, view.schemaname);
  return true;
}

function claimEnum(claims: Claims, { typeName }: NodeOf<'CreateEnumStmt'>): boolean {
  const [name, schema] = namePartsOf(typeName).toReversed();
  if (name !== undefined) createWithType(claims, name, schema);
  return name !== undefined;
}

function claimSchema({ create }: Claims, { schemaname, schemaElts }: NodeOf<'CreateSchemaStmt'>): boolean {
  if (!schemaname || schemaElts) return false;
  create(schemaname);
  return true;
}

/** COMMENT ON TABLE and COLUMN. */
function claimComment(claims: Claims, { objtype, object }: NodeOf<'CommentStmt'>): boolean {
  if (objtype !== 'OBJECT_TABLE' && objtype !== 'OBJECT_COLUMN') return false;
  const parts = partsOf(object);
  const [relname, schemaname] = parts.slice(0, objtype === 'OBJECT_COLUMN' ? -1 : undefined).toReversed();
  if (relname === undefined) return false;
  claims.lock({ relname, ...(schemaname === undefined ? {} : { schemaname }) }, 'SHARE UPDATE EXCLUSIVE');
  return true;
}
