/** Finds what a statement would do, and what the history shows not to happen. */

import type { Effect } from '../effects/effect.js';
import { keyOf } from '../effects/object-key.js';
import { type Catalogue, ownerKey } from './catalogue.js';
import type { Collector } from './collect/collector.js';
import { hasNotNull } from './not-null-constraints.js';

/** Whether the history shows that an effect does not happen. Asked once for each, in their order. */
export function isNotHappening(collector: Collector, effect: Effect): boolean {
  const { catalogue } = collector;
  return (
    isWithoutIndex(catalogue, effect) || hasNotNull(catalogue, effect) || isPartOfKept(collector, effect)
  );
}

/** CREATE TABLE IF NOT EXISTS and its like make and change no parts of a table that is there, and CREATE INDEX no table. */
function isPartOfKept({ catalogue, kept }: Collector, effect: Effect): boolean {
  const { action, object, definition, isConditional, isReplacement, statement, change } = effect;
  if (change?.kind === 'index') return kept.has(`index ${statement}`);
  if (!isConditional || isReplacement) return false;
  if (action === 'create' && object.kind === 'index' && catalogue.objects.has(keyOf(object)))
    kept.add(`index ${statement}`);
  const ofStatement = (table: string) => `${statement} ${table}`;
  if (object.kind !== 'table' && object.kind !== 'materialized view') {
    const owner = ownerKey(object);
    const isDefined = action === 'create' && definition !== undefined && kept.has(definition);
    return isDefined || (action === 'alter' && owner !== undefined && kept.has(ofStatement(owner)));
  }
  const key = keyOf(object);
  const isKeptTable = action === 'create' && definition !== undefined && catalogue.objects.has(key);
  if (isKeptTable) kept.add(definition).add(ofStatement(key));
  return false;
}

/** Whether an index is renamed with a constraint that is known, and has none. */
function isWithoutIndex({ objects }: Catalogue, { object, to, isImplicit }: Effect): boolean {
  if (object.kind !== 'index' || !to || !isImplicit || objects.has(keyOf(object))) return false;
  // The constraint has its new name by now.
  return [...objects.values()].some(
    ({ kind, schema, name }) => kind === 'constraint' && schema === to.schema && name === to.name,
  );
}
