/** Reads the type of a column, by the name that PostgreSQL has for it inside. */

import type { TypeName } from '@pgsql/types';
import { serialTypes } from '../postgres/serial-types.js';
import { joinNames } from '../syntax/identifiers.js';
import { literalOf } from '../syntax/node-of.js';
import { namePartsOf } from '../syntax/object-names.js';
import type { ColumnType } from './schema.js';

/** @returns undefined for `t.c%TYPE`, which only the server can follow. */
export function readType(type: TypeName | undefined): ColumnType | undefined {
  if (!type || type.pct_type) return undefined;
  const parts = namePartsOf(type.names);
  const own = parts.filter((part, index) => !(index < parts.length - 1 && isImplied(part)));
  const name = joinNames(...own);
  const modifiers = (type.typmods ?? []).map((node) => Number(literalOf(node) ?? 'NaN'));
  return {
    name: serialTypes.get(name) ?? name,
    parts: own,
    modifiers: modifiers.filter((value) => Number.isFinite(value)),
    isArray: (type.arrayBounds ?? []).length > 0,
  };
}

function isImplied(schema: string): boolean {
  return schema === 'pg_catalog' || schema === 'public';
}

const spoken: Readonly<Record<string, string>> = {
  int2: 'smallint',
  int4: 'integer',
  int8: 'bigint',
  float4: 'real',
  float8: 'double precision',
  bool: 'boolean',
  bpchar: 'char',
};

/** As people write it: `numeric(10,2)`, `integer[]`. */
export function describeType({ name, modifiers, isArray }: Omit<ColumnType, 'parts'>): string {
  const length = modifiers.length === 0 ? '' : `(${modifiers.join(',')})`;
  return `${spoken[name] ?? name}${length}${isArray ? '[]' : ''}`;
}
