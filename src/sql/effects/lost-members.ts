/** Finds what goes with an object because the text itself joined the two before: the catalogs do not show that yet. */

import type { ObjectId } from '../syntax/object-id.js';
import { partOf } from '../syntax/object-names.js';
import type { Effect } from './effect.js';
import { formerName, isSameName, nameBefore, wasMade } from './former-name.js';

/** What happens to the object. */
export interface Taking {
  effect: Effect;
  how: 'dropped' | 'emptied' | 'thinned' | 'overwritten';
}

/** A member by its name before the text. */
export interface LostMember {
  object: ObjectId;
  how: 'dropped' | 'emptied' | 'overwritten';
}

/** @returns the tables and columns that go too: of a schema, of parents, and of tables that foreign keys refer to. */
export function membersOf({ effect, how }: Taking, earlier: readonly Effect[]): LostMember[] {
  return followMembers(effect.object, { effect, how }, earlier, new Set());
}

function followMembers(
  object: ObjectId,
  taking: Taking,
  earlier: readonly Effect[],
  seen: Set<Effect>,
): LostMember[] {
  let name = object;
  const found = earlier.toReversed().map((join, distance): LostMember[] => {
    const index = earlier.length - 1 - distance;
    const joined = memberBy(join, name, taking);
    name = nameBefore(join, name);
    if (!joined || seen.has(join) || isUndone(join, earlier.slice(index + 1))) return [];
    seen.add(join);
    const before = earlier.slice(0, index);
    const own = wasMade(joined.object, before)
      ? []
      : [{ ...joined, object: formerName(joined.object, before) }];
    return [
      ...own,
      ...followMembers(join.to ?? joined.object, { ...taking, how: joined.how }, earlier, seen),
    ];
  });
  return found.reverse().flat();
}

/** @param object as it is called when the text joins something to it. */
function memberBy(join: Effect, object: ObjectId, taking: Taking): LostMember | undefined {
  const { change, to, by } = join;
  if (change?.kind === 'set schema') return memberOfSchema(join, object, taking);
  if (change?.kind === 'family') return to && memberOfFamily({ ...join, to }, object, taking);
  if (change?.kind === 'reference' && by) return memberByKey({ ...join, by }, object, taking);
  return undefined;
}

function memberOfSchema(
  { object: member, to }: Effect,
  schema: ObjectId,
  { how }: Taking,
): LostMember | undefined {
  if (how !== 'dropped' || schema.kind !== 'schema' || to?.schema !== schema.name) return undefined;
  return { object: member, how };
}

function memberOfFamily(
  { change, object: parent, to: child }: Effect & { to: ObjectId },
  object: ObjectId,
  { effect, how }: Taking,
): LostMember | undefined {
  if (change?.kind !== 'family' || !change.isAdded || change.end !== 'parent') return undefined;
  if (how === 'thinned' || effect.isOnly) return undefined;
  const isPartition = change.link === 'partition';
  if (object.kind === 'column') {
    // A child that is no partition keeps the columns that it had before.
    const isTaken = isPartition || how === 'overwritten';
    return isTaken && isPart(object, parent)
      ? { object: partOf(child, 'column', object.name), how }
      : undefined;
  }
  const isTaken = isPartition || how !== 'dropped' || effect.isCascade === true;
  return isTaken && isSameName(parent, object) ? { object: child, how } : undefined;
}

function isPart(column: ObjectId, table: ObjectId): boolean {
  return isSameName(partOf(table, 'column', column.name), column);
}

/** Which rows go with those that somebody names is not known, so all may go. */
function memberByKey(
  { change, object: table, by: key }: Effect & { by: ObjectId },
  object: ObjectId,
  { effect, how }: Taking,
): LostMember | undefined {
  if (change?.kind !== 'reference' || !isSameName(table, object)) return undefined;
  const isTaken =
    how === 'thinned' ? change.isCascading : how === 'emptied' && (change.isCascading || effect.isCascade);
  return isTaken ? { object: tableOf(key), how: 'emptied' } : undefined;
}

function tableOf({ parent = '', schema, path }: ObjectId): ObjectId {
  return {
    kind: 'table',
    name: parent,
    ...(schema === undefined ? {} : { schema }),
    ...(path === undefined ? {} : { path }),
  };
}

function isUndone({ change, object, to, by }: Effect, later: readonly Effect[]): boolean {
  return later.some((other) => {
    if (change?.kind === 'set schema')
      return other.change?.kind === 'set schema' && to !== undefined && isSameName(other.object, to);
    if (change?.kind === 'reference')
      return other.action === 'drop' && by !== undefined && isSameName(other.object, by);
    if (other.change?.kind !== 'family' || other.change.isAdded || !to || !other.to) return false;
    return other.change.end === 'parent' && isSameName(other.object, object) && isSameName(other.to, to);
  });
}
