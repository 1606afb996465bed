/** Compares the predicted effects of a statement with the observed ones. */

import { type Impact, isAtLeastLock, type LockMode } from '../../sql/impact/impact.js';
import { findRelation, keyOfName, type Schema } from '../../sql/schema/schema.js';
import type { RelationName } from '../../sql/syntax/relation-name.js';
import type { Difference, Observation, ObservedLock } from './result.js';

/**
 * Indexes and sequences are only compared where they are predicted. Unpredictable effects are not compared: those
 * of functions and triggers, how a query reads its tables, and which partitions the planner prunes.
 * @param schema as it was before the statement
 */
export function compareImpact(predicted: Impact, observed: Observation, schema: Schema): Difference[] {
  return [
    ...compareLocks(predicted, observed, schema),
    ...compareNames('rewrite', predicted.rewrites, {
      observed: observed.rewrites,
      isExpected: () => !predicted.isWhole,
    }),
    ...compareNames('scan', predicted.scans, {
      observed: observed.scans,
      isExpected: (name) => !predicted.isWhole || predicted.queries.some((query) => isSame(query, name)),
    }),
  ];
}

function isSame(one: RelationName, other: RelationName): boolean {
  return keyOfName(one) === keyOfName(other);
}

function compareLocks(predicted: Impact, { locks }: Observation, schema: Schema): Difference[] {
  if (!locks) return [];
  const seen = new Map(locks.map((lock) => [keyOfName(lock.relation), lock]));
  const said = new Map(predicted.locks.map(({ relation, mode }) => [keyOfName(relation), mode]));
  const relations = [...predicted.locks, ...locks.filter(({ relation }) => !said.has(keyOfName(relation)))];
  return relations.flatMap(({ relation }): Difference[] => {
    const [own, other] = [said.get(keyOfName(relation)), seen.get(keyOfName(relation))];
    if (own === other?.mode || isExcused(predicted, relation, { own, other, schema })) return [];
    return [{ what: 'lock', relation, predicted: own, observed: other?.mode }];
  });
}

interface Disagreement {
  own: LockMode | undefined;
  other: ObservedLock | undefined;
  schema: Schema;
}

function isExcused(predicted: Impact, relation: RelationName, { own, other, schema }: Disagreement): boolean {
  const known = findRelation(schema, relation);
  const isPruned =
    (known?.parents ?? []).length > 0 && predicted.queries.some((query) => isSame(query, relation));
  if (!other) return isPruned;
  if (!own && !other.isTable) return true;
  return !predicted.isWhole && (!own || isAtLeastLock(other.mode, own));
}

interface Seen {
  observed: readonly RelationName[];
  /** Whether it may happen without being predicted. */
  isExpected(name: RelationName): boolean;
}

function compareNames(
  what: 'rewrite' | 'scan',
  predicted: readonly RelationName[],
  { observed, isExpected }: Seen,
): Difference[] {
  const missed = predicted.filter((name) => !observed.some((other) => isSame(name, other)));
  const more = observed.filter(
    (name) => !predicted.some((other) => isSame(name, other)) && !isExpected(name),
  );
  return [
    ...missed.map((relation) => ({ what, relation, isPredicted: true })),
    ...more.map((relation) => ({ what, relation, isPredicted: false })),
  ];
}
