/** Has sample values by type. */

import type { SnapshotObject } from '../../../sql/snapshot/snapshot.js';

/** Types of a schema that values depend on, by qualified name. */
export interface KnownTypes {
  isSqlite: boolean;
  /** The values of an enum, as SQL. */
  labels: ReadonlyMap<string, readonly string[]>;
  domains: ReadonlyMap<string, SnapshotObject>;
}

/** Values by type, for rows counted from 1. A digit as a text can become a number, or JSON. */
const samples: readonly (readonly [pattern: RegExp, value: (row: number, length: number) => string])[] = [
  [/^(smallint|integer|bigint|real|double precision|numeric|oid|money)/, (row) => String(row)],
  [/^boolean/, (row) => String(row % 2 === 1)],
  [/^(text|character varying|character|name|citext|public\.citext|"char")/, (row) => `'${row}'`],
  [/^timestamp|^date/, (row) => `'2024-01-0${row}'`],
  [/^time/, (row) => `'0${row}:00'`],
  [/^interval/, (row) => `'${row} days'`],
  [/^uuid/, (row) => `'00000000-0000-4000-8000-00000000000${row}'`],
  [/^jsonb?$/, (row) => `'{"sample": ${row}}'`],
  [/^bytea/, (row) => `decode('0${row}', 'hex')`],
  [/^(inet|cidr)/, (row) => `'10.0.0.${row}'`],
  [/^macaddr/, (row) => `'08:00:2b:01:02:0${row}'`],
  [/^(tsvector|xml)/, (row) => `'sample${row}'`],
  [/^bit/, (row, length) => `B'${row.toString(2).padStart(Math.min(length, 64), '0').slice(-length)}'`],
];

/** By the words that SQLite looks for in a type, then by those that people write (https://www.sqlite.org/datatype3.html). */
const sqliteSamples: readonly (readonly [pattern: RegExp, value: (row: number) => string])[] = [
  [/INT/, String],
  [/CHAR|CLOB|TEXT/, (row) => `'${row}'`],
  [/BLOB/, (row) => `x'0${row}'`],
  [/DATE|TIME/, (row) => `'2024-01-0${row}'`],
  [/JSON/, (row) => `'{"sample": ${row}}'`],
  [/BOOL/, (row) => String(row % 2)],
  [/UUID/, (row) => `'00000000-0000-4000-8000-00000000000${row}'`],
  [/^/, String],
];

/** @returns an SQL expression; undefined for a type without a sample value. */
export function sampleValue(types: KnownTypes, type: string, row: number): string | undefined {
  if (types.isSqlite) return sqliteSamples.find(([pattern]) => pattern.test(type))?.[1](row);
  if (type.endsWith('[]')) return `'{}'`;
  const labels = types.labels.get(type);
  if (labels) return labels[(row - 1) % labels.length];
  const domain = types.domains.get(type);
  if (domain) return sampleValue(types, domain.definition.type ?? '', row);
  const length = Number(/\((\d+)\)/.exec(type)?.[1] ?? 60);
  return samples.find(([pattern]) => pattern.test(type))?.[1](row, type === 'character' ? 1 : length);
}
