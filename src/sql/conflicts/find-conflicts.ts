/** Finds the pairs of migrations that nothing keeps in order, and that do not end the same in both. */

import type { Severity } from '../../findings.js';
import { present } from '../../present.js';
import type { KeyAccess } from '../dependencies/access.js';
import type { AccessLog } from '../dependencies/access-log.js';
import { isObjectKey } from '../dependencies/keys.js';
import { type ActionWords, wordsOf } from '../dependencies/words.js';
import type { Effect } from '../effects/effect.js';
import type { RoutineParameters } from '../effects/effect-details.js';
import type { ObjectKind, SourcePosition } from '../syntax/object-id.js';
import type { ConflictCode, Side, Sides } from './conflict.js';
import { findDefaultRoles, findGranted } from './given-privileges.js';
import { judge } from './judge.js';
import { netAccesses } from './net-accesses.js';
import { needOf, releaseOlderUsers } from './newer-makers.js';
import {
  type CheckedMigration,
  eachPair,
  groupByKey,
  type IsAncestor,
  type MigrationAccess,
  opaqueAccesses,
  readAccessLogs,
} from './read-accesses.js';
import { isDirect } from './roles.js';
import { sideOf } from './sides.js';
import { findTableKeys } from './table-keys.js';

export type { CheckedMigration } from './read-accesses.js';

/** One reason why the order of two migrations matters. */
export interface ConflictReason {
  code: ConflictCode;
  severity: Severity;
  /** The action of the first, such as `creates table users`. */
  one: AccessSummary;
  /** The action of the second. */
  other: AccessSummary;
  /** Which should come first, where there is a right order. */
  first?: 'one' | 'other';
  /** Whether the second fails in both orders, so that no edge helps. */
  failsAnyway?: boolean;
  isGuess: boolean;
}

/** A migration's action and its place. */
export interface AccessSummary extends ActionWords {
  /** Of which kind the object is, where it is one. */
  kind: ObjectKind | undefined;
  place: SourcePosition;
}

/** Two migrations whose order matters. */
export interface ConflictingPair {
  /** Their numbers in the history; `one` is smaller. */
  one: number;
  other: number;
  /** The best comes first. */
  reasons: readonly ConflictReason[];
}

/** A migration with an opaque part. */
interface OpaqueMigration {
  index: number;
  words: string;
  place: SourcePosition;
}

export interface Conflicts {
  /** By `one`, then by `other`. */
  pairs: readonly ConflictingPair[];
  opaque: readonly OpaqueMigration[];
}

/** The maximum number of reasons for one pair. */
const maxReasons = 8;

/** The graph; migrations are numbers in its order. */
export interface ConflictQuestion {
  isAncestor: IsAncestor;
  /** Whether pairs with this migration are wanted; others only tell what there is. Default: all. */
  isInvolved?(number: number): boolean;
  /** Receives all accesses of each involved migration. */
  onRead?(number: number, accesses: Iterable<KeyAccess>): void;
  /** Whether a pair is wanted; the smaller number first. Default: all. */
  isAsked?(one: number, other: number): boolean;
}

/** @param history in the order of the graph. */
export function findConflicts(
  history: readonly CheckedMigration[],
  { isAncestor, isInvolved = () => true, isAsked = () => true, onRead }: ConflictQuestion,
): Conflicts {
  const copies = history.map((): Effect[] => []);
  const logs = readAccessLogs(history, {
    isAncestor,
    isInvolved,
    onCopy: (number, effect) => copies[number]?.push(effect),
  });
  if (onRead)
    for (const [number, { byKey }] of logs.entries())
      if (isInvolved(number)) onRead(number, [...byKey.values()].flat());
  const sides = logs.map((own, index) => sideOf(own, (history[index] as CheckedMigration).text));
  const keys = findTableKeys(
    history.map(({ effects }, number) => [...effects.effects, ...(copies[number] ?? [])]),
  );
  const names = {
    isNamed: findNamed(logs),
    overloadsOf: findOverloads(logs),
    getsByDefault: findDefaultRoles(history),
    isGranted: findGranted(history),
  };
  const found = new Map<number, FoundReason[]>();
  for (const [one, other] of eachPair(groupByKey(logs))) {
    if (isAncestor(one.index, other.index) || !isAsked(one.index, other.index)) continue;
    const [side, otherSide] = [sides[one.index] as Side, sides[other.index] as Side];
    const reasons = judgeAccesses([one, other], { one: side, other: otherSide, keys, ...names });
    if (reasons.length === 0) continue;
    const pair = one.index * history.length + other.index;
    found.set(pair, [...(found.get(pair) ?? []), ...reasons]);
  }
  return { pairs: pairsOf(found, history.length), opaque: logs.flatMap(opaqueOf) };
}

interface FoundReason extends ConflictReason {
  need?: ReturnType<typeof needOf>;
}

/** Objects whose names PostgreSQL makes, and that some migration calls by them. */
function findNamed(logs: readonly AccessLog[]): (key: string) => boolean {
  return remember((key) => logs.some(({ byKey }) => byKey.get(key)?.some(isCalledByName) === true));
}

/** The functions of each name; one that is replaced is there twice. */
function findOverloads(logs: readonly AccessLog[]): (key: string) => readonly RoutineParameters[] {
  return remember((key) => logs.flatMap(({ byKey }) => (byKey.get(key) ?? []).flatMap(createdParameters)));
}

/** Few keys are asked for, and these often. */
function remember<T>(answer: (key: string) => T): (key: string) => T {
  const known = new Map<string, T>();
  return (key) => {
    const found = known.get(key) ?? answer(key);
    known.set(key, found);
    return found;
  };
}

function createdParameters({ verb, effect, key }: KeyAccess): RoutineParameters[] {
  const { object, parameters } = effect ?? {};
  return verb === 'creates' && object?.args && parameters && isObjectKey(key, 'fn') ? [parameters] : [];
}

function isCalledByName(touch: KeyAccess): boolean {
  const { effect } = touch;
  return effect !== undefined && !effect.isGenerated && !effect.isImplicit && !effect.by && isDirect(touch);
}

function pairsOf(found: ReadonlyMap<number, readonly FoundReason[]>, size: number): ConflictingPair[] {
  const release = releaseOlderUsers(found.values());
  const sorted = [...found].sort(([a], [b]) => a - b);
  return sorted.map(([pair, reasons]) => ({
    one: Math.floor(pair / size),
    other: pair % size,
    reasons: rankReasons(reasons.map(release)),
  }));
}

function opaqueOf(log: AccessLog, index: number): OpaqueMigration[] {
  const [first] = opaqueAccesses(log);
  return first ? [{ index, words: wordsOf(first), place: first.place }] : [];
}

function judgeAccesses([one, other]: [MigrationAccess, MigrationAccess], sides: Sides): FoundReason[] {
  const seconds = netAccesses(other.accesses);
  return netAccesses(one.accesses).flatMap((touch) =>
    seconds.flatMap((second) => {
      const judgement = judge(touch, second, sides);
      if (!judgement) return [];
      const isGuess = touch.isGuess || second.isGuess;
      const need = needOf(judgement, [touch, second], [one.index, other.index]);
      return [
        { ...judgement, one: summarize(touch), other: summarize(second), isGuess, ...present({ need }) },
      ];
    }),
  );
}

function summarize(touch: KeyAccess): AccessSummary {
  const { verb, what, effect, place } = touch;
  return { verb, what, kind: effect?.object.kind, place };
}

const severities: readonly Severity[] = ['error', 'warning', 'info'];

/** The gravest first; what no order mends, then what says which order is right; each thing said once. */
function rankReasons(reasons: readonly ConflictReason[]): ConflictReason[] {
  const rank = ({ severity, first, failsAnyway, one, other }: ConflictReason) =>
    severities.indexOf(severity) * 100 +
    (failsAnyway ? 0 : 20) +
    (first ? 0 : 10) +
    (isBeside(one) ? 1 : 0) +
    (isBeside(other) ? 1 : 0);
  const seen = new Map<string, ConflictReason>();
  for (const reason of [...reasons].sort((a, b) => rank(a) - rank(b))) {
    const words = `${reason.code} ${wordsOf(reason.one)} ${wordsOf(reason.other)}`;
    if (!seen.has(words)) seen.set(words, reason);
  }
  return [...seen.values()].slice(0, maxReasons);
}

/** The type of a table's rows says less than the table. */
function isBeside({ kind }: AccessSummary): boolean {
  return kind === 'type' || kind === 'relation' || kind === 'schema';
}
