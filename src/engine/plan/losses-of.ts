/** Loads what looks for losses only where something may be lost. */

import { present } from '../../present.js';
import { type RememberedFacts, readRememberedFacts } from '../ledger/logged-migrations.js';
import { findJoined } from './contained.js';
import type { LossLook } from './find-losses.js';
import type { Loss } from './loss.js';

/** The losses of a plan, and what a run needs to look at again before it destroys something. */
export interface FoundLosses {
  losses: readonly Loss[];
  /** As `LossLook`; missing on SQLite, where the run looks in its own transaction. */
  look?: LossLook;
}

/** As `lookForLosses`, for those who run nothing. */
export async function lossesOf(...args: Parameters<FindLosses>): Promise<readonly Loss[]> {
  return (await lookForLosses(...args)).losses;
}

/** As `findLosses`, which only plans that roll back something load. */
export async function lookForLosses(...args: Parameters<FindLosses>): Promise<FoundLosses> {
  const [{ session, ledger }, planned] = args;
  if (planned.plan.steps.every(({ direction }) => direction === 'up')) return { losses: [] };
  const joined = await readJoined({ session, ledger }, planned);
  if (session.sqlite) {
    const { findSqliteLosses } = await import('./sqlite/find-sqlite-losses.js');
    return { losses: withJoined(await findSqliteLosses(session, planned), joined) };
  }
  const look = await (await import('./find-losses.js')).findLosses(...args);
  return { losses: withJoined(look.losses, joined), look };
}

/** What the rolled back migrations may have contained when they ran, by their ids. */
async function readJoined(
  { session, ledger }: Parameters<FindLosses>[0],
  { graph, plan }: Parameters<FindLosses>[1],
): Promise<Map<string, readonly string[]>> {
  const downs = plan.steps.filter(({ id, direction }) => direction === 'down' && !graph.get(id).isMissing);
  const ids = downs.map(({ id }) => id).filter((id) => graph.get(id).parents.length > 0);
  const facts =
    ids.length === 0 ? new Map<string, RememberedFacts>() : await readRememberedFacts(session, ledger, ids);
  const joined = ids.map((id) => [id, findJoined(graph, id, facts.get(id))] as const);
  return new Map(joined.filter(([, contained]) => contained.length > 0));
}

function withJoined(losses: readonly Loss[], joined: ReadonlyMap<string, readonly string[]>): Loss[] {
  const known = new Map(losses.map((loss) => [loss.id, loss]));
  const others = [...joined.keys()].filter((id) => !known.has(id));
  const all = [...losses, ...others.map((id): Loss => ({ id, replaces: [], tables: [] }))];
  return all.map((loss) => ({ ...loss, ...present({ joined: joined.get(loss.id) }) }));
}

type FindLosses = typeof import('./find-losses.js').findLosses;
