/** Notes what the values of an INSERT rest on: which columns get one, which do not, and which values an enum must have. */

import type { Effect } from '../../effects/effect.js';
import { keyOf } from '../../effects/object-key.js';
import type { ObjectId } from '../../syntax/object-id.js';
import { partOf } from '../../syntax/object-names.js';
import { type Catalogue, columnsOf, enumOf, isDomain, neededTypes } from '../catalogue.js';
import { objectKey } from '../keys.js';
import { recordRow } from '../row-types.js';
import { factsOf } from '../usages.js';
import { type Collector, causeOf, noteAccess, recordAccess, withAncestors } from './collector.js';

/** An INSERT that names no columns gives values to the first ones. */
export function withColumnNames(catalogue: Catalogue, effect: Effect): Effect {
  const { action, usage, given } = effect;
  const isInsert = action === 'insert';
  if (!given || !(isInsert || factsOf(usage).isCounted)) return effect;
  const target = usage === 'inserted columns' && effect.to ? effect.to : effect.object;
  const names = namesInOrder(catalogue, target);
  const values = widthOf(catalogue, given);
  if (names.length === 0 || values === undefined) return effect;
  const counts = { values, columns: names.length };
  if (!isInsert) return { ...effect, counts };
  const rows = effect.rows?.map((row) => nameValues(row, names));
  const nulls = effect.nulls?.map((number) => names[Number(number) - 1] ?? number);
  const known = { ...(rows ? { rows } : {}), ...(nulls ? { nulls } : {}) };
  return { ...effect, counts, columns: names.slice(0, values), ...known };
}

/** Columns of parents, and of the type that a table is OF, come before its own. */
function namesInOrder(catalogue: Catalogue, table: ObjectId): string[] {
  const oldestFirst = withAncestors(catalogue, table).reverse();
  const columns = oldestFirst.flatMap((one) => columnsOf(catalogue, keyOf(one)));
  return [...new Set(columns.map(({ name }) => name))];
}

/** @returns undefined when the columns of a table behind `*` are unknown. */
function widthOf(catalogue: Catalogue, { values, stars }: NonNullable<Effect['given']>): number | undefined {
  const counts = stars.map((star) => columnsOf(catalogue, keyOf(star)).length);
  return counts.includes(0) ? undefined : counts.reduce((sum, count) => sum + count, values);
}

function nameValues(row: Readonly<Record<string, string>>, names: readonly string[]): Record<string, string> {
  return Object.fromEntries(
    Object.entries(row).map(([number, value]) => [names[Number(number) - 1] ?? number, value]),
  );
}

/** The required state of the columns for the new rows. */
export function collectValues(collector: Collector, effect: Effect): void {
  const { catalogue } = collector;
  if (effect.action === 'update') collectSetValues(collector, effect);
  const given = effect.columns;
  if (effect.action !== 'insert' || !given) return;
  for (const column of inheritedColumnsOf(catalogue, effect.object)) {
    const usage = given.includes(column.name) ? 'given' : 'left out';
    noteColumn(collector, partOf(effect.object, 'column', column.name), { effect, usage, heirOf: column });
  }
  for (const column of columnsOf(catalogue, keyOf(effect.object))) {
    const isGiven = given.includes(column.name);
    noteColumn(collector, column, { effect, usage: isGiven ? 'given' : 'left out' });
    const literals = effect.rows?.flatMap((row) => row[column.name] ?? []) ?? [];
    if (isGiven) collectEnumValues(collector, { ...effect, object: column, literals });
    else collectDomains(collector, column, { effect, usage: 'left out' });
  }
}

/** The columns of its parents, which a table has without naming them. */
function inheritedColumnsOf(catalogue: Catalogue, table: ObjectId): ObjectId[] {
  const own = new Set(columnsOf(catalogue, keyOf(table)).map(({ name }) => name));
  return withAncestors(catalogue, table)
    .flatMap((one) => columnsOf(catalogue, keyOf(one)))
    .filter(({ name }) => !own.has(name));
}

/** A column without a default of its own gets that of its domain, which may also forbid NULL. */
export function collectDomains(collector: Collector, column: ObjectId, use: ColumnUse): void {
  const { properties } = collector.catalogue;
  if (properties.get(keyOf(column))?.default) return;
  for (const domain of domainsOf(collector.catalogue, column)) {
    noteColumn(collector, domain, use);
    // A new column needs its type by name, too.
    if (use.usage === 'left out') recordAccess(collector, objectKey(domain), 'read', causeOf(use.effect));
  }
}

function domainsOf(catalogue: Catalogue, column: ObjectId): ObjectId[] {
  const found = new Map([[keyOf(column), column]]);
  for (const one of found.values())
    for (const type of neededTypes(catalogue, keyOf(one)))
      if (isDomain(catalogue, type)) found.set(keyOf(type), type);
  found.delete(keyOf(column));
  return [...found.values()];
}

function collectSetValues(collector: Collector, effect: Effect): void {
  const { rows: _, ...words } = effect;
  for (const column of columnsOf(collector.catalogue, keyOf(effect.object)))
    if (effect.valued?.includes(column.name))
      noteColumn(collector, column, { effect: words, usage: 'given' });
}

/** What new rows, or those that exist, get in a column. */
interface ColumnUse {
  effect: Effect;
  usage: 'added column' | 'given' | 'left out';
  /** The column of a parent from which the column is. */
  heirOf?: ObjectId;
}

function noteColumn(collector: Collector, object: ObjectId, { effect, usage, heirOf }: ColumnUse): void {
  const { rows: _, columns: __, ...words } = effect;
  const { properties } = collector.catalogue;
  const sets = { ...(heirOf && properties.get(keyOf(heirOf))), ...properties.get(keyOf(object)) };
  const use: Effect = { ...words, action: 'use', object, usage, sets };
  const verb = usage === 'left out' ? 'leaves out' : 'gives values to';
  noteAccess(collector, objectKey(object), 'read', { ...causeOf(use), verb, effect: use });
}

/** @param effect of a column; its literals are values of the enum. */
export function collectEnumValues(collector: Collector, effect: Effect): void {
  const { object, literals = [] } = effect;
  for (const literal of literals) collectRowLiteral(collector, effect, literal);
  const type = enumOf(collector.catalogue, keyOf(object));
  if (type === undefined) return;
  for (const literal of new Set(literals.flatMap(elementsOf)))
    noteEnumValue(collector, type, literal, effect);
}

/** `'(1,2)'`: a row that is written as one text, where the column has a row type. */
function collectRowLiteral(collector: Collector, effect: Effect, literal: string): void {
  if (!/^\(.*\)$/s.test(literal)) return;
  const counts = { values: literal.split(',').length, columns: 0 };
  recordRow(collector, { ...effect, action: 'use', usage: 'row', counts });
}

/** The elements of an array that is written as one text, or the text itself. */
export function elementsOf(literal: string): string[] {
  const [, inner] = /^\{(.*)\}$/s.exec(literal) ?? [];
  if (inner === undefined) return [literal];
  return inner.split(',').map((element) => element.trim().replace(/^"(.*)"$/s, '$1'));
}

/** @param type the key of an enum */
export function noteEnumValue(collector: Collector, type: string, name: string, effect: Effect): void {
  const id = collector.catalogue.objects.get(type);
  if (!id) return;
  const { isGuess: _, rows: __, columns: ___, ...words } = effect;
  const object = partOf(id, 'enum value', name);
  const sets = { label: collector.catalogue.objects.has(keyOf(object)) ? 'known' : 'missing' };
  // Whatever an ambiguous name means, the type is known; a trigger may be called for no row.
  const isGuess = effect.row ? { isGuess: true } : {};
  const use: Effect = { ...words, ...isGuess, action: 'use', object, usage: 'enum value', sets };
  recordAccess(collector, objectKey(id), 'read', { ...causeOf(use), verb: 'uses' });
}
