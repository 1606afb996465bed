/** Says a difference of two snapshots in one sentence. */

import type { PropertyChange, SchemaDifference } from './difference.js';
import { describeNotNullChange } from './not-null-words.js';
import { describeSnapshotObject, isLeftInvalid, pluralKinds, type SnapshotObject } from './snapshot.js';

/** Longer values are in the definitions only. */
const maxLength = 80;

/** @returns the object in words, and the sentence about it. */
export function describeChange(
  object: SnapshotObject,
  change: SchemaDifference['change'],
  properties: readonly PropertyChange[],
): Pick<SchemaDifference, 'object' | 'sentence'> {
  const words = describeSnapshotObject(object);
  const verb = pluralKinds.includes(object.kind) ? 'were' : 'was';
  const end = change === 'added' && isLeftInvalid(object) ? ', and is INVALID: its build failed' : '';
  const fact = `${words} ${verb} ${change}${end}`;
  const sentence = properties.length > 0 ? `${fact}: ${properties.map(describeProperty).join('; ')}` : fact;
  return { object: words, sentence };
}

function describeProperty({ property, before, after }: PropertyChange): string {
  if (property === 'notNull') return describeNotNullChange(before, after);
  const name = property.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
  if (property === 'hash' || !isShort(before) || !isShort(after)) return `${name} differs`;
  if (before === undefined) return `${name} is now ${after}`;
  return after === undefined ? `${name} was ${before}` : `${name} was ${before}, is now ${after}`;
}

function isShort(value: string | undefined): boolean {
  return value === undefined || (value.length <= maxLength && !value.includes('\n'));
}
