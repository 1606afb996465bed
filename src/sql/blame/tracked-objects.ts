/** Keeps a record of each object of a history, which stays the same through renames and moves. */

import type { Effect } from '../effects/effect.js';
import { keyOf } from '../effects/object-key.js';
import type { ObjectId } from '../syntax/object-id.js';

/** One effect on an object. */
export interface ObjectEvent {
  /** The index of the migration in the history. */
  migration: number;
  /** It may name the table or the schema of the object. */
  effect: Effect;
}

/** One object, from its creation to its drop. */
export interface TrackedObject {
  /** Its last name. */
  object: ObjectId;
  /** Its earlier names, the oldest first. */
  formerly: ObjectId[];
  isDropped: boolean;
  events: ObjectEvent[];
  /** Objects whose changes count as changes of this one: columns, constraints, indexes, values of an enum. */
  parts: Set<TrackedObject>;
}

/** The records of all objects, by the key that each object has now. */
export interface ObjectTracker {
  /** In the order of creation. */
  readonly all: readonly TrackedObject[];
  find(key: string): TrackedObject | undefined;
  add(object: ObjectId): TrackedObject;
  /** Does nothing for keys without a record. */
  rename(key: string, to: ObjectId, event: ObjectEvent | undefined): void;
  drop(key: string, event: ObjectEvent | undefined): void;
}

/** Starts without records. */
export function createTracker(): ObjectTracker {
  const all: TrackedObject[] = [];
  const live = new Map<string, TrackedObject>();
  return {
    all,
    find: (key) => live.get(key),
    add(object) {
      const record = { object, formerly: [], isDropped: false, events: [], parts: new Set<TrackedObject>() };
      all.push(record);
      live.set(keyOf(object), record);
      return record;
    },
    rename(key, to, event) {
      const record = live.get(key);
      if (!record) return;
      live.delete(key);
      live.set(keyOf(to), record);
      record.formerly.push(record.object);
      record.object = { ...to, kind: record.object.kind };
      addEvent(record, event);
    },
    drop(key, event) {
      const record = live.get(key);
      if (!record) return;
      live.delete(key);
      record.isDropped = true;
      addEvent(record, event);
    },
  };
}

/** An effect that names the object is there before the catalogue changes by it. */
function addEvent({ events }: TrackedObject, event: ObjectEvent | undefined): void {
  if (event && events.at(-1)?.effect !== event.effect) events.push(event);
}
