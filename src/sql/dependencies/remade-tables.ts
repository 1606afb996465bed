/** Finds the tables that a migration replaces by others of their names, and what these have of them. */

import { present } from '../../present.js';
import type { Effect } from '../effects/effect.js';
import { keyOf } from '../effects/object-key.js';
import type { ObjectId } from '../syntax/object-id.js';
import type { KeyAccess } from './access.js';
import type { AccessLog } from './access-log.js';
import { type Catalogue, located, partKeysOf } from './catalogue.js';
import { type Collector, causeOf } from './collect/collector.js';
import { objectKey } from './keys.js';

/** A table is about to be dropped, or renamed. */
export function noteFormer({ remaking, catalogue, log }: Collector, effect: Effect): void {
  const { object, to } = effect;
  const key = keyOf(object);
  if (!log || catalogue.objects.get(key)?.kind !== 'table') return;
  const isNew = remaking.origins.has(key) || remaking.copies.has(key);
  if (!isNew && !remaking.former.has(key))
    remaking.former.set(key, { parts: partKeysOf(catalogue, key), effect });
  const copy = remaking.copies.get(key);
  if (to && copy) remaking.copies.set(keyOf(to), copy);
  if (to) remaking.origins.set(keyOf(to), remaking.origins.get(key) ?? key);
  remaking.copies.delete(key);
}

/** LIKE, or `SELECT *`. */
export function noteCopy({ remaking, catalogue }: Collector, effect: Effect): void {
  const target = effect.usage === 'definition' ? effect.by : effect.beside;
  if (target?.kind !== 'table') return;
  const source = keyOf(located(catalogue, effect.object));
  const { like } = effect.sets ?? {};
  const copy = { options: Number(like ?? 0), isOfQuery: like === undefined };
  remaking.copies.set(keyOf(target), { of: remaking.origins.get(source) ?? source, ...copy });
}

/** Writes down for each part of a table that has been replaced whether it is there again, has gone or is new. */
export function noteRemade({ remaking, catalogue, log }: Collector): void {
  if (!log || remaking.former.size === 0) return;
  const named = namedColumns(log);
  for (const [key, { parts, effect }] of remaking.former) {
    if (catalogue.objects.get(key)?.kind !== 'table') continue;
    const copy = remaking.copies.get(key);
    log.remade.set(key, { named, ...(copy?.of === key ? { copy } : {}) });
    noteParts(log, catalogue, { key, parts, effect });
  }
}

function noteParts(
  log: AccessLog,
  catalogue: Catalogue,
  { key, parts, effect }: { key: string; parts: readonly ObjectId[]; effect: Effect },
): void {
  const after = partKeysOf(catalogue, key);
  const [old, next] = [parts, after].map((list) => new Set(list.map(keyOf))) as [Set<string>, Set<string>];
  for (const part of after.filter((one) => !old.has(keyOf(one))))
    log.replace({ ...accessTo(catalogue, part, effect), verb: 'creates', isCleared: true });
  for (const part of parts) {
    const access = accessTo(catalogue, part, effect);
    const isThere = next.has(keyOf(part));
    if (isThere) log.replace({ ...access, verb: 'drops and creates again', existed: true });
    else log.replace({ ...access, verb: 'drops', existed: true, effect: endOf(access.effect) });
  }
}

/** @param effect what took the name away from the table that had the part */
function accessTo(catalogue: Catalogue, part: ObjectId, effect: Effect): KeyAccess & { effect: Effect } {
  const { place, statement, to } = effect;
  const own: Effect = {
    ...{ action: 'create', object: part, place, statement, when: 'now' },
    ...present({ sets: catalogue.properties.get(keyOf(part)), to: to && inTable(part, to) }),
  };
  return { ...causeOf(own), effect: own, key: objectKey(part), mode: 'write', existed: false };
}

function endOf(effect: Effect): Effect {
  return { ...effect, action: 'drop', isConditional: true, isImplicit: true };
}

function inTable(part: ObjectId, { name, schema }: ObjectId): ObjectId {
  return { ...part, parent: name, ...present({ schema }) };
}

/** What a statement writes down by itself, and not what follows from others. */
function namedColumns({ byKey }: AccessLog): Set<string> {
  const effects = [...byKey.values()].flat().flatMap(({ effect }) => effect ?? []);
  const named = effects.filter(
    ({ action, object, isImplicit, usage }) =>
      object.kind === 'column' &&
      !isImplicit &&
      action !== 'drop' &&
      usage !== 'given' &&
      usage !== 'left out',
  );
  return new Set(named.map(({ object }) => object.name));
}
