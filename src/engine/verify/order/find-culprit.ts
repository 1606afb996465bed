/** Finds the one pair of migrations whose order makes two orders end differently. */

import type { KatError } from '../../../errors.js';
import { swapAt, swapsBetween } from '../../../graph/linear-orders.js';
import { compareSnapshots } from '../../../sql/snapshot/compare.js';
import type { SchemaDifference } from '../../../sql/snapshot/difference.js';
import type { SchemaSnapshot } from '../../../sql/snapshot/snapshot.js';

/** How an order ends. */
export type OrderEnd = { schema: SchemaSnapshot } | { failure: KatError };

/** Applies all migrations to an empty database, in this order. */
export type RunOrder = (order: readonly string[]) => Promise<OrderEnd>;

/** Two migrations that stand side by side in an order that ends well, and whose swap ends otherwise. */
export interface Culprit {
  /** In the order that ends well. */
  ids: readonly [string, string];
  /** What the swap changes; empty where it fails. */
  differences: readonly SchemaDifference[];
  failure?: KatError;
}

/** @returns what the second schema has otherwise; a failure has no schema to compare. */
function compareEnds(good: SchemaSnapshot, end: OrderEnd): SchemaDifference[] | undefined {
  return 'failure' in end
    ? undefined
    : compareSnapshots(good, end.schema).filter(({ within }) => within === undefined);
}

export function endsLike(good: SchemaSnapshot, end: OrderEnd): boolean {
  return compareEnds(good, end)?.length === 0;
}

/**
 * Halves the way from the good order to the bad one, swap by swap.
 * @param good an order that ends with `schema`
 * @param bad one that does not
 */
export async function findCulprit(
  run: RunOrder,
  {
    good,
    schema,
    bad,
    end,
  }: { good: readonly string[]; schema: SchemaSnapshot; bad: readonly string[]; end: OrderEnd },
): Promise<Culprit> {
  const swaps = swapsBetween(good, bad);
  let [last, first, firstEnd] = [0, swaps.length, end];
  while (first - last > 1) {
    const middle = Math.floor((last + first) / 2);
    const middleEnd = await run(swapAt(good, swaps.slice(0, middle)));
    if (endsLike(schema, middleEnd)) last = middle;
    else [first, firstEnd] = [middle, middleEnd];
  }
  const order = swapAt(good, swaps.slice(0, last));
  const place = swaps[last] as number;
  return {
    ids: [order[place] as string, order[place + 1] as string],
    differences: compareEnds(schema, firstEnd) ?? [],
    ...('failure' in firstEnd ? { failure: firstEnd.failure } : {}),
  };
}
