/** Finds out which makers of an object a migration does not wait for, because it has the object from elsewhere. */

import type { KeyAccess } from '../dependencies/access.js';
import type { Judgement } from './conflict.js';
import { mayBeOverloaded, roleOf } from './roles.js';

/** What a migration needs of another. */
interface Need {
  /** The key of the object, for the migration that needs it. */
  object: string;
  /** Whether its ancestors have made the object. */
  isHad: boolean;
}

/** A reason of a pair of migrations, of which `one` is older. */
interface Reason {
  first?: Judgement['first'];
  need?: Need | undefined;
}

/** @returns undefined where the judgement is not that one migration needs the object that the other creates. */
export function needOf(
  { code, first }: Judgement,
  [one, other]: readonly [KeyAccess, KeyAccess],
  numbers: readonly [number, number],
): Need | undefined {
  if (code !== 'needs' || !first) return undefined;
  const [maker, user, number] = first === 'one' ? [one, other, numbers[1]] : [other, one, numbers[0]];
  const isWhole = user.key.kind === 'object' && roleOf(maker) === 'create';
  if (!isWhole || mayBeOverloaded(user.key)) return undefined;
  return { object: `${number} ${user.key.text}`, isHad: user.existed };
}

/**
 * A newer migration that makes the object once more, behind a drop, need not come before its older users. So none of both is
 * the first there.
 * @param reasons of all pairs
 */
export function releaseOlderUsers<R extends Reason>(reasons: Iterable<readonly R[]>): (reason: R) => R {
  const hasOlderMaker = new Set<string>();
  for (const list of reasons)
    for (const { first, need } of list) if (need && first === 'one') hasOlderMaker.add(need.object);
  return (reason) => {
    const { need, first } = reason;
    if (!need || first === 'one' || !(need.isHad || hasOlderMaker.has(need.object))) return reason;
    const { first: _, ...released } = reason;
    return released as R;
  };
}
