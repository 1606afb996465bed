/** Computes the effects of a column's type change: whether rows are rewritten, and whether indexes stay valid. */

import type { ColumnDef, Node } from '@pgsql/types';
import { indexedAs, isBinaryCast } from '../postgres/binary-casts.js';
import { isWiderInterval } from '../postgres/interval-fields.js';
import { readType } from '../schema/read-type.js';
import { domainChain, userTypeOf } from '../schema/relatives.js';
import type { ColumnType, Schema } from '../schema/schema.js';
import { nodeOf } from '../syntax/node-of.js';
import { namePartsOf } from '../syntax/object-names.js';

/** The effect of ALTER COLUMN TYPE on one column. */
export interface TypeChange {
  /** Rows are written anew (tablecmds.c, ATColumnChangeRequiresRewrite). */
  isRewritten: boolean;
  /** Indexes on the column alone keep their order, so that they need not be built again (CheckIndexCompatible). */
  keepsOrder: boolean;
}

/** @param from undefined where the type is not known: then a rewrite is assumed, except to the unlimited types of text */
export function readTypeChange(
  schema: Schema,
  from: ColumnType | undefined,
  { name, definition }: { name: string; definition: ColumnDef },
): TypeChange {
  const to = readType(definition.typeName);
  if (!to || !isAssignment(definition.raw_default, name, to)) return { isRewritten: true, keepsOrder: false };
  if (from && isSame(from, to)) return { isRewritten: false, keepsOrder: !definition.collClause };
  const [source, target] = [sourceOf(schema, from), baseOf(schema, to)];
  const isChecked = to.name !== from?.name && hasConstraints(schema, to);
  if (!source || !target || isChecked) return { isRewritten: true, keepsOrder: false };
  const isFree =
    source.isArray || target.isArray ? isFreeArray(source, target) : isFreeChange(schema, source, target);
  return {
    isRewritten: !isFree,
    keepsOrder: isFree && indexedAs(source.name) === indexedAs(target.name) && !definition.collClause,
  };
}

/** USING the column itself, or a cast of it to the new type, is what happens without USING. */
function isAssignment(using: Node | undefined, name: string, to: ColumnType): boolean {
  if (!using) return true;
  let inner: Node | undefined = using;
  while (inner && 'TypeCast' in inner) {
    const type = readType(inner.TypeCast.typeName);
    if (!type || !isSame(type, to)) return false;
    inner = inner.TypeCast.arg;
  }
  return namePartsOf(nodeOf(inner, 'ColumnRef')?.fields).at(-1) === name;
}

function isSame(one: ColumnType, other: ColumnType): boolean {
  return (
    one.name === other.name &&
    one.isArray === other.isArray &&
    one.modifiers.join() === other.modifiers.join()
  );
}

/** The conversion out of a domain forgets how long its values can be. */
function sourceOf(schema: Schema, type: ColumnType | undefined): ColumnType | undefined {
  const base = type && baseOf(schema, type);
  return base === type ? type : base && { ...base, modifiers: [] };
}

/** The base type of a domain, undefined if unknown; any other type itself. */
function baseOf(schema: Schema, type: ColumnType): ColumnType | undefined {
  const base = domainChain(schema, type).at(-1);
  return base && domainOf(schema, base) ? undefined : base;
}

function domainOf(schema: Schema, type: ColumnType) {
  return type.isArray ? undefined : userTypeOf(schema, type)?.domain;
}

/** Whether a domain, or one that it is made of, has constraints. */
export function hasConstraints(schema: Schema, type: ColumnType | undefined): boolean {
  return domainChain(schema, type).some((one) => (domainOf(schema, one)?.constraints.size ?? 0) > 0);
}

/** Elements of arrays are converted one by one, even from varchar to text. */
function isFreeArray(from: ColumnType, to: ColumnType): boolean {
  return (
    from.isArray === to.isArray && from.name === to.name && (to.modifiers.length === 0 || isSame(from, to))
  );
}

function isFreeChange(schema: Schema, from: ColumnType, to: ColumnType): boolean {
  if (from.name === to.name) return isLoosened(from, to);
  if (isZoneChange(from, to)) return schema.isUtc && isUnlimited(to);
  return isUnlimited(to) && isBinaryCast(from.name, to.name);
}

function isZoneChange(from: ColumnType, to: ColumnType): boolean {
  const pair = `${from.name}>${to.name}`;
  return pair === 'timestamp>timestamptz' || pair === 'timestamptz>timestamp';
}

/** Types whose length may grow without a look at the values: their conversions have a support function. */
const growing = new Set(['varchar', 'varbit', 'timestamp', 'timestamptz', 'time', 'timetz']);

function isLoosened(from: ColumnType, to: ColumnType): boolean {
  if (isSame(from, to) || isUnlimited(to)) return true;
  if (to.name === 'interval') return isWiderInterval(from.modifiers, to.modifiers);
  const [length, scale = 0] = to.modifiers as [number, number?];
  const [oldLength, oldScale = 0] = from.modifiers;
  if (oldLength === undefined) return false;
  if (to.name === 'numeric') return length >= oldLength && scale === oldScale;
  return growing.has(to.name) && length >= oldLength;
}

/** Without a limit, or with one that every value keeps: microseconds are all that there is of a time. */
function isUnlimited({ name, modifiers: [length] }: ColumnType): boolean {
  return length === undefined || (name.startsWith('time') && length >= 6);
}
