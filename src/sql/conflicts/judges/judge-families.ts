/** Judges two migrations that join tables to parents, or part them: the links, the rows of partitions, and what passes on to children. */

import type { KeyAccess } from '../../dependencies/access.js';
import { ownerKey } from '../../dependencies/catalogue.js';
import type { Effect } from '../../effects/effect.js';
import { keyOf } from '../../effects/object-key.js';
import type { ObjectId } from '../../syntax/object-id.js';
import { partOf } from '../../syntax/object-names.js';
import { type Judgement, swapped, type TableKeys } from '../conflict.js';
import { overlap, placeOf } from '../overlap.js';
import { isDirect, roleOf } from '../roles.js';

/** A parent and a child that one statement joins or parts. */
export interface Link {
  parent: string;
  child: string;
  isPartition: boolean;
  isAdded: boolean;
}

/** The link that is added or removed, seen from either end. */
export function linkOf({ object, change, to }: Partial<Effect> = {}): Link | undefined {
  if (change?.kind !== 'family' || !object || !to) return undefined;
  const ends = [keyOf(object), keyOf(to)] as const;
  const [parent, child] = change.end === 'parent' ? ends : [ends[1], ends[0]];
  return { parent, child, isPartition: change.link === 'partition', isAdded: change.isAdded };
}

/** Whether it joins or parts tables. */
export function isLink(effect: Effect | undefined): boolean {
  return linkOf(effect) !== undefined;
}

/** Whether both change links. */
export function areLinks(...accesses: readonly KeyAccess[]): boolean {
  return accesses.every(({ effect }) => isLink(effect));
}

/** A table is a child of one parent once, and a partition of one table. */
export function judgeLinks({ effect }: KeyAccess, { effect: second }: KeyAccess): Judgement | undefined {
  const [one, other] = [linkOf(effect), linkOf(second)];
  if (!one || !other || one.child !== other.child) return undefined;
  const isSame = one.parent === other.parent || (one.isPartition && other.isPartition);
  return isSame ? { code: 'same-object', severity: 'error' } : undefined;
}

/** Two partitions of one table: removing one makes room for the other. */
export function judgeBounds({ effect }: KeyAccess, { effect: second }: KeyAccess): Judgement | undefined {
  // One partition of one name is judged by that.
  if (areOneChild(effect, second)) return undefined;
  const found = effect?.bounds && second?.bounds ? overlap(effect.bounds, second.bounds) : 'no';
  const [isGone, isSecondGone] = [endsPartition(effect), endsPartition(second)];
  if (found === 'no' || (isGone && isSecondGone)) return undefined;
  const leaving = isSecondGone ? 'other' : undefined;
  const first = isGone ? 'one' : leaving;
  if (first) return { code: 'overlap', severity: found === 'yes' ? 'error' : 'warning', first };
  return found === 'yes'
    ? { code: 'overlap', severity: 'error', failsAnyway: true }
    : { code: 'overlap', severity: 'warning' };
}

function areOneChild(one: Effect | undefined, other: Effect | undefined): boolean {
  const [link, second] = [linkOf(one), linkOf(other)];
  return link !== undefined && second !== undefined && link.child === second.child;
}

function endsPartition({ action, change }: Partial<Effect> = {}): boolean {
  return action === 'drop' || (change?.kind === 'family' && !change.isAdded);
}

/** A partition or child comes or goes while rows find their way. */
export function judgePlacement(
  { effect, mode }: KeyAccess,
  { effect: rows }: KeyAccess,
): Judgement | undefined {
  const places = effect && rows ? placesOf(effect, rows) : ['perhaps'];
  if (places.every((place) => place === 'no')) return undefined;
  if (mode !== 'add') return { code: 'dropped-while-used', severity: 'warning' };
  const isSure = places.includes('yes') && rows?.isCertain === true;
  return { code: 'needs', severity: isSure ? 'error' : 'warning', first: 'one' };
}

/** Whether the rows of an INSERT belong to the partition. */
function placesOf({ bounds, columns = [] }: Effect, { action, rows }: Effect) {
  if (action !== 'insert' || !bounds || !rows || columns.length === 0) return ['perhaps' as const];
  return rows.map((row) =>
    placeOf(
      bounds,
      columns.map((column) => row[column]),
    ),
  );
}

/** Columns of a table that becomes a child, or is none any more, while one of them changes. */
export function judgeChildColumn(
  access: KeyAccess,
  { effect: joining }: KeyAccess,
  keys: TableKeys,
): Judgement | undefined {
  const { effect, verb } = access;
  const link = linkOf(joining);
  const column = effect?.object;
  if (!link || column?.kind !== 'column' || ownerKey(column) !== link.child) return undefined;
  const inherited = joining?.passed?.columns ?? [];
  const isInherited = [column, effect?.to].some((name) => name && inherited.includes(name.name));
  if (!isInherited) return link.isPartition ? judgeOwnColumn(link, access, keys) : undefined;
  if (verb === 'alters') return judgeChildSetting(effect, link, keys.isRequired(link.parent, column.name));
  return changedBefore(link, verb === 'creates' || verb === 'renames');
}

function changedBefore({ isAdded }: Link, isPreparing: boolean): Judgement {
  const before = isPreparing ? 'one' : undefined;
  const first = isAdded ? before : 'other';
  return { code: 'changed-while-used', severity: 'error', ...(first ? { first } : {}) };
}

/** A partition has no columns but those of its table (ATPrepAddColumn, MergeAttributesIntoExisting). */
function judgeOwnColumn(link: Link, { effect, verb }: KeyAccess, keys: TableKeys): Judgement | undefined {
  if (verb === 'drops') {
    const isThere = !effect?.isConditional || keys.columnsOf(link.child).includes(effect.object.name);
    return link.isAdded && isThere ? changedBefore(link, true) : undefined;
  }
  if (verb !== 'creates') return undefined;
  return { ...changedBefore(link, false), ...(link.isAdded ? { failsAnyway: true } : {}) };
}

/** A child chooses its defaults and storage; it must be NOT NULL where the parent is. */
function judgeChildSetting(
  effect: Effect | undefined,
  link: Link,
  isRequired: boolean,
): Judgement | undefined {
  const { change } = effect ?? {};
  if (change?.kind === 'type') return changedBefore(link, true);
  if (change?.kind === 'identity' || change?.kind === 'expression') return changedBefore(link, false);
  if (effect?.sets === undefined || !('null' in effect.sets) || effect.isRepeated) return undefined;
  const isForbidden = effect.sets.null === 'forbidden';
  return isRequired && (link.isAdded || !isForbidden) ? changedBefore(link, isForbidden) : undefined;
}

/** A child has each CHECK of its parent, and drops none (MergeConstraintsIntoExisting, ATExecDropConstraint). One of both is a link. */
export function judgeChildConstraint(
  one: KeyAccess,
  other: KeyAccess,
  keys: TableKeys,
): Judgement | undefined {
  if (isLink(one.effect)) return swapped(judgeChildConstraint(other, one, keys));
  const { object, action } = one.effect ?? {};
  const link = linkOf(other.effect);
  if (!link || object?.kind !== 'constraint' || ownerKey(object) !== link.child) return undefined;
  const inherited = partOf(parentOf(other.effect as Effect), 'constraint', object.name);
  const isThere = other.effect?.passed?.checks.includes(object.name) === true;
  if (!isThere || !keys.isInherited(keyOf(inherited))) return undefined;
  if (action === 'create') return link.isAdded ? changedBefore(link, true) : undefined;
  if (action !== 'drop') return undefined;
  const failsAnyway = link.isAdded && one.effect?.isConditional !== true;
  return { ...changedBefore(link, false), ...(failsAnyway ? { failsAnyway } : {}) };
}

function parentOf({ object, change, to }: Effect): ObjectId {
  return change?.kind === 'family' && change.end === 'child' && to ? to : object;
}

/** A column of the parent comes, goes or changes while a child joins or leaves. */
export function judgeParentColumn({ effect, verb }: KeyAccess, joining: Effect): Judgement {
  const { change } = joining;
  // A child that inherits keeps what it had of its own; a partition loses it.
  const isKept = change?.kind === 'family' && change.link === 'inheritance' && change.isAdded;
  const isSetting = verb === 'alters' && effect?.change?.kind !== 'type';
  const isOpen = (verb === 'drops' && isKept) || isSetting;
  return { code: 'changed-while-used', severity: isOpen ? 'warning' : 'error' };
}

/** A rule of the parent comes, goes or changes while a child joins or leaves: children get what comes later (ATSimpleRecursion). */
export function judgePassedOn(
  { effect: rule, existed }: KeyAccess,
  joining: Effect,
  keys: TableKeys,
): Judgement | undefined {
  if (!rule || rule.isRepeated || isThereAnyway(rule, joining, keys)) return undefined;
  // PostgreSQL refuses ONLY where partitions would keep the constraint.
  const isOnly = rule.isOnly && !(rule.action === 'drop' && isLeft(joining));
  if (isOnly) return undefined;
  if (rule.isConditional && existed && rule.action !== 'drop') return undefined;
  if (rule.object.kind === 'constraint') return judgePassedConstraint(rule, joining, keys);
  if (rule.object.kind !== 'column') return undefined;
  const { by, sets = {} } = rule;
  // A key makes columns NOT NULL that may be so already.
  const isPassed = by === undefined && ('null' in sets || 'type' in sets || 'default' in sets);
  return isPassed ? passedOn : { ...passedOn, severity: 'warning' };
}

/** NOT NULL of the parent changes nothing for a child that joins with such a column of its own. */
function isThereAnyway(rule: Effect, joining: Effect, keys: TableKeys): boolean {
  const link = linkOf(joining);
  const isMade = rule.action === 'create' && rule.constraint === 'not null';
  const names = isMade ? rule.columns : rule.sets?.null === 'forbidden' ? [rule.object.name] : [];
  if (!link?.isAdded || !names || names.length === 0) return false;
  return names.every((name) => keys.isRequired(link.child, name));
}

function judgePassedConstraint(rule: Effect, joining: Effect, keys: TableKeys): Judgement | undefined {
  const { action, constraint } = rule;
  if (action === 'drop' && linkOf(joining)?.isAdded === false)
    return judgeLeftConstraint(rule, joining, keys);
  if (action !== 'create') return { ...passedOn, severity: 'warning' };
  const isCopied = constraint === 'check' || constraint === 'not null' || isLeft(joining);
  return isCopied ? passedOn : undefined;
}

/** Who leaves keeps what it has by then: a partition all constraints of its table, and another child those that are inherited. */
function judgeLeftConstraint(drop: Effect, joining: Effect, keys: TableKeys): Judgement | undefined {
  const name = keyOf(drop.object);
  if (keys.constraintOf(name) === undefined)
    return drop.isConditional ? undefined : { ...passedOn, severity: 'warning' };
  return isLeft(joining) || keys.isInherited(name) ? passedOn : undefined;
}

const passedOn: Judgement = { code: 'changed-while-used', severity: 'error' };

/** Partitions that leave keep the indexes and constraints that they got. */
function isLeft({ change }: Effect): boolean {
  return change?.kind === 'family' && change.link === 'partition' && !change.isAdded;
}

function isNewPartition({ change }: Effect): boolean {
  return change?.kind === 'family' && change.link === 'partition' && change.isAdded;
}

/** Equal indexes and foreign keys of a table and of its partition become one if that of the partition comes first. */
export function judgeEqualParts(one: KeyAccess, other: KeyAccess): Judgement | undefined {
  if (one.mode === 'read' || other.mode === 'read' || !one.effect || !other.effect) return undefined;
  const isOwn = ({ beside }: Effect) => beside && one.key.object && keyOf(beside) === keyOf(one.key.object);
  if (isOwn(one.effect) === isOwn(other.effect)) return undefined;
  const [own, passed] = isOwn(one.effect) ? [one.effect, other.effect] : [other.effect, one.effect];
  // The index of a constraint takes over no plain one.
  return passed.isImplicit && !own.isImplicit ? undefined : { code: 'same-object', severity: 'error' };
}

/** Whether it is an index, foreign key or trigger of a table that becomes a partition, or is none any more. */
export function isLinkedPart({ key, effect }: KeyAccess): boolean {
  const kind = key.object?.kind;
  return isLink(effect) && (kind === 'index' || kind === 'constraint' || kind === 'trigger');
}

/** A partition drops nothing that it has of its table; what it had before is its own again when it leaves. */
export function judgeLinked({ key, effect }: KeyAccess, other: KeyAccess): Judgement | undefined {
  if (roleOf(other) !== 'drop' || !isDirect(other)) return undefined;
  const judgement = { code: 'dropped-while-used', severity: 'error' } as const;
  const link = linkOf(effect);
  if (link?.isAdded) {
    const isOfChild = effect?.beside !== undefined && keyOf(effect.beside) === link.child;
    return { ...judgement, ...(isOfChild ? { first: 'other' } : {}) };
  }
  if (key.object?.kind !== 'trigger') return { ...judgement, first: 'one' };
  return { ...judgement, failsAnyway: other.effect?.isConditional !== true };
}

/** Indexes and what is collected about columns, which a table that is joined or left has or has not. */
export function judgePassedDetail(
  { action, change, object, isOnly }: Effect,
  joining: Effect,
  keys: TableKeys,
): Judgement | undefined {
  const isIndex = change?.kind === 'index' || (object.kind === 'index' && action === 'drop');
  const link = linkOf(joining);
  // An index on a table alone is valid at once only where there are no partitions.
  if (isIndex && link && isLeft(joining))
    return isOnly && keys.hasPartitionBeside(link.parent, link.child) ? undefined : passedOn;
  // Partitions that come later get the index that the others did not.
  if (change?.kind === 'index' && isOnly && isNewPartition(joining)) return passedOn;
  const isSetting = change?.kind === 'statistics target' || change?.kind === 'storage';
  if (isSetting && link && ownerKey(object) !== link.child) return passedOn;
  const isInherited = joining.usage === 'inheritance' && change?.kind === 'statistics target';
  return isInherited ? passedOn : undefined;
}
