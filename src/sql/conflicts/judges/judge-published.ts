/** Judges a publication of a table beside a change of its rows, which must be identified for subscribers. */

import type { KeyAccess } from '../../dependencies/access.js';
import type { StatementSettings } from '../../effects/effect.js';
import { keyOf } from '../../effects/object-key.js';
import { memberChangeOf, type PublicationMember } from '../../effects/publication-members.js';
import type { Judge, Judgement } from '../conflict.js';

/** A primary key identifies rows, and whatever REPLICA IDENTITY says is taken to do so, too. */
export const judgePublished: Judge = (one, other, { keys }) => {
  const [publication, change] = one.mode === 'add' ? [one, other] : [other, one];
  const table = one.key.object && keyOf(one.key.object);
  if (!change.effect || table === undefined || !publishes(publication, change)) return undefined;
  if (keys.isIdentified(table) && !publication.effect?.isUnidentified) return undefined;
  const { object, isInBranch, rowAccess } = change.effect;
  // Partitions that WHERE rules out are not looked at, nor tables that refer to no row that goes.
  const isSure = keyOf(object) === table && !isInBranch && rowAccess !== 'referring rows';
  const first = change === one ? 'one' : 'other';
  return { code: 'changed-while-used', severity: isSure ? 'error' : 'warning', first };
};

function publishes({ effect }: KeyAccess, { effect: change }: KeyAccess): boolean {
  const { publish } = effect?.sets ?? {};
  return publish === undefined || (change !== undefined && publish.includes(change.action));
}

/** A publication that has tables of whole schemas has no column lists (CheckPubRelationColumnList). @param one and `other` are what both set of it */
export function judgePublicationMembers(
  one: StatementSettings,
  other: StatementSettings,
): Judgement | undefined {
  const [members, others] = [one, other].map(addedMembers) as [PublicationMember[], PublicationMember[]];
  const exclude = (some: readonly PublicationMember[], more: readonly PublicationMember[]) =>
    some.some(({ columns }) => columns.length > 0) && more.some(({ table }) => table === undefined);
  return exclude(members, others) || exclude(others, members)
    ? { code: 'same-object', severity: 'error', failsAnyway: true }
    : undefined;
}

function addedMembers(sets: StatementSettings): readonly PublicationMember[] {
  const change = memberChangeOf(sets);
  return change?.verb === 'add' ? change.members : [];
}
