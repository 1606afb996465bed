/** Infers which migrations of a history need each other, and why. */

import type { MigrationEffects } from '../effects/effect.js';
import type { SourcePosition } from '../syntax/object-id.js';
import type { Access } from './access.js';
import { createAncestorSets } from './ancestor-sets.js';
import { emptyCatalogue } from './catalogue.js';
import { collectMigration } from './collect/collect.js';
import { type AskedNames, indexNames, type UnknownReference } from './collect/collector.js';
import { replayMoves, type Stamped, type Trails } from './order.js';
import { findOrderedTables } from './ordered-tables.js';

/** One migration of a history, in the order in which the history was written. */
export interface InferredMigration {
  id: string;
  /** The effects of its up. */
  effects: MigrationEffects;
}

/** Why one migration must come after another. */
interface Reason {
  /** Such as `references table users, which 1679012345_create_users creates`. */
  message: string;
  /** Its place in the migration that needs the other. */
  place: SourcePosition;
  /** Its place in the other. */
  otherPlace: SourcePosition;
  /** It may be so: dynamic SQL, catalog queries, names with several meanings. */
  isGuess: boolean;
  /** The other would have created the object, had it not been there. */
  isAlternative: boolean;
}

/** That one migration must come after another. */
export interface Need {
  id: string;
  /** The best reason comes first. */
  reasons: readonly Reason[];
  /** Every reason is one; then some other need does as well. */
  isAlternative: boolean;
}

/** One migration's dependencies. */
export interface Dependencies {
  id: string;
  /** All direct needs, by the history's order. */
  needs: readonly Need[];
  /** The needs that no other implies: the parents that a graph should have. */
  parents: readonly string[];
  unknown: readonly UnknownReference[];
}

/** How careful to be. */
export interface InferenceOptions {
  /**
   * Keep the order also where it may matter: around opaque SQL, for ambiguous names, for catalog queries.
   * Needed to change the order of a history safely.
   */
  isConservative: boolean;
}

/** The maximum number of reasons for one need. */
const maxReasons = 5;

/**
 * Reads a history once, in its order.
 * @returns the dependencies of each of its migrations, in the same order.
 */
export function inferDependencies(
  history: readonly InferredMigration[],
  { isConservative }: InferenceOptions,
): Dependencies[] {
  const catalogue = emptyCatalogue();
  const askedNames = findAskedNames(history);
  const ancestors = createAncestorSets(history.length);
  const trails: Trails = new Map();
  return history.map(({ id, effects }, index) => {
    const { accesses, unknown } = collectMigration(catalogue, effects, { askedNames });
    const counted = isConservative ? accesses : accesses.filter(({ isGuess }) => !isGuess);
    const found = findNeeds(trails, counted, { index, history });
    const strict = [...found].filter(([, reasons]) => !areAlternatives(reasons)).map(([need]) => need);
    const parents = ancestors.add(strict).map((need) => (history[need] as InferredMigration).id);
    const needs = [...found].sort(([a], [b]) => a - b);
    return { id, needs: needs.map(([need, reasons]) => asNeed(history, need, reasons)), parents, unknown };
  });
}

/** The names that catalog queries anywhere in a history ask for. */
export function findAskedNames(history: readonly Pick<InferredMigration, 'effects'>[]): AskedNames {
  const queries = history.flatMap(({ effects }) => effects.catalogQueries);
  const ordered = findOrderedTables(history.map(({ effects }) => effects));
  return indexNames(
    queries.flatMap(({ names }) => names ?? []),
    ordered,
  );
}

function findNeeds(
  trails: Trails,
  accesses: readonly Access[],
  { index, history }: { index: number; history: readonly InferredMigration[] },
): Map<number, RankedReason[]> {
  const found = new Map<number, RankedReason[]>();
  for (const access of accesses) {
    for (const earlier of replayMoves(trails, { index, access })) {
      const reasons = found.get(earlier.index) ?? [];
      if (reasons.length < maxReasons * 4) reasons.push(explain(access, earlier, history));
      found.set(earlier.index, reasons);
    }
  }
  return found;
}

function areAlternatives(reasons: readonly Reason[]): boolean {
  return reasons.every(({ isAlternative }) => isAlternative);
}

/** Certain reasons before guesses, creations before changes. */
interface RankedReason extends Reason {
  rank: number;
}

function explain(
  access: Access,
  { index, access: other }: Stamped,
  history: readonly InferredMigration[],
): RankedReason {
  const { id } = history[index] as InferredMigration;
  const message =
    other.what === access.what
      ? `${access.verb} ${access.what}, which ${id} ${other.verb}`
      : `${access.verb} ${access.what}, and ${id} ${other.verb} ${other.what}`;
  const isGuess = access.isGuess || other.isGuess;
  const isMadeAgain = [access, other].some(({ verb }) => verb === 'drops and creates again');
  const isCreation = other.verb === 'creates' || isMadeAgain;
  const rank = (isGuess ? 2 : 0) + (isCreation ? 0 : 1);
  // A drop or a change must come after whoever looked at the object.
  const isAlternative = other.isAlternative === true && access.mode === 'read';
  return { message, place: access.place, otherPlace: other.place, isGuess, isAlternative, rank };
}

function asNeed(history: readonly InferredMigration[], need: number, found: readonly RankedReason[]): Need {
  const ranked = [...found].sort((a, b) => a.rank - b.rank);
  const reasons = new Map(ranked.map(({ rank: _, ...reason }) => [reason.message, reason]));
  return {
    id: (history[need] as InferredMigration).id,
    reasons: [...reasons.values()].slice(0, maxReasons),
    isAlternative: areAlternatives(found),
  };
}
