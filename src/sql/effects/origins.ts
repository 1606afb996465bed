/** Follows objects through a text that creates, renames and moves them, back to their names before the text. */

import { present } from '../../present.js';
import type { ObjectId } from '../syntax/object-id.js';
import type { Effect } from './effect.js';
import { keyOf } from './object-key.js';

/** One object, whatever it is called. */
export interface Origin {
  /** The same for all of its names. */
  key: string;
  /** The object by its name before the text; undefined if the text creates it. */
  object?: ObjectId;
}

/** What each name means at the present statement of the text. */
export interface Origins {
  of(object: ObjectId): Origin;
  columnOf(table: Origin, name: string): Origin;
  renameColumn(table: Origin, from: string, to: string): void;
  /** Carries out one effect, in the order of the text. */
  follow(effect: Effect): void;
}

export function createOrigins(): Origins {
  const known = new Map<string, Origin>();
  let made = 0;
  const ownerOf = (part: ObjectId): Origin => {
    const [table, type] = [tableOfPart(part), { ...tableOfPart(part), kind: 'type' } as const];
    return known.get(keyOf(table)) ?? known.get(keyOf(type)) ?? { key: keyOf(table), object: table };
  };
  const slotOf = (object: ObjectId) =>
    object.parent === undefined ? keyOf(object) : keyOfPart(ownerOf(object), object);
  const find = (slot: string, object: ObjectId | undefined): Origin =>
    known.get(slot) ?? { key: slot, ...present({ object }) };
  const of = (object: ObjectId) =>
    find(slotOf(object), object.parent === undefined ? object : partOf(ownerOf(object), object));
  const columnOf = (table: Origin, name: string) => {
    const column = { kind: 'column', name } as const;
    return find(keyOfPart(table, column), partOf(table, column));
  };
  return {
    of,
    columnOf,
    renameColumn(table, from, to) {
      known.set(keyOfPart(table, { kind: 'column', name: to }), columnOf(table, from));
    },
    follow({ action, object, isConditional, to, change }) {
      if (action === 'create' && !isConditional) known.set(slotOf(object), { key: `made ${made++}` });
      if (to && change?.kind !== 'family') known.set(slotOf(to), of(object));
    },
  };
}

/** The table of a column or constraint. */
export function tableOfPart({ parent = '', schema, path }: ObjectId): ObjectId {
  return { kind: 'table', name: parent, ...present({ schema, path }) };
}

/** The part by the name that its table has before the text. */
function partOf({ object: table }: Origin, { kind, name }: ObjectId): ObjectId | undefined {
  if (!table) return undefined;
  const { schema, path } = table;
  return { kind, name, parent: table.name, ...present({ schema, path }) };
}

function keyOfPart(table: Origin, { kind, name }: ObjectId): string {
  return JSON.stringify([table.key, kind, name]);
}
