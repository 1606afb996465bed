/** Lists for each use of an object the other objects that it depends on. */

import type { Usage } from '../effects/change.js';
import type { Aspect } from './keys.js';

/** The needs of one kind of use. */
interface UsageFacts {
  /** The aspects that it looks at. */
  reads: readonly Aspect[];
  /** The aspect that a definition goes on needing. */
  needs?: Aspect;
  /** All columns are meant, without being named. */
  isWhole?: boolean;
  /** Whatever the object has is taken over, and columns without their names. */
  isCopy?: boolean;
  /** Values are counted against columns. */
  isCounted?: boolean;
  /** The used object is copied at once, and not needed afterwards. */
  isTakenOver?: boolean;
  /** It only says more about another use. */
  isNote?: boolean;
}

const copied = ['keys', 'rules', 'filling', 'triggers', 'details', 'options', 'comment'] as const;

const usages: Readonly<Record<Usage, UsageFacts>> = {
  'added column': { reads: [] },
  'all columns': { reads: [], needs: 'shape', isWhole: true },
  'checked now': { reads: [] },
  'copied column': { reads: [], isTakenOver: true },
  'copied columns': { reads: [], isNote: true },
  deferred: { reads: [] },
  definition: { reads: copied, isWhole: true, isCopy: true, isTakenOver: true },
  elements: { reads: [] },
  'enum value': { reads: [] },
  family: { reads: ['parts'] },
  'foreign key': { reads: [] },
  given: { reads: [] },
  granted: { reads: [] },
  'identity index': { reads: [] },
  inheritance: { reads: copied, isWhole: true, isCopy: true },
  'inserted columns': { reads: [], isCounted: true, isNote: true },
  'joined definition': { reads: copied, isWhole: true, isCopy: true, isTakenOver: true },
  'key index': { reads: [] },
  keys: { reads: ['keys'], needs: 'lost keys' },
  'keys of some rows': { reads: ['keys'], needs: 'lost keys' },
  'leading columns': { reads: [], needs: 'shape', isWhole: true, isCounted: true },
  'left out': { reads: [] },
  owner: { reads: [] },
  owning: { reads: [] },
  published: { reads: ['parts'] },
  result: { reads: [] },
  row: { reads: [] },
  'whole row': { reads: ['shape'] },
};

/** The facts of a use by its name alone. */
const plain: UsageFacts = { reads: [] };

/** The keys that a use depends on; without a usage only the name. */
export function factsOf(usage: Usage | undefined): UsageFacts {
  return usage ? usages[usage] : plain;
}

/** The aspects that definitions may go on needing. */
export const neededAspects: readonly Aspect[] = Object.values(usages).flatMap(({ needs }) => needs ?? []);
