/** Tells whether what migrations wrote may be the only copy by now, as others have taken away what it was copied from. */

import type { RowMoves } from './row-moves.js';
import { movesValues } from './value-moves.js';

/** One run of a migration. */
export interface PastMove {
  direction: 'up' | 'down';
  /** Whether a rollback is about to take back what it did. */
  isRolledBack: boolean;
  /** Undefined where nobody knows. */
  moves?: RowMoves;
}

/**
 * @param past in the order in which they ran, from the first one that is rolled back
 * @param views names of views
 */
export function mayHoldOnlyCopy(past: readonly PastMove[], views: ReadonlySet<string>): boolean {
  const copies = past.filter(({ direction, isRolledBack }) => direction === 'up' && isRolledBack);
  const copiesRows = copies.some(({ moves }) => moves === undefined || moves.readsOtherRows);
  const copiesValues = copies.some(({ moves }) => moves === undefined || moves.values.copied.length > 0);
  if (!copiesRows && !copiesValues) return false;
  if (past.some(({ moves }) => moves === undefined)) return true;
  const made = new Set(past.flatMap(({ moves }) => [...(moves?.makes ?? [])]));
  return (
    (copiesRows && past.some((one) => takesRows(one, made))) ||
    movesValues(
      past.flatMap(({ moves }) => moves?.values ?? []),
      views,
    )
  );
}

/** What a migration made it may take back. */
function takesRows({ direction, moves }: PastMove, made: ReadonlySet<string>): boolean {
  if (!moves?.takesAway) return false;
  return direction === 'up' || moves.takes === undefined || moves.takes.some((name) => !made.has(name));
}
