/** Finds the children that a migration takes away from a parent and gives back to it, so that nothing has changed in the end. */

import type { KeyAccess } from '../dependencies/access.js';
import type { AccessLog } from '../dependencies/access-log.js';
import type { Effect } from '../effects/effect.js';
import type { Rejoined, Side } from './conflict.js';
import { isLink, isLinkedPart, type Link, linkOf } from './judge-families.js';

/** The links that a migration ends and makes again, by parent and child. */
export function findRejoined(byKey: AccessLog['byKey']): ReadonlyMap<string, Rejoined> {
  const found = new Map<string, Effect[]>();
  for (const { effect } of [...byKey.values()].flat()) {
    const link = linkOf(effect);
    if (!effect || !link || effect.action !== 'alter') continue;
    found.set(nameOf(link), [...(found.get(nameOf(link)) ?? []), effect]);
  }
  const rejoined = [...found].filter(([, effects]) => isRejoining(effects));
  return new Map(rejoined.map(([name, effects]) => [name, boundsOf(effects)]));
}

function nameOf({ parent, child }: Link): string {
  return JSON.stringify([parent, child]);
}

function isRejoining(effects: readonly Effect[]): boolean {
  const inOrder = effects.toSorted((a, b) => a.place.start - b.place.start).map(linkOf);
  return inOrder[0]?.isAdded === false && inOrder.at(-1)?.isAdded === true;
}

function boundsOf(effects: readonly Effect[]): Rejoined {
  const all = effects.flatMap(({ bounds }) => (bounds ? JSON.stringify(bounds) : []));
  return { isForSameRows: new Set(all).size < 2, bounds: all.at(-1) };
}

/** Whether the access belongs to a child that its parent has again in the end, and nothing of it concerns the other one. */
export function isRejoined(access: KeyAccess, other: KeyAccess, [own, others]: [Side, Side]): boolean {
  const link = linkOf(access.effect);
  const rejoined = link && own.rejoined().get(nameOf(link));
  if (!link || !rejoined) return false;
  const { kind } = access.key;
  if (kind === 'object' && !isLinkedPart(access)) return false;
  const second = linkOf(other.effect);
  if (second?.child === link.child)
    return kind === 'bounds' || isSameEnd(others.rejoined().get(nameOf(second)), rejoined);
  if (kind === 'bounds' || isIndexOnly(other)) return false;
  if (kind === 'parts' || kind === 'rows') return rejoined.isForSameRows;
  return link.isPartition || !endsInherited(other);
}

/** ON ONLY, which a partition gets that comes back. */
function isIndexOnly({ effect }: KeyAccess): boolean {
  return effect?.change?.kind === 'index' && effect.isOnly === true;
}

/** NO INHERIT makes columns and constraints the child's own, which stay there when the parent drops its own. */
function endsInherited({ effect }: KeyAccess): boolean {
  return effect?.action === 'drop' && !isLink(effect);
}

function isSameEnd(one: Rejoined | undefined, other: Rejoined): boolean {
  return one !== undefined && one.bounds === other.bounds;
}
