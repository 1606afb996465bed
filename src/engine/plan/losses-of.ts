/** Loads what looks for losses only where something may be lost. */

import type { Loss } from './loss.js';

/** As `findLosses`, which only plans that roll back something load. */
export async function lossesOf(...args: Parameters<FindLosses>): Promise<Loss[]> {
  const [{ session }, planned] = args;
  if (planned.plan.steps.every(({ direction }) => direction === 'up')) return [];
  if (session.sqlite)
    return (await import('./sqlite/find-sqlite-losses.js')).findSqliteLosses(session, planned);
  const { findLosses } = await import('./find-losses.js');
  return findLosses(...args);
}

type FindLosses = typeof import('./find-losses.js').findLosses;
