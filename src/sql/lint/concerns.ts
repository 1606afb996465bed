/** Groups the statements of a migration by their objects: shared objects, or objects that refer to each other. */

import { ownerKey } from '../dependencies/catalogue.js';
import type { Effect } from '../effects/effect.js';
import { keyOf } from '../effects/object-key.js';
import type { ObjectId, ObjectKind } from '../syntax/object-id.js';
import type { LintedWhole } from './rule.js';

/** Statements that belong together. */
export interface Concern {
  /** The first that one of them changes. */
  object: ObjectId;
  /** Indices of statements. */
  statements: Set<number>;
  /** The kinds of the statements. */
  kinds: Set<string>;
  /** Whether it changes something that was there before. */
  changesOld: boolean;
}

/** Objects that nearly all statements share do not group them. */
const shared: ReadonlySet<ObjectKind> = new Set(['extension', 'language', 'role', 'schema']);

/** The concerns of an up.sql, in its order; statements that change nothing belong to none. */
export function findConcerns({ up, before, statements }: LintedWhole): Concern[] {
  const { effects, opaque } = up.effects();
  if (opaque.some(({ when }) => when === 'now')) return [];
  const groups = startGroups();
  const relevant = effects.filter(({ object }) => !shared.has(object.kind));
  for (const effect of relevant) {
    const key = aboutKey(effect.object);
    groups.join(`statement ${effect.statement}`, key);
    if (effect.to) groups.join(key, aboutKey(effect.to));
    if (effect.by && !shared.has(effect.by.kind)) groups.join(key, aboutKey(effect.by));
  }
  for (const key of new Set(relevant.map(({ object }) => aboutKey(object)))) {
    for (const other of neighbours(before(), key)) groups.join(key, other);
  }
  const { objects } = before();
  const nodeAt = (index: number) => statements[index]?.node ?? {};
  return gather(relevant, groups, { nodeAt, isOld: (key) => objects.has(key) });
}

/** Parts are about their tables. */
function aboutKey(object: ObjectId): string {
  return ownerKey(object) ?? keyOf(object);
}

/** The objects that the definition of an object and its parts needs, and those that need them. */
function neighbours(
  { parts, needs, neededBy, objects }: ReturnType<LintedWhole['before']>,
  key: string,
): ReadonlySet<string> {
  const found = new Set<string>();
  for (const part of [key, ...(parts.get(key) ?? [])]) {
    for (const other of [...(needs.get(part) ?? []), ...(neededBy.get(part) ?? [])]) {
      const object = objects.get(other);
      if (object && !shared.has(object.kind)) found.add(aboutKey(object));
    }
  }
  return found;
}

interface Groups {
  join(one: string, other: string): void;
  rootOf(key: string): string;
}

/** A disjoint-set forest with path halving. */
function startGroups(): Groups {
  const parents = new Map<string, string>();
  const rootOf = (key: string) => {
    let root = key;
    for (let parent = parents.get(root); parent !== undefined; parent = parents.get(root)) {
      parents.set(root, parents.get(parent) ?? parent);
      root = parent;
    }
    return root;
  };
  return {
    rootOf,
    join: (one, other) => {
      const [a, b] = [rootOf(one), rootOf(other)];
      if (a !== b) parents.set(a, b);
    },
  };
}

function gather(
  effects: readonly Effect[],
  groups: Groups,
  { nodeAt, isOld }: { nodeAt(index: number): object; isOld(key: string): boolean },
): Concern[] {
  const concerns = new Map<string, Concern>();
  for (const { object, statement, action } of effects) {
    if (action !== 'create' && action !== 'alter' && action !== 'drop') continue;
    const root = groups.rootOf(`statement ${statement}`);
    const concern = concerns.get(root) ?? {
      object,
      statements: new Set(),
      kinds: new Set(),
      changesOld: false,
    };
    concern.kinds.add(Object.keys(nodeAt(statement))[0] ?? '');
    concern.statements.add(statement);
    concern.changesOld ||= isOld(aboutKey(object));
    concerns.set(root, concern);
  }
  return [...concerns.values()];
}
