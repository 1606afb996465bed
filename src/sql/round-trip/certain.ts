/** Distinguishes certain effects from effects in branches that may not run. */

import type { Effect, MigrationEffects } from '../effects/effect.js';
import { keyOf } from '../effects/object-key.js';

/** The effects of running the text, without effects of later uses. */
export function happenings({ effects }: MigrationEffects): Effect[] {
  return effects.filter(({ when }) => when !== 'later');
}

/** Whether an effect changes the catalogue and not only rows. */
export function isCertainChange({ action }: Effect): boolean {
  return action === 'create' || action === 'alter' || action === 'drop';
}

/**
 * The keys of what may be there after a way and may as well not. What is made in a branch is certain all the same when
 * something outside of any branch needs it afterwards.
 */
export function uncertainKeys(happenings: readonly Effect[]): Set<string> {
  const made = new Set<string>();
  const gone = new Set<string>();
  for (const { action, object, to, isInBranch } of happenings) {
    const key = keyOf(object);
    if (!isInBranch) {
      if (action === 'use') made.delete(key);
    } else if (action === 'create') made.add(key);
    else if (action === 'drop') gone.add(key);
    else if (to) gone.add(key).add(keyOf(to));
  }
  return new Set([...made, ...gone]);
}

/** Whether a part of it is known only when it runs. */
export function isOpaque({ opaque }: MigrationEffects): boolean {
  return opaque.some(({ when }) => when === 'now');
}
