/** Keeps the database state of a history, and computes it only when a rule needs it. */

import { type Catalogue, emptyCatalogue } from '../dependencies/catalogue.js';
import { applyEffect } from '../dependencies/fold.js';
import type { MigrationEffects } from '../effects/effect.js';

/** Migrations in the order of the graph. */
export interface LintedHistory {
  /** @param read is called when it is needed, and not again */
  add(read: () => MigrationEffects): void;
  /** After all that were added; it changes with the next. */
  catalogue(): Catalogue;
  /** Another one that has the same migrations; it is to be asked before the first one gets more. */
  fork(): LintedHistory;
}

/** An empty history. */
export function startHistory(): LintedHistory {
  return historyOf(emptyCatalogue(), false);
}

/** For rules that never ask: it keeps nothing, so that texts need not stay in memory. */
export function noHistory(): LintedHistory {
  return { add: () => undefined, catalogue: emptyCatalogue, fork: noHistory };
}

/** Syntax trees are large, and are kept until they are read. */
const maxUnread = 16;

/** @param isShared whether the catalogue is that of another history, and is copied before it is changed */
function historyOf(start: Catalogue, isShared: boolean): LintedHistory {
  const unread: (() => MigrationEffects)[] = [];
  let known = { catalogue: start, isShared };
  const catalogue = () => {
    if (unread.length > 0 && known.isShared)
      known = { catalogue: structuredClone(known.catalogue), isShared: false };
    for (const read of unread.splice(0)) {
      for (const effect of read().effects) applyEffect(known.catalogue, effect);
    }
    return known.catalogue;
  };
  return {
    add: (read) => {
      unread.push(read);
      if (unread.length >= maxUnread) catalogue();
    },
    catalogue,
    fork: () => historyOf(catalogue(), true),
  };
}
