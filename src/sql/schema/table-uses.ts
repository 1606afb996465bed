/** Finds the tables that queries read and write; distinguishes WITH queries from tables of the same name. */

import type { LockingClause, RangeVar, SelectStmt, WithClause } from '@pgsql/types';
import { isCatalogSchema } from '../postgres/system-schemas.js';
import { nodesOf } from '../syntax/node-of.js';
import { nodesIn } from '../syntax/objects-in.js';
import type { RelationName } from '../syntax/relation-name.js';
import { runWalk, type TreeWalk, walkInto } from '../syntax/tree-walk.js';
import { findRelation, resolveRange, type Schema } from './schema.js';

/** One table in a query. */
export interface TableUse {
  table: RelationName;
  how: 'read' | 'lock rows' | 'write';
  /** With ONLY: without the tables that inherit from it. */
  isOnly: boolean;
}

/** @param tree a statement, an expression, or any part of one. @returns the tables in it, in the order of the text */
export function tableUses(schema: Schema, tree: unknown): TableUse[] {
  const uses: TableUse[] = [];
  runWalk(visit({ schema, uses, hidden: new Set() }, tree));
  return uses;
}

interface Walk {
  schema: Schema;
  uses: TableUse[];
  /** Names of WITH queries. */
  hidden: ReadonlySet<string>;
}

interface WithTables {
  withClause?: WithClause;
  relation?: RangeVar;
  fromClause?: SelectStmt['fromClause'];
  lockingClause?: SelectStmt['lockingClause'];
}

/** Read by themselves, or no tables to read. */
const unvisited = new Set(['withClause', 'intoClause', 'lockingClause']);

const writers = new Set(['InsertStmt', 'UpdateStmt', 'DeleteStmt', 'MergeStmt']);

function* visit(walk: Walk, tree: unknown): TreeWalk<void> {
  if (typeof tree !== 'object' || tree === null) return;
  const { withClause } = tree as WithTables;
  const inner = withClause ? yield* walkInto(visitWith(walk, withClause)) : walk;
  for (const [key, child] of Object.entries(tree) as [string, unknown][]) {
    if (key === 'RangeVar') addUse(inner, child as RangeVar, 'read');
    else if (writers.has(key)) yield* walkInto(visitWriter(inner, child as WithTables));
    else if (typeof child === 'object' && !unvisited.has(key)) yield* walkInto(visit(inner, child));
  }
  for (const locking of nodesOf((tree as WithTables).lockingClause, 'LockingClause')) {
    lockRows(inner, tree as WithTables, locking);
  }
}

/** Each query sees those before it; with RECURSIVE also itself. */
function* visitWith(walk: Walk, { ctes, recursive }: WithClause): TreeWalk<Walk> {
  const hidden = new Set(walk.hidden);
  const inner = { ...walk, hidden };
  for (const { ctename = '', ctequery } of nodesOf(ctes, 'CommonTableExpr')) {
    if (recursive) hidden.add(ctename);
    yield* walkInto(visit(inner, ctequery));
    hidden.add(ctename);
  }
  return inner;
}

function* visitWriter(walk: Walk, statement: WithTables): TreeWalk<void> {
  const { relation, withClause, ...rest } = statement;
  const inner = withClause ? yield* walkInto(visitWith(walk, withClause)) : walk;
  if (relation) addUse({ ...inner, hidden: new Set() }, relation, 'write');
  yield* walkInto(visit(inner, rest));
}

/** FOR UPDATE and its kin lock rows of all tables of FROM, or of those that OF names by their aliases. */
function lockRows(walk: Walk, { fromClause }: WithTables, { lockedRels }: LockingClause): void {
  const named = new Set(nodesOf(lockedRels, 'RangeVar').map(({ relname }) => relname));
  for (const range of nodesIn(fromClause, 'RangeVar')) {
    if (named.size === 0 || named.has(range.alias?.aliasname ?? range.relname))
      addUse(walk, range, 'lock rows');
  }
}

function addUse({ schema, uses, hidden }: Walk, range: RangeVar, how: TableUse['how']): void {
  const { schemaname, relname = '' } = range;
  if (schemaname === undefined && hidden.has(relname)) return;
  const table = resolveRange(schema, range);
  if (!isCatalog(table) || findRelation(schema, table)) uses.push({ table, how, isOnly: range.inh !== true });
}

function isCatalog({ schema, name }: RelationName): boolean {
  return isCatalogSchema(schema) || name.startsWith('pg_');
}
