/** Finds accesses that must keep their order, in time linear in their number. */

import { type Access, commute } from './access.js';

/** One access of one migration. */
export interface Stamped {
  /** Index of the migration in the history. */
  index: number;
  access: Access;
}

/** The last accesses to one key: the newest group of those that commute, and the group before it. */
interface Trail {
  before: Stamped[];
  newest: Stamped[];
}

/** The history of all keys. */
export type Trails = Map<string, Trail>;

/**
 * Adds an access to the trail of its key.
 * @returns the earlier accesses that must stay before it, and those that may stand in for one of them; those before them are left out.
 */
export function replayMoves(trails: Trails, stamped: Stamped): readonly Stamped[] {
  const trail = trails.get(stamped.access.key);
  if (!trail) {
    trails.set(stamped.access.key, { before: [], newest: [stamped] });
    return [];
  }
  const newest = trail.newest[0] as Stamped;
  if (needNoOrder(newest.access, stamped.access)) {
    const alternatives = trail.newest.filter(({ access }) => access.isAlternative);
    trail.newest.push(stamped);
    return [...trail.before, ...alternatives];
  }
  trail.before = trail.newest;
  trail.newest = [stamped];
  return trail.before;
}

/** Rows of two INSERTs that both succeed cannot be in each other's way. */
function needNoOrder(one: Access, other: Access): boolean {
  return commute(one.mode, other.mode) || (one.isNewRows === true && other.isNewRows === true);
}
