/** Carries what CREATE TABLE … LIKE and `SELECT *` copy into the catalogue. */

import type { Effect } from '../effects/effect.js';
import { keyOf } from '../effects/object-key.js';
import type { Collector } from './collect/collector.js';
import { applyEffect } from './fold.js';
import { copiesOf } from './like-copies.js';
import { noteCopy } from './remade-tables.js';

/** What is copied is there from now on. */
export function applyCopies(collector: Collector, effect: Effect): void {
  const { usage, statement } = effect;
  const table = usage === 'definition' ? effect.by : usage === 'copied columns' ? effect.beside : undefined;
  if (!table || collector.kept.has(`${statement} ${keyOf(table)}`)) return;
  noteCopy(collector, effect);
  for (const copy of copiesOf(collector.catalogue, effect)) {
    collector.onCopy?.(copy);
    applyEffect(collector.catalogue, copy);
  }
}
