/** Formats the conflicts between two migrations, and the solution, as findings. */

import type { SourceLocation } from '../../errors.js';
import type { Finding } from '../../findings.js';
import { counted } from '../../graph/counted.js';
import { noOrderHelps } from '../deps/no-order-helps.js';
import type { BaseBranch } from './base-branch.js';
import type { CheckCode } from './codes.js';
import type { PairReason, UnorderedConflict } from './result.js';

/** Reports a pair with its best reason, at the migration that gets the edge; in a pull request at the new one. */
export function pairFinding(
  pair: UnorderedConflict,
  { words, branch }: { words: string; branch: BaseBranch | undefined },
): Finding {
  const [best] = pair.reasons as readonly [PairReason, ...PairReason[]];
  const [before, after] = best.deeds;
  const [first, second] = pair.ids;
  return {
    code: best.code,
    severity: best.severity,
    message: `unordered relative to ${first}: ${best.isGuess ? 'perhaps ' : ''}${words}`,
    help: helpOfReason(best, helpOf(pair, branch)),
    migration: second,
    location: after.location,
    related: [{ message: `${first} ${before.message}`, location: before.location }],
  };
}

function helpOfReason({ code, failsAnyway }: PairReason, order: string): string {
  if (failsAnyway) return noOrderHelps;
  if (code !== 'same-name') return order;
  const then = order.charAt(0).toLowerCase() + order.slice(1);
  return `Rename or delete one of them; if the second needs the object of the first, ${then}`;
}

function helpOf(
  { ids: [first, second], edge, isTangled }: UnorderedConflict,
  branch: BaseBranch | undefined,
): string {
  if (isTangled) {
    return `Both orders conflict: move a statement of ${second} or ${first} into another migration.`;
  }
  const isAhead = branch?.ahead.some(({ migration }) => migration.id === edge.parent);
  const add = `dd ${edge.parent} to the parents of ${edge.child}.`;
  return isAhead ? `Merge ${branch?.base.revision}, then a${add}` : `A${add}`;
}

/** An opaque migration that is unordered relative to others. */
export function opaqueFinding(found: {
  id: string;
  words: string;
  location: SourceLocation;
  beside: number;
}): Finding {
  const { id, words, location, beside } = found;
  return {
    code: 'opaque' satisfies CheckCode,
    severity: 'warning',
    message: `${words}: Kat cannot analyse it, and it is unordered relative to ${counted(beside, 'migration')}`,
    help: 'Review it manually. `-- kat:requires` and `-- kat:provides` declare what it needs and creates.',
    migration: id,
    location,
  };
}
