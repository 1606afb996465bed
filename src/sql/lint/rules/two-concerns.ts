/** A migration that does two things which have nothing to do with each other can only be rolled back, or waited for, as one. */

import { describeObject } from '../../dependencies/keys.js';
import { type Concern, findConcerns } from '../concerns.js';
import type { Rule } from '../rule.js';

/** Fewer statements are quicker read together than apart. */
const sizeable = 3;

export const twoConcerns: Rule = {
  id: 'two-concerns',
  severity: 'info',
  topic: 'design',
  summary: 'a migration that changes objects which are independent of each other',
  checkMigration: (whole) => {
    if (whole.statements.length < 2 * sizeable) return [];
    const concerns = findConcerns(whole).filter(
      ({ statements, changesOld }) => changesOld && statements.size >= sizeable,
    );
    const [one] = concerns;
    const other = concerns.find((concern) => one && !areAlike(one, concern));
    if (!one || !other) return [];
    const at = whole.statements[Math.min(...other.statements)]?.start ?? 0;
    return [
      {
        at,
        message: `the ${describe(other)} and the ${describe(one)} are independent of each other`,
        help: 'Split the migration in two, so that each can be reviewed and rolled back alone.',
      },
    ];
  },
};

function describe({ object }: Concern): string {
  return describeObject(object);
}

/** The same done to many tables is one thing, and tables that share the beginning of their names are about one. */
function areAlike(one: Concern, other: Concern): boolean {
  const kinds = ({ kinds: all }: Concern) => [...all].sort().join();
  return kinds(one) === kinds(other) || firstWord(one) === firstWord(other);
}

function firstWord({ object }: Concern): string | undefined {
  return (object.parent ?? object.name).split('_')[0];
}
