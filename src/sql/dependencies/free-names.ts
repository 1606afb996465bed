/** Gives created objects the names that they have in truth, as far as the history tells. */

import { present } from '../../present.js';
import type { Effect } from '../effects/effect.js';
import { nameSpaceOf } from '../effects/name-space.js';
import { keyOf } from '../effects/object-key.js';
import type { ObjectId, TypeRef } from '../syntax/object-id.js';
import { type Catalogue, foundTypeName, located } from './catalogue.js';
import { type Collector, causeOf, recordAccess } from './collect/collector.js';
import { objectKey } from './keys.js';

/** A name that PostgreSQL makes gets a number when the history has it already. */
export function withFreeName(collector: Collector, given: Effect): Effect {
  const effect = asKnownKind(collector.catalogue, besideTable(collector.catalogue, given));
  const { object, by, action } = effect;
  const { renamed } = collector;
  if (object.types?.some((type) => typeof type !== 'string'))
    renamed.set(keyOf(object), foundCast(collector.catalogue, object.types));
  if (action === 'create' && effect.isGenerated && numberedKinds.has(object.kind) && !isKept(effect)) {
    const free = freeName(collector.catalogue, object);
    if (free !== object) {
      // Whether the number is needed depends on all that have the name without it.
      recordAccess(collector, objectKey(object), 'write', causeOf(effect));
      renamed.set(keyOf(object), free);
    }
  }
  if (renamed.size === 0) return effect;
  const owner = by && (renamed.get(keyOf(by)) ?? by);
  return { ...effect, object: renamed.get(keyOf(object)) ?? object, ...(owner ? { by: owner } : {}) };
}

/** An index lies in the schema of its table, in whichever of the search path that is found. */
function besideTable(catalogue: Catalogue, effect: Effect): Effect {
  const { object, beside } = effect;
  if (!beside?.path) return effect;
  const { path: _, ...own } = object;
  const table = located(catalogue, beside);
  return { ...effect, object: { ...own, ...present({ schema: table.schema }) }, beside: table };
}

/** ALTER TABLE may rename an index, a sequence or a view, which then keeps what comes with its kind. */
function asKnownKind(catalogue: Catalogue, effect: Effect): Effect {
  const { object, to, action } = effect;
  if (action !== 'alter' || !to || nameSpaceOf(object.kind) !== 'rel' || to.kind !== object.kind)
    return effect;
  const kind = catalogue.objects.get(keyOf(located(catalogue, object)))?.kind ?? object.kind;
  return kind === object.kind ? effect : { ...effect, object: { ...object, kind }, to: { ...to, kind } };
}

/** A cast has the names of its types, in whichever schemas of the search path these are found. */
function foundCast(catalogue: Catalogue, types: readonly TypeRef[]): ObjectId {
  const found = types.map((type) => foundTypeName(catalogue, type));
  return { kind: 'cast', name: found.join(' as '), types: found };
}

/** A column that is NOT NULL already keeps the constraint that says so. */
function isKept({ constraint, isConditional }: Effect): boolean {
  return constraint === 'not null' && isConditional === true;
}

const numberedKinds: ReadonlySet<string> = new Set(['constraint', 'index', 'sequence', 'statistics']);

function freeName({ objects }: Catalogue, object: ObjectId): ObjectId {
  for (let number = 0; ; number += 1) {
    const candidate = number === 0 ? object : { ...object, name: `${object.name}${number}` };
    if (!objects.has(keyOf(candidate))) return candidate;
  }
}
