/** Every kind of conflict that `kat check` may find: the one source of the table in the docs. */

import type { ConflictCode } from '../../sql/conflicts/conflict.js';

/** The stable words for what `kat check` finds. */
export type CheckCode = ConflictCode | 'opaque';

interface CheckKind {
  meaning: string;
  /** The effect of the order. */
  consequence: string;
}

/** In the order of the docs. */
export const checkKinds: Readonly<Record<CheckCode, CheckKind>> = {
  needs: {
    meaning: 'One migration creates an object that the other uses, replaces, renames or drops.',
    consequence: 'The using migration fails if it runs first.',
  },
  'dropped-while-used': {
    meaning: 'One migration drops, renames or moves an object that the other uses or changes.',
    consequence: 'The using migration fails if it runs second.',
  },
  'changed-while-used': {
    meaning: 'One migration changes an object that the other uses: a type, a function, the columns of a `*`.',
    consequence: 'The using migration sees the object before or after the change.',
  },
  'same-name': {
    meaning:
      'Both create an object with the same name. `IF NOT EXISTS` does not help: the second is skipped silently.',
    consequence: 'The second fails, or does nothing.',
  },
  'same-object': {
    meaning: 'Both change the same property of an object, or replace the object.',
    consequence: 'The change that runs last wins.',
  },
  'same-rows': {
    meaning: 'One migration reads or changes rows that the other changes, or both insert the same key.',
    consequence: 'The final rows differ, or the second INSERT fails.',
  },
  'rows-meet-rules': {
    meaning: 'One migration adds or drops a trigger, constraint or default; the other changes rows.',
    consequence: 'The order decides whether the trigger fires and whether a row is rejected.',
  },
  'enum-order': {
    meaning: 'Both add a value to the same enum.',
    consequence: 'The enum values are stored, and sorted, in a different order.',
  },
  privileges: {
    meaning:
      'One migration grants on all existing objects, sets default privileges or revokes; the other creates or grants.',
    consequence: 'The final privileges differ.',
  },
  'asked-for': {
    meaning:
      'One migration looks up an object by name in the catalogs; the other creates, changes or drops it.',
    consequence: 'The answer.',
  },
  'generated-values': {
    meaning: 'Both take numbers from the same sequence, as rows with serial ids do.',
    consequence: 'The rows get different numbers.',
  },
  'generated-names': {
    meaning: 'Both create an object without a name, and PostgreSQL generates the same name for both.',
    consequence: 'The second object gets a number in its name.',
  },
  overlap: {
    meaning:
      'Both create or attach a partition of the same table, and the bounds overlap; or both add a primary key to the same table.',
    consequence: 'The second fails, in either order.',
  },
  opaque: {
    meaning:
      'A migration contains SQL that Kat cannot analyse, and is unordered relative to other migrations.',
    consequence: 'Unknown.',
  },
};
