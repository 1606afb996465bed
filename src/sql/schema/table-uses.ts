/** Finds the tables that queries read and write, with WITH queries told apart from tables of the same name. */

import type { LockingClause, RangeVar, SelectStmt, WithClause } from '@pgsql/types';
import { nodesOf } from '../syntax/node-of.js';
import type { RelationName } from '../syntax/relation-name.js';
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
  visit({ schema, uses, hidden: new Set() }, tree);
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

const writers = new Set(['InsertStmt', 'UpdateStmt', 'DeleteStmt', 'MergeStmt']);

function visit(walk: Walk, tree: unknown): void {
  if (typeof tree !== 'object' || tree === null) return;
  if (Array.isArray(tree)) {
    for (const item of tree) visit(walk, item);
    return;
  }
  const { withClause } = tree as WithTables;
  const inner = withClause ? visitWith(walk, withClause) : walk;
  for (const key of Object.keys(tree)) {
    const child = (tree as Record<string, unknown>)[key];
    if (key === 'RangeVar') addUse(inner, child as RangeVar, 'read');
    else if (writers.has(key)) visitWriter(inner, child as WithTables);
    else if (key !== 'withClause' && key !== 'intoClause' && key !== 'lockingClause') visit(inner, child);
  }
  for (const locking of nodesOf((tree as WithTables).lockingClause, 'LockingClause')) {
    lockRows(inner, tree as WithTables, locking);
  }
}

/** Each query sees those before it; with RECURSIVE also itself. */
function visitWith(walk: Walk, { ctes, recursive }: WithClause): Walk {
  const hidden = new Set(walk.hidden);
  const inner = { ...walk, hidden };
  for (const { ctename = '', ctequery } of nodesOf(ctes, 'CommonTableExpr')) {
    if (recursive) hidden.add(ctename);
    visit(inner, ctequery);
    hidden.add(ctename);
  }
  return inner;
}

function visitWriter(walk: Walk, statement: WithTables): void {
  const { relation, withClause, ...rest } = statement;
  const inner = withClause ? visitWith(walk, withClause) : walk;
  if (relation) addUse({ ...inner, hidden: new Set() }, relation, 'write');
  visit(inner, rest);
}

/** FOR UPDATE and its kin lock rows of all tables of FROM, or of those that OF names by their aliases. */
function lockRows(walk: Walk, { fromClause }: WithTables, { lockedRels }: LockingClause): void {
  const named = new Set(nodesOf(lockedRels, 'RangeVar').map(({ relname }) => relname));
  for (const range of rangesIn(fromClause)) {
    if (named.size === 0 || named.has(range.alias?.aliasname ?? range.relname))
      addUse(walk, range, 'lock rows');
  }
}

function rangesIn(tree: unknown): RangeVar[] {
  if (typeof tree !== 'object' || tree === null) return [];
  if ('RangeVar' in tree) return [tree.RangeVar as RangeVar];
  return Object.values(tree).flatMap(rangesIn);
}

function addUse({ schema, uses, hidden }: Walk, range: RangeVar, how: TableUse['how']): void {
  const { schemaname, relname = '' } = range;
  if (schemaname === undefined && hidden.has(relname)) return;
  const table = resolveRange(schema, range);
  if (!isCatalog(table) || findRelation(schema, table)) uses.push({ table, how, isOnly: range.inh !== true });
}

function isCatalog({ schema, name }: RelationName): boolean {
  return schema === 'pg_catalog' || schema === 'information_schema' || name.startsWith('pg_');
}
