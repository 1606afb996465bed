/** Reads which values an UPDATE of SQLite gives to columns in every row of a table. */

import { asciiLower } from '../../../connections/sqlite/ascii-lower.js';
import type { SqliteToken } from '../../../connections/sqlite/tokens.js';
import { isWord, meansEveryRow } from './emptied-by.js';
import { findOuter, unwrap } from './outer-tokens.js';
import type { NamedTable } from './session-tables.js';
import { type Assignment, readAssignments } from './set-clause.js';
import { nameOf, updatedTable } from './statement-names.js';

/** What an UPDATE writes. */
interface Overwritten {
  table: NamedTable;
  /** The values, also those that depend on the row. */
  values: readonly NewColumnValue[];
}

/** What an UPDATE makes of a column. */
export interface NewColumnValue {
  /** In lower case. */
  column: string;
  /** An expression that stands for itself. */
  value: string;
  /** Whether it reads rows of a table. */
  readsRows: boolean;
}

/**
 * Columns whose values another assignment reads are left out.
 * @returns undefined for an UPDATE with a condition that names rows, and for any other statement.
 */
export function overwrittenBy(text: string, tokens: readonly SqliteToken[]): Overwritten | undefined {
  const start = isWord(tokens[0], 'WITH') ? findOuter(tokens, (token) => isWord(token, 'UPDATE')) : 0;
  const update = start < 0 ? [] : tokens.slice(start);
  const table = updatedTable(update);
  if (!table) return undefined;
  const { set, from, where } = clausesOf(update.slice(table.end));
  const assignments = readAssignments(text, set);
  const read = new Set(assignments.flatMap(({ reads }) => reads));
  const scope = { queries: text.slice(0, tokens[start]?.start), from: sourceOf(text, from) };
  return {
    table,
    values: assignments
      .filter(({ column, tokens: value }) => !read.has(column) && leavesOutNothing(where, column, value))
      .map((assignment) => standingAlone(assignment, scope)),
  };
}

interface Clauses {
  set: readonly SqliteToken[];
  from: readonly SqliteToken[];
  /** Undefined where there is no condition. */
  where?: readonly SqliteToken[];
}

/** @param tokens behind the name of the table. */
function clausesOf(tokens: readonly SqliteToken[]): Clauses {
  const clauses: Record<string, SqliteToken[]> = {};
  let rest = tokens.slice(findOuter(tokens, (token) => isWord(token, 'SET')));
  while (rest[0]) {
    const [first, ...others] = rest;
    const end = findOuter(others, (token) => beginsClause(token, others));
    clauses[first.value] = end < 0 ? others : others.slice(0, end);
    rest = end < 0 ? [] : others.slice(end);
  }
  const { SET: set = [], FROM: from = [], WHERE: where } = clauses;
  return { set, from, ...(where ? { where } : {}) };
}

const clauseWords = ['FROM', 'WHERE', 'RETURNING', 'ORDER', 'LIMIT'];

/** FROM of `IS DISTINCT FROM` begins none. */
function beginsClause(token: SqliteToken, tokens: readonly SqliteToken[]): boolean {
  const isOperator = isWord(token, 'FROM') && isWord(tokens[tokens.indexOf(token) - 1], 'DISTINCT');
  return token.value === ';' || (!isOperator && clauseWords.some((word) => isWord(token, word)));
}

function sourceOf(text: string, from: readonly SqliteToken[]): string {
  return from.length === 0 ? '' : ` FROM ${text.slice(from[0]?.start, from.at(-1)?.end)}`;
}

function standingAlone(
  { column, value, tokens }: Assignment,
  { queries, from }: { queries: string; from: string },
): NewColumnValue {
  const isInScope = queries === '' && from === '';
  return {
    column,
    value: isInScope ? `(${value}\n)` : `(${queries} SELECT (${value}\n)${from}\nLIMIT 1)`,
    readsRows: !isInScope || tokens.some((token) => isWord(token, 'FROM')),
  };
}

/** Whether the rows that the condition leaves out have no value to lose, or the new one. */
function leavesOutNothing(
  where: readonly SqliteToken[] | undefined,
  column: string,
  value: readonly SqliteToken[],
): boolean {
  if (!where || meansEveryRow(where)) return true;
  const inner = unwrap(where);
  if (inner) return leavesOutNothing(inner, column, value);
  const [first, ...test] = where[1]?.value === '.' ? where.slice(2) : where;
  if (!first || asciiLower(nameOf(first)) !== column || first.kind === 'literal') return false;
  const words = wordsOf(test);
  return (
    /^(?:IS NOT NULL|NOTNULL|NOT NULL)$/.test(words) ||
    unequal.some((operator) => words === `${operator} ${wordsOf(value)}`)
  );
}

const unequal = ['< >', '! =', 'IS NOT', 'IS DISTINCT FROM'];

function wordsOf(tokens: readonly SqliteToken[]): string {
  return tokens.map(({ value }) => value).join(' ');
}
