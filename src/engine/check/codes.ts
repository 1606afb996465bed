/** Every kind of conflict that `kat check` may find: the one source of the table in the docs. */

import type { ConflictCode } from '../../sql/conflicts/conflict.js';

/** The stable words for what `kat check` finds. */
export type CheckCode = ConflictCode | 'opaque';

interface CheckKind {
  meaning: string;
  /** What the order decides. */
  consequence: string;
}

/** In the order of the docs. */
export const checkKinds: Readonly<Record<CheckCode, CheckKind>> = {
  needs: {
    meaning: 'One creates what the other uses.',
    consequence: 'The user fails when it comes first.',
  },
  'dropped-while-used': {
    meaning: 'One drops, renames or moves what the other uses or changes.',
    consequence: 'The user fails when it comes second.',
  },
  'changed-while-used': {
    meaning: 'One changes what the other uses: a type, a function, the columns behind a `*`.',
    consequence: 'The user sees it as it was, or as it is then.',
  },
  'same-name': {
    meaning: 'Both create something of one name. `IF NOT EXISTS` does not help: the first wins in silence.',
    consequence: 'The second fails, or does nothing.',
  },
  'same-object': {
    meaning: 'Both change the same thing about one object, or replace it.',
    consequence: 'The last one holds.',
  },
  'same-rows': {
    meaning: 'One reads or changes rows that the other changes, or both insert a row with the same key.',
    consequence: 'The rows end differently, or the second INSERT fails.',
  },
  'rows-meet-rules': {
    meaning:
      'One adds or drops what rows set off or must fulfil: triggers, constraints, defaults; the other changes rows.',
    consequence: 'The trigger fires or does not, the row is refused or is not.',
  },
  'enum-order': {
    meaning: 'Both add a value to one enum.',
    consequence: 'The values stand in another order, which is how they are sorted.',
  },
  privileges: {
    meaning:
      'One grants on all that is there, sets default privileges or revokes; the other creates or grants.',
    consequence: 'Who may do what.',
  },
  'asked-for': {
    meaning:
      'One asks the catalogs by name whether something is there, and the other creates, changes or drops it.',
    consequence: 'The answer.',
  },
  'generated-values': {
    meaning: 'Both take numbers from one sequence, as rows with serial ids do.',
    consequence: 'Which row gets which number.',
  },
  'generated-names': {
    meaning: 'Both create an object without a name, and PostgreSQL makes one name for both.',
    consequence: 'Which of them gets a number in its name.',
  },
  overlap: {
    meaning: 'Both create or attach a partition of one table, and their bounds overlap.',
    consequence: 'The second fails, in either order.',
  },
  opaque: {
    meaning:
      'A migration contains SQL that Kat cannot analyse, and is unordered relative to other migrations.',
    consequence: 'Unknown.',
  },
};
