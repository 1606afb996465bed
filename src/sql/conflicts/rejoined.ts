/** Finds the children that a migration takes away from a parent and gives back to it, so that nothing has changed in the end. */

import type { KeyAccess } from '../dependencies/access.js';
import type { AccessLog } from '../dependencies/access-log.js';
import type { Effect } from '../effects/effect.js';
import { keyOf } from '../effects/object-key.js';
import type { Rejoined, Side } from './conflict.js';
import { isLink, isLinkedPart, type Link, linkOf } from './judges/judge-families.js';

/** The links that a migration ends and makes again, by parent and child. */
export function findRejoined(byKey: AccessLog['byKey']): ReadonlyMap<string, Rejoined> {
  const found = new Map<string, Effect[]>();
  const all = [...byKey.values()].flat();
  for (const { effect } of all) {
    const link = linkOf(effect);
    if (!effect || !link || effect.action !== 'alter') continue;
    found.set(nameOf(link), [...(found.get(nameOf(link)) ?? []), effect]);
  }
  if (found.size === 0) return new Map();
  const changed = new Set(all.flatMap(changedTable));
  const hasOther = ([first]: readonly Effect[]) => changed.has(linkOf(first)?.child ?? '');
  const rejoined = [...found].filter(([, effects]) => isRejoining(effects));
  return new Map(
    rejoined.map(([name, effects]) => [name, { ...boundsOf(effects), hasOtherRows: hasOther(effects) }]),
  );
}

/** The table whose rows are other ones afterwards. */
function changedTable({ key, effect }: KeyAccess): string[] {
  const isChange = effect && rowChanges.has(effect.action);
  return isChange && key.kind === 'rows' && key.object ? [keyOf(key.object)] : [];
}

const rowChanges: ReadonlySet<Effect['action']> = new Set(['insert', 'update', 'delete']);

function nameOf({ parent, child }: Link): string {
  return JSON.stringify([parent, child]);
}

function isRejoining(effects: readonly Effect[]): boolean {
  const inOrder = effects.toSorted((a, b) => a.place.start - b.place.start).map(linkOf);
  return inOrder[0]?.isAdded === false && inOrder.at(-1)?.isAdded === true;
}

function boundsOf(effects: readonly Effect[]): Omit<Rejoined, 'hasOtherRows'> {
  const boundsIn = (isAdded: boolean) =>
    effects.flatMap((one) =>
      one.bounds && linkOf(one)?.isAdded === isAdded ? JSON.stringify(one.bounds) : [],
    );
  const [before, after] = [boundsIn(false), boundsIn(true)];
  const isKnown = before.length > 0 === after.length > 0;
  return { isForSameRows: isKnown && new Set([...before, ...after]).size < 2, bounds: after.at(-1) };
}

/** Whether the access belongs to a child that its parent has again in the end, and nothing of it concerns the other one. */
export function isRejoined(access: KeyAccess, other: KeyAccess, [own, others]: [Side, Side]): boolean {
  if (own.rejoined().size === 0) return false;
  const link = linkOf(access.effect);
  const rejoined = link && own.rejoined().get(nameOf(link));
  if (!link || !rejoined) return false;
  const { kind } = access.key;
  if (kind === 'object' && !isLinkedPart(access)) return false;
  const second = linkOf(other.effect);
  if (second?.child === link.child)
    return kind === 'bounds' || isSameEnd(others.rejoined().get(nameOf(second)), rejoined);
  if (rejoined.hasOtherRows && isRule(other)) return false;
  if (kind === 'bounds' || isIndexOnly(other) || isReference(other, others)) return false;
  if (kind === 'parts' || kind === 'rows') return rejoined.isForSameRows;
  return link.isPartition || !isInherited(other);
}

/** ON ONLY, which a partition gets that comes back. */
function isIndexOnly({ effect }: KeyAccess): boolean {
  return effect?.change?.kind === 'index' && effect.isOnly === true;
}

/** Who leaves may have no rows that others refer to; a new table has none yet that refers to any. */
function isReference({ effect, ...other }: KeyAccess, side: Side): boolean {
  if (!effect) return false;
  const key = effect.by?.kind === 'constraint' ? effect.by : effect.object;
  const isKey =
    effect.constraint === 'foreign key' || effect.usage === 'keys' || effect.usage === 'foreign key';
  const isReading = effect.rowAccess === 'referring rows' || effect.rowAccess === 'validation';
  return (isKey || isReading) && !side.createsOwner({ ...other, effect: { ...effect, object: key } });
}

/** What rows must fulfil meets other rows where they change in between. */
function isRule({ effect }: KeyAccess): boolean {
  return effect !== undefined && (effect.object.kind !== 'column' || 'null' in (effect.sets ?? {}));
}

/** NO INHERIT makes columns and constraints the child's own, which stay there when the parent drops its own. */
function isInherited({ effect }: KeyAccess): boolean {
  if (effect?.action === 'drop') return !isLink(effect);
  const kind = effect?.action === 'create' ? effect.object.kind : undefined;
  return kind === 'column' || (kind === 'constraint' && effect?.constraint !== 'not null');
}

function isSameEnd(one: Rejoined | undefined, other: Rejoined): boolean {
  return one !== undefined && one.bounds === other.bounds;
}
