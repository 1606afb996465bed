/** Executes two migrations in both orders, on the schema of their ancestors. */

import type { Graph } from '../../../graph/graph.js';
import { compareSnapshots } from '../../../sql/snapshot/compare.js';
import type { PairEnds } from '../../evidence/entry.js';
import type { Trial } from '../trial.js';
import type { OrderEnd } from './find-culprit.js';

/**
 * @param pair migrations without a path between them.
 * @returns undefined where their ancestors fail, or both orders: then nothing is known.
 * @throws ConnectionError; KatError CANCELLED.
 */
export async function tryPair(
  trial: Trial,
  graph: Graph,
  [one, other]: readonly [string, string],
): Promise<PairEnds | undefined> {
  const before = new Set([...graph.ancestors(one), ...graph.ancestors(other)]);
  const run = async (order: readonly string[]): Promise<OrderEnd | undefined> => {
    trial.spoil();
    if (await trial.moveTo(before)) return undefined;
    const applied = new Set(before);
    for (const id of order) {
      applied.add(id);
      const failure = await trial.moveTo(applied);
      if (failure) return { failure };
    }
    return { schema: await trial.readSnapshot() };
  };
  const ends = [await run([one, other]), await run([other, one])] as const;
  trial.spoil();
  return compareEnds(...ends);
}

function compareEnds(first: OrderEnd | undefined, second: OrderEnd | undefined): PairEnds | undefined {
  if (!first || !second || ('failure' in first && 'failure' in second)) return undefined;
  if ('failure' in first || 'failure' in second) return 'fails';
  return compareSnapshots(first.schema, second.schema).length === 0 ? 'same' : 'differs';
}
