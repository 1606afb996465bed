/** Knows what the type of a column makes of values in SQLite (https://www.sqlite.org/datatype3.html). */

import type { DeclaredTable } from './schema-copy.js';

export type Affinity = 'BLOB' | 'INTEGER' | 'NUMERIC' | 'REAL' | 'TEXT';

/** By the rules of SQLite, in their order. A column of type ANY keeps each value in a STRICT table alone. */
export function affinityOf(type: string, { sql }: DeclaredTable): Affinity {
  if (/int/i.test(type)) return 'INTEGER';
  if (/char|clob|text/i.test(type)) return 'TEXT';
  if (type === '' || /blob/i.test(type)) return 'BLOB';
  if (/real|floa|doub/i.test(type)) return 'REAL';
  return /^any$/i.test(type) && /\bstrict\b[^()]*$/i.test(sql) ? 'BLOB' : 'NUMERIC';
}

/**
 * A condition: the value of the column is another one behind its conversion, as the text '007' becomes the number 7.
 * @param column as SQL.
 */
export function changedBy(affinity: Affinity, column: string): string {
  const cast = (type: Affinity, value = column) => `CAST(${value} AS ${type})`;
  const textOf = (type: Affinity) => `${cast('TEXT', cast(type))} COLLATE BINARY`;
  const isNumber = `typeof(${column}) = 'text' AND ${column} IS ${cast('NUMERIC')}`;
  const isOtherNumber = `${textOf('NUMERIC')} IS NOT +${column}`;
  switch (affinity) {
    case 'BLOB':
      return 'FALSE';
    case 'TEXT':
      return `typeof(${column}) = 'real' AND ${cast('REAL', cast('TEXT'))} IS NOT +${column}`;
    case 'REAL':
      return `${isNumber} AND ${textOf('REAL')} IS NOT +${column} AND (${isOtherNumber} OR ${cast('REAL')} IS NOT ${cast('NUMERIC')})
        OR typeof(${column}) = 'integer' AND ${cast('REAL')} IS NOT +${column}`;
    default:
      return `${isNumber} AND ${isOtherNumber}`;
  }
}
