/** Reads statements that neither define objects nor query them: COPY, LOCK, VACUUM, prepared statements and their like. */

import { type NodeOf, nodesOf } from '../../syntax/node-of.js';
import { namePartsOf, partOf } from '../../syntax/object-names.js';
import { textOfNode } from '../../syntax/text-of-node.js';
import type { Change } from '../change.js';
import { contextOfExecution, emit, emitOpaque, emitUse, type ReaderContext } from '../context.js';
import { readExpression } from '../expressions/expressions.js';
import { noScope, scopeOf } from '../expressions/scope.js';
import { usedRelation } from '../resolve-names.js';

/** COPY reads or writes a table, or reads a query. */
export function readCopy(context: ReaderContext, copy: NodeOf<'CopyStmt'>): void {
  const { relation, query, attlist, is_from, whereClause } = copy;
  readExpression(context, query, noScope);
  if (!relation) return;
  const table = usedRelation(context, relation);
  const columns = namePartsOf(attlist);
  emitUse(context, table, relation.location);
  for (const column of columns) emitUse(context, partOf(table, 'column', column));
  if (columns.length === 0) emitUse(context, table, relation.location, 'all columns');
  emit(contextOfExecution(context), {
    action: is_from ? 'insert' : 'read',
    object: table,
    at: relation.location,
  });
  readExpression(context, whereClause, scopeOf(table));
}

/** LOCK needs its tables. */
export function readLock(context: ReaderContext, { relations }: NodeOf<'LockStmt'>): void {
  for (const range of nodesOf(relations, 'RangeVar')) {
    emitUse(context, usedRelation(context, range), range.location);
  }
}

/** VACUUM and ANALYZE need their tables. */
export function readVacuum(context: ReaderContext, { rels }: NodeOf<'VacuumStmt'>): void {
  for (const { relation, va_cols } of nodesOf(rels, 'VacuumRelation')) {
    const table = usedRelation(context, relation);
    emitUse(context, table, relation?.location);
    for (const column of namePartsOf(va_cols)) emitUse(context, partOf(table, 'column', column));
  }
}

/** CLUSTER remembers its index. */
export function readCluster(context: ReaderContext, { relation, indexname }: NodeOf<'ClusterStmt'>): void {
  if (!relation) return;
  const table = usedRelation(context, relation);
  const sets = indexname === undefined ? {} : { cluster: indexname };
  const change: Change = { kind: 'cluster', isOn: true };
  emit(context, { action: 'alter', object: table, at: relation.location, change, sets });
  if (!indexname) return;
  emit(context, {
    action: 'alter',
    object: { ...table, kind: 'index', name: indexname },
    change,
    sets,
  });
}

/** REINDEX needs its relation or schema; of everything it concerns nothing that a migration changes. */
export function readReindex(context: ReaderContext, { relation, kind, name }: NodeOf<'ReindexStmt'>): void {
  if (relation) emitUse(context, usedRelation(context, relation), relation.location);
  else if (kind === 'REINDEX_OBJECT_SCHEMA' && name) emitUse(context, { kind: 'schema', name });
}

/** CALL runs a procedure. */
export function readCallStatement(context: ReaderContext, { funccall }: NodeOf<'CallStmt'>): void {
  readExpression(context, { FuncCall: funccall }, noScope);
}

/** EXPLAIN, PREPARE and DECLARE contain a statement; only ANALYZE would run it, which is no reason to look closer. */
export function readContained(context: ReaderContext, { query }: Pick<NodeOf<'ExplainStmt'>, 'query'>): void {
  readExpression(context, query, noScope);
}

/** Tablespaces and settings of the server lie outside of the schema. */
export function readTablespace(
  action: 'create' | 'alter' | 'drop',
): (context: ReaderContext, statement: { tablespacename?: string }) => void {
  return (context, { tablespacename = '' }) =>
    emit(context, { action, object: { kind: 'tablespace', name: tablespacename } });
}

/** ALTER SYSTEM may change how everything behind it is read. */
export function readAlterSystem(context: ReaderContext, { setstmt }: NodeOf<'AlterSystemStmt'>): void {
  emit(context, {
    action: 'alter',
    object: { kind: 'parameter', name: setstmt?.name ?? '*' },
    sets: { value: textOfNode(setstmt) },
  });
}

/** Moves whatever is in a tablespace. */
export function readMoveAll(context: ReaderContext): void {
  emitOpaque(context, 'everything in a tablespace');
}
