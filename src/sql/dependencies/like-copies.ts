/** Computes what CREATE TABLE … LIKE and `SELECT *` make of the table that they copy. */

import { present } from '../../present.js';
import { type ConstraintType, likeOptions } from '../effects/change.js';
import type { Effect, StatementSettings } from '../effects/effect.js';
import { nameSpaceOf } from '../effects/name-space.js';
import { keyOf } from '../effects/object-key.js';
import { chooseName } from '../postgres/chosen-names.js';
import type { ObjectId } from '../syntax/object-id.js';
import { partOf } from '../syntax/object-names.js';
import {
  attachedTo,
  type Catalogue,
  columnsOf,
  constraintOf,
  located,
  neededObjects,
  ownerKey,
  partKeysOf,
} from './catalogue.js';

interface Copy {
  catalogue: Catalogue;
  /** The LIKE. */
  effect: Effect;
  source: ObjectId;
  table: ObjectId;
  /** Bits of `likeOptions`. */
  options: number;
}

/** @returns the creations of columns, checks, keys, indexes and sequences, with their uses of columns; none for other effects. */
export function copiesOf(catalogue: Catalogue, effect: Effect): Effect[] {
  const { usage, by: table, object: source, sets } = effect;
  if (usage === 'copied columns') return queriedColumns(catalogue, effect);
  if (usage !== 'definition' || table?.kind !== 'table' || sets?.like === undefined) return [];
  const copy: Copy = { catalogue, effect, source, table, options: Number(sets.like) };
  const key = keyOf(source);
  return [
    ...columnsOf(catalogue, key).flatMap((column) => copyColumn(copy, column)),
    ...partKeysOf(catalogue, key).flatMap((part) => copyCheck(copy, part)),
    ...attachedTo(catalogue, key).flatMap((part) => copyAttached(copy, part)),
  ];
}

/** The columns behind `*`, which come with their types alone. */
function queriedColumns(catalogue: Catalogue, effect: Effect): Effect[] {
  const { object, beside: table } = effect;
  if (table?.kind !== 'table') return [];
  const source = located(catalogue, object);
  const copy = { catalogue, effect, source, table, options: 0 };
  return columnsOf(catalogue, keyOf(source)).flatMap((column) => {
    const { 'type name': type, 'whole type': whole } = catalogue.properties.get(keyOf(column)) ?? {};
    const made = partOf(table, 'column', column.name);
    const sets = present({ 'type name': type, 'whole type': whole });
    return [create(copy, made, { sets }), ...usesOf(copy, column, made)];
  });
}

function create({ effect: { place, statement } }: Copy, object: ObjectId, words: Partial<Effect>): Effect {
  return { action: 'create', object, place, statement, when: 'now', isImplicit: true, ...words };
}

/** The uses of what the original needs; instead of its own table and columns those of the copy. */
function usesOf({ catalogue, source, table, effect }: Copy, part: ObjectId, by: ObjectId): Effect[] {
  const { place, statement } = effect;
  const own = keyOf(source);
  const copyOf = (needed: ObjectId) => {
    if (keyOf(needed) === own) return table;
    return ownerKey(needed) === own ? partOf(table, 'column', needed.name) : needed;
  };
  return neededObjects(catalogue, keyOf(part))
    .filter((needed) => nameSpaceOf(needed.kind) !== 'other' || needed.kind === 'column')
    .filter(({ kind }) => kind !== 'sequence' && kind !== 'function')
    .map((needed) => ({
      ...{ action: 'use', object: copyOf(needed), by, place, statement },
      ...{ when: 'both', isImplicit: true },
    }));
}

/** Which property of a column comes with which option. */
const optional: Readonly<Record<string, number>> = {
  default: likeOptions.defaults,
  expression: likeOptions.generated,
  identity: likeOptions.identity,
};

function copyColumn(copy: Copy, column: ObjectId): Effect[] {
  const all = copy.catalogue.properties.get(keyOf(column)) ?? {};
  const isTaken = (name: string) => ((optional[name] ?? 0) & copy.options) === (optional[name] ?? 0);
  const sets: StatementSettings = Object.fromEntries(Object.entries(all).filter(([name]) => isTaken(name)));
  const object = partOf(copy.table, 'column', column.name);
  return [create(copy, object, { sets }), ...usesOf(copy, column, object)];
}

function copyCheck(copy: Copy, part: ObjectId): Effect[] {
  const check = copy.catalogue.properties.get(keyOf(part))?.check;
  if (check === undefined || !(copy.options & likeOptions.constraints)) return [];
  const object = partOf(copy.table, 'constraint', part.name);
  return [create(copy, object, { constraint: 'check', sets: { check } }), ...usesOf(copy, part, object)];
}

function copyAttached(copy: Copy, part: ObjectId): Effect[] {
  if (part.kind === 'index') return copy.options & likeOptions.indexes ? copyIndex(copy, part) : [];
  const column = neededObjects(copy.catalogue, keyOf(part)).find(({ kind }) => kind === 'column');
  const isIdentity = column && copy.catalogue.properties.get(keyOf(column))?.identity !== undefined;
  return isIdentity && copy.options & likeOptions.identity ? copySequence(copy, column) : [];
}

function copySequence(copy: Copy, { name: column }: ObjectId): Effect[] {
  const name = chooseName({ table: copy.table.name, columns: [column], label: 'seq' }, () => false);
  const object: ObjectId = { ...copy.table, kind: 'sequence', name };
  const { place, statement } = copy.effect;
  const use: Effect = {
    ...{ action: 'use', object: partOf(copy.table, 'column', column), by: object },
    ...{ place, statement, when: 'both', isImplicit: true },
  };
  return [create(copy, object, { isGenerated: true }), use];
}

const types: Readonly<Record<string, ConstraintType>> = { primary: 'primary key', unique: 'unique' };

/** The index with its constraint, both named after the new table. */
function copyIndex(copy: Copy, part: ObjectId): Effect[] {
  const { catalogue, table } = copy;
  const constraint = constraintOf(catalogue, part);
  const key = catalogue.properties.get(keyOf(constraint ?? part))?.key;
  const parts = catalogue.definitions.get(keyOf(part));
  const ofConstraint = key === 'primary' ? 'pkey' : 'key';
  const label = constraint ? ofConstraint : 'idx';
  const name = chooseName({ table: table.name, columns: parts?.keyColumns ?? [], label }, () => false);
  const index: ObjectId = { ...table, kind: 'index', name };
  const words = { isGenerated: true, ...present({ parts, sets: key === undefined ? undefined : { key } }) };
  const type = key === undefined ? undefined : types[key];
  const made = partOf(table, 'constraint', name);
  const own = create(copy, index, {
    ...words,
    beside: table,
    ...present({ constraint: type, by: constraint && made }),
  });
  if (!constraint) return [own, ...usesOf(copy, part, index)];
  const whole = create(copy, made, { ...words, ...present({ constraint: type }) });
  return [whole, ...usesOf(copy, constraint, made), own];
}
