/** Numbers the names that PostgreSQL makes, as far as the history has them already. */

import type { Effect } from '../effects/effect.js';
import { keyOf } from '../effects/object-key.js';
import type { ObjectId } from '../syntax/object-id.js';
import type { Catalogue } from './catalogue.js';
import { type Collector, causeOf, recordAccess } from './collector.js';
import { objectKey } from './keys.js';

/** A name that PostgreSQL makes gets a number when the history has it already. */
export function withFreeName(collector: Collector, effect: Effect): Effect {
  const { object, by, action } = effect;
  const { renamed } = collector;
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
