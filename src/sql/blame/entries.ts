/** Summarises the events of an object: one entry for each statement that changed it. */

import type { SourcePosition } from '../syntax/object-id.js';
import { wordsOfChange } from './change-words.js';
import type { ObjectEvent, TrackedObject } from './tracked-objects.js';

/** One statement that changed an object. */
export interface ObjectEntry {
  /** The index of the migration in the history. */
  migration: number;
  /** The index of the statement in the file, counted from 0. */
  statement: number;
  place: SourcePosition;
  /** Such as `creates table users`. */
  deeds: readonly string[];
  /** IF [NOT] EXISTS, or inside a branch that may not run. */
  isConditional: boolean;
}

/** @returns the statements that changed the object or a part of it, in the order of the history. */
export function entriesOf(record: TrackedObject): ObjectEntry[] {
  const groups = new Map<string, ObjectEvent[]>();
  for (const event of eventsOf(record)) {
    const key = `${event.migration} ${event.effect.statement}`;
    groups.set(key, [...(groups.get(key) ?? []), event]);
  }
  return [...groups.values()].map((events) => summarise(record, events));
}

function eventsOf({ events, parts }: TrackedObject): ObjectEvent[] {
  const all = [events, ...[...parts].map((part) => part.events)].flat();
  return all.sort((a, b) => a.migration - b.migration || a.effect.statement - b.effect.statement);
}

function summarise(record: TrackedObject, events: readonly ObjectEvent[]): ObjectEntry {
  const kept = tellingEvents(record, events);
  const [{ migration, effect }] = kept as [ObjectEvent];
  return {
    migration,
    statement: effect.statement,
    place: effect.place,
    deeds: [...new Set(kept.map((event) => wordsOfChange(event.effect)))],
    isConditional: kept.every((event) => event.effect.isConditional === true),
  };
}

/** The creation or drop of the object says enough; so do written changes, where PostgreSQL makes others along with them. */
function tellingEvents(
  { events: own }: TrackedObject,
  events: readonly ObjectEvent[],
): readonly ObjectEvent[] {
  const whole = events.filter(({ effect }) => effect.action !== 'alter');
  const ofWhole = whole.filter((event) => own.includes(event));
  if (ofWhole.length > 0) return ofWhole;
  const written = events.filter(({ effect }) => !effect.isImplicit && !effect.isGenerated);
  return written.length > 0 ? written : events;
}
