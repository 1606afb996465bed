/** Carries what CREATE TABLE … LIKE makes into the catalogue. */

import type { Effect } from '../effects/effect.js';
import { keyOf } from '../effects/object-key.js';
import type { Collector } from './collector.js';
import { applyEffect } from './fold.js';
import { copiesOf } from './like-copies.js';

/** What LIKE copies is there from now on. */
export function applyCopies(collector: Collector, effect: Effect): void {
  if (effect.usage !== 'definition' || !effect.by) return;
  if (collector.kept.has(`${effect.statement} ${keyOf(effect.by)}`)) return;
  for (const copy of copiesOf(collector.catalogue, effect)) {
    collector.onCopy?.(copy);
    applyEffect(collector.catalogue, copy);
  }
}
