/**
 * Looks whether a table, column or sequence holds something that would be lost. Citus 13 does not read a distributed table for
 * `SELECT FROM` without columns.
 */

import type { Session } from '../../connections/driver.js';
import { SqlError } from '../../errors.js';
import { quoteLiteral, quoteTextArray } from '../../quote.js';
import type { NewValue } from '../../sql/effects/effect.js';
import { ne } from '../ledger/operators.js';
import type { LostRelation } from './find-lost.js';

/**
 * What others than the rolled-back migrations wrote: something, nothing, or the reason why nobody knows. The query asks for it again,
 * where the answer may be another one a moment later.
 */
export type Content = 'filled' | { query?: string } | { unseen: string; query?: string };

/** @param writers transactions whose rows do not count, as text. */
export async function readContent(
  session: Session,
  relation: LostRelation,
  writers: readonly string[],
): Promise<Content> {
  const plain = queryOf(relation, writers, false);
  const found = await ask(session, plain);
  // No cast leads back to the earlier type: every type has its text.
  const isOneWay = typeof found === 'object' && found.sqlstate === cannotCast;
  const query = isOneWay ? queryOf(relation, writers, true) : plain;
  const content = isOneWay ? await ask(session, query) : found;
  if (content === 'gone') return {};
  if (content === 'empty') return { query };
  if (content === 'filled' || (isOneWay && content.sqlstate.startsWith(dataException))) return 'filled';
  return { unseen: content.unseen, ...(content.sqlstate === lockTimeout ? { query } : {}) };
}

const lockTimeout = '55P03';

/** Whoever wrote them. @returns true where nobody knows. */
export async function holdsRows(
  session: Session,
  { table, condition }: Pick<LostRelation, 'table' | 'condition'>,
): Promise<boolean> {
  const query = `SELECT 1 FROM ${table}${whereAll(condition === undefined ? [] : [condition])}`;
  const content = await ask(session, query);
  return content !== 'empty' && content !== 'gone';
}

/** The class of errors about values: the earlier type cannot read the text. */
const dataException = '22';

const cannotCast = '42846';

async function ask(
  session: Session,
  query: string,
): Promise<'filled' | 'empty' | 'gone' | { unseen: string; sqlstate: string }> {
  try {
    // One message is one transaction, so the settings end with it.
    const results = await session.execute(
      `SET LOCAL lock_timeout = 2000; SET LOCAL row_security = off; SET LOCAL transaction_read_only = on;
       SELECT EXISTS (${query}) AS holds_rows`,
    );
    return results.at(-1)?.rows[0]?.holds_rows === 't' ? 'filled' : 'empty';
  } catch (error) {
    if (!(error instanceof SqlError) || error.isSessionLost) throw error;
    const { sqlstate, message } = error.report;
    return isGone.has(sqlstate) ? 'gone' : { unseen: message, sqlstate };
  }
}

/** undefined_table, undefined_column and invalid_schema_name: another run dropped it after the catalogs were read. */
const isGone: ReadonlySet<string> = new Set(['42P01', '42703', '3F000']);

/** @param isByText values are read back from their texts. */
function queryOf(relation: LostRelation, writers: readonly string[], isByText: boolean): string {
  const { table, isSequence, isForeign, condition } = relation;
  if (isSequence) return `SELECT 1 FROM ${table} WHERE is_called`;
  const conditions = [
    ...(isForeign ? [] : [`${table}.xmin::pg_catalog.text ${ne} ALL (${quoteTextArray(writers)})`]),
    ...conditionsOfValue(relation, isByText),
    ...(condition === undefined ? [] : [condition]),
  ];
  return `SELECT 1 FROM ${table}${whereAll(conditions)}`;
}

function whereAll(conditions: readonly string[]): string {
  return conditions.length > 0 ? ` WHERE ${conditions.join(' AND ')}` : '';
}

/** The value of the column is there, and does not come back by itself. */
function conditionsOfValue(relation: LostRelation, isByText: boolean): string[] {
  const { column, type = '', attribute, value, defaultValue } = relation;
  if (column === undefined) return [];
  if (attribute !== undefined) return [`(${column}).${attribute} IS NOT NULL`];
  const isThere = `${column} IS NOT NULL`;
  if (value?.kind === 'computed') return [isThere, isForgotten(relation, value.sql)];
  if (value) return [isThere, ...conditionsOfNewValue(value, { column, type, isByText })];
  return [isThere, ...(defaultValue === undefined ? [] : [differs(column, `(${defaultValue})`)])];
}

function conditionsOfNewValue(
  value: Exclude<NewValue, { kind: 'computed' }>,
  { column, type, isByText }: { column: string; type: string; isByText: boolean },
): string[] {
  if (value.kind === 'literal') return [differs(column, `CAST(${quoteLiteral(value.literal)} AS ${type})`)];
  if (value.kind !== 'casts') return [];
  const converted = `(${column}${value.types.map((one) => `::${one}`).join('')})`;
  const back = `(${converted}${isByText ? '::pg_catalog.text' : ''}::${type})`;
  return [`(${converted} IS NULL OR ${differs(column, back)})`];
}

/** Nothing is left of the value, or another value becomes the same: what it was cannot be computed from the result. */
function isForgotten({ table, column }: LostRelation, sql: string): string {
  const text = `(${sql})::pg_catalog.text`;
  const shared = `SELECT ${text} FROM ${table} GROUP BY 1 HAVING pg_catalog.count(DISTINCT ${column}::pg_catalog.text) OPERATOR(pg_catalog.>) 1`;
  return `(${text} IS NULL OR ${text} OPERATOR(pg_catalog.=) ANY (${shared}))`;
}

function differs(one: string, other: string): string {
  return `${one}::pg_catalog.text ${ne} ${other}::pg_catalog.text`;
}
