/** Follows whether subscriptions have a replication slot on the other server. */

import type { Node } from '@pgsql/types';
import { type NodeOf, nodesOf } from '../syntax/node-of.js';
import { partsOf } from '../syntax/object-names.js';
import type { Schema } from './schema.js';

/** CREATE SUBSCRIPTION, and ALTER SUBSCRIPTION … SET. */
export function followSubscription(
  { slotless }: Schema,
  { subname = '', options }: NodeOf<'CreateSubscriptionStmt'> | NodeOf<'AlterSubscriptionStmt'>,
): void {
  const slot = slotName(options);
  if (slot === 'none') slotless.add(subname);
  else if (slot !== undefined) slotless.delete(subname);
}

/** `NONE` is no keyword of the grammar: it means no slot, whether quoted or not (subscriptioncmds.c). */
function slotName(options: readonly Node[] | undefined): string | undefined {
  const option = nodesOf(options, 'DefElem').findLast(({ defname }) => defname === 'slot_name');
  return option?.arg && partsOf(option.arg).at(-1);
}
