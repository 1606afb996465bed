/** Reads what each migration of a history accesses, against a catalogue of its ancestors, and keeps it by key. */

import type { KeyAccess } from '../dependencies/access.js';
import { type AccessMode, commute } from '../dependencies/access.js';
import { type AccessLog, createAccessLog } from '../dependencies/access-log.js';
import { type Catalogue, emptyCatalogue } from '../dependencies/catalogue.js';
import { collectMigration, foldMigration } from '../dependencies/collect/collect.js';
import type { AskedNames } from '../dependencies/collect/collector.js';
import { findAskedNames } from '../dependencies/infer.js';
import { everything } from '../dependencies/keys.js';
import type { Effect, MigrationEffects } from '../effects/effect.js';
import { nameSpaceOf } from '../effects/name-space.js';
import { isJudged } from './judge.js';

/** One migration, in the order of the graph. */
export interface CheckedMigration {
  id: string;
  /** The effects of its up. */
  effects: MigrationEffects;
  /** Its SQL, in which literals are looked for. */
  text: string;
}

/** How one migration accesses one key. */
export interface MigrationAccess {
  index: number;
  accesses: readonly KeyAccess[];
  /** The one mode of all its accesses, or `write`. */
  mode: AccessMode;
}

/** Whether one migration, by its number, is an ancestor of another. */
export type IsAncestor = (one: number, other: number) => boolean;

/**
 * Reads everything in one row first. Whoever shares a key with an earlier migration that is no ancestor may have been read
 * wrongly, as if that one had been there: it is read again, against its ancestors alone.
 * @returns the access log of each migration; an empty one of those that are not involved, as far as nobody needs theirs.
 */
export function readAccessLogs(
  history: readonly CheckedMigration[],
  {
    isAncestor,
    isInvolved,
    onCopy,
  }: {
    isAncestor: IsAncestor;
    isInvolved(number: number): boolean;
    /** Receives what each LIKE creates. */
    onCopy?(number: number, effect: Effect): void;
  },
): AccessLog[] {
  const askedNames = findAskedNames(history);
  const catalogue = emptyCatalogue();
  const logs = history.map(({ effects }, number) => {
    const listeners = { onCopy: (effect: Effect) => onCopy?.(number, effect) };
    if (isInvolved(number) || effects.effects.some(makesFunction))
      return readOne(catalogue, effects, { askedNames, ...listeners });
    foldMigration(catalogue, effects, listeners);
    return createAccessLog(catalogue);
  });
  const folded = foldedAncestors(history, isAncestor);
  for (const index of findDoubtful(logs, isAncestor)) {
    const { effects } = history[index] as CheckedMigration;
    logs[index] = readOne(folded.take(index), effects, { askedNames });
  }
  return logs;
}

/** Which function a call means depends on all of its name. */
function makesFunction({ action, object }: Effect): boolean {
  return action === 'create' && nameSpaceOf(object.kind) === 'fn';
}

/** Carries the migration into the catalogue. */
function readOne(
  catalogue: Catalogue,
  effects: MigrationEffects,
  listeners: { askedNames: AskedNames; onCopy?(effect: Effect): void },
): AccessLog {
  const log = createAccessLog(catalogue);
  collectMigration(catalogue, effects, { ...listeners, log });
  return log;
}

function findDoubtful(logs: readonly AccessLog[], isAncestor: IsAncestor): number[] {
  const found = new Set<number>();
  for (const [one, other] of eachPair(groupByKey(logs))) {
    if (!found.has(other.index) && !isAncestor(one.index, other.index)) found.add(other.index);
  }
  return [...found].sort((a, b) => a - b);
}

/** Catalogues of ancestors; the last one is kept, and grows where the next migration has all that is in it. */
function foldedAncestors(history: readonly CheckedMigration[], isAncestor: IsAncestor) {
  let catalogue = emptyCatalogue();
  let inside: number[] = [];
  return {
    /** The caller that takes the catalogue folds the migration in. */
    take(index: number): Catalogue {
      if (!inside.every((one) => isAncestor(one, index))) {
        catalogue = emptyCatalogue();
        inside = [];
      }
      const known = new Set(inside);
      for (let one = 0; one < index; one += 1) {
        if (known.has(one) || !isAncestor(one, index)) continue;
        foldMigration(catalogue, (history[one] as CheckedMigration).effects);
        inside.push(one);
      }
      inside.push(index);
      return catalogue;
    },
  };
}

/** Which migrations access which key. */
export function groupByKey(logs: readonly AccessLog[]): Iterable<readonly MigrationAccess[]> {
  const byKey = new Map<string, MigrationAccess[]>();
  for (const [index, own] of logs.entries()) {
    for (const [key, found] of own.byKey) {
      if (!found.some((access) => isJudged(access.key))) continue;
      const access = { index, accesses: found, mode: modeOf(found) };
      const known = byKey.get(key);
      if (known) known.push(access);
      else byKey.set(key, [access]);
    }
  }
  return byKey.values();
}

function modeOf(accesses: readonly KeyAccess[]): AccessMode {
  const [first] = accesses;
  return first && accesses.every(({ mode }) => mode === first.mode) ? first.mode : 'write';
}

/** Those who share a key in modes that do not commute, the earlier one first. */
export function* eachPair(
  groups: Iterable<readonly MigrationAccess[]>,
): Iterable<[MigrationAccess, MigrationAccess]> {
  for (const group of groups) if (!isPeaceful(group)) yield* pairsOf(group);
}

/** Most keys are only read. */
function isPeaceful(group: readonly MigrationAccess[]): boolean {
  const first = group[0]?.mode;
  return first !== 'write' && group.every(({ mode }) => mode === first);
}

function* pairsOf(group: readonly MigrationAccess[]): Iterable<[MigrationAccess, MigrationAccess]> {
  for (const other of group) {
    for (const one of group) {
      if (one.index >= other.index) break;
      if (!commute(one.mode, other.mode)) yield [one, other];
    }
  }
}

/** The opaque parts of a migration. */
export function opaqueAccesses({ byKey }: AccessLog): readonly KeyAccess[] {
  return (byKey.get(everything.text) ?? []).filter(({ mode }) => mode === 'write');
}
