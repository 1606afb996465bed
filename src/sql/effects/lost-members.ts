/** Finds what goes with an object because the text itself joined the two before: the catalogs do not show that yet. */

import type { ObjectId } from '../syntax/object-id.js';
import type { Effect } from './effect.js';
import { type Origin, type Origins, tableOfPart } from './origins.js';

/** What happens to the object. */
interface Taking {
  effect: Effect;
  how: 'dropped' | 'emptied' | 'thinned' | 'overwritten';
}

/** A member by its name before the text. */
interface LostMember {
  object: ObjectId;
  how: 'dropped' | 'emptied' | 'overwritten';
}

/** One object goes with another. */
interface Join {
  member: Origin;
  by: 'schema' | 'partition' | 'inheritance' | 'cascading key' | 'key';
}

/** What the text has joined so far. */
export interface Joins {
  /** The tables and columns that go too: of a schema, of parents, and of tables that foreign keys refer to. */
  membersOf(taking: Taking): LostMember[];
  /** Carries out one effect, in the order of the text and before `origins` does. */
  follow(effect: Effect): void;
}

export function createJoins(origins: Origins): Joins {
  const joins = createGroups();
  return {
    membersOf: (taking) => findMembers(taking, origins, joins),
    follow(effect) {
      followJoin(effect, origins, joins);
      followColumn(effect, origins, joins);
    },
  };
}

/** Joins by what undoes them, in groups of those that belong to one object. */
interface Groups {
  of(group: string): Iterable<Join>;
  add(group: string, id: string, join: Join): void;
  delete(id: string): void;
}

function createGroups(): Groups {
  const groups = new Map<string, Map<string, Join>>();
  const groupOf = new Map<string, string>();
  const remove = (id: string) => groups.get(groupOf.get(id) ?? '')?.delete(id);
  return {
    of: (group) => groups.get(group)?.values() ?? [],
    add(group, id, join) {
      remove(id);
      groupOf.set(id, group);
      groups.set(group, (groups.get(group) ?? new Map()).set(id, join));
    },
    delete: remove,
  };
}

function followJoin({ action, object, change, to, by }: Effect, origins: Origins, joins: Groups): void {
  const own = origins.of(object);
  if (action === 'drop' && object.kind === 'constraint') joins.delete(own.key);
  if (change?.kind === 'set schema' && to?.schema !== undefined) {
    const schema = origins.of({ kind: 'schema', name: to.schema });
    joins.add(schema.key, own.key, { member: own, by: 'schema' });
  }
  if (change?.kind === 'reference' && by) {
    const key = change.isCascading ? 'cascading key' : 'key';
    joins.add(own.key, origins.of(by).key, { member: origins.of(tableOfPart(by)), by: key });
  }
  if (change?.kind !== 'family' || change.end !== 'parent' || !to) return;
  const member = origins.of(to);
  const id = JSON.stringify([own.key, member.key]);
  const link = change.link === 'partition' ? 'partition' : 'inheritance';
  if (change.isAdded) joins.add(own.key, id, { member, by: link });
  else joins.delete(id);
}

/** Children rename their columns with their parents. */
function followColumn({ object, to }: Effect, origins: Origins, joins: Groups): void {
  if (object.kind !== 'column' || !to) return;
  for (const table of reachedFrom(origins.of(tableOfPart(object)), joins, isFamily))
    origins.renameColumn(table.member, object.name, to.name);
}

function isFamily({ by }: Join): boolean {
  return by === 'partition' || by === 'inheritance';
}

/** The joins that lead away from an object, those of members too; each member once. */
function reachedFrom(origin: Origin, joins: Groups, leads: (join: Join, group: Origin) => boolean): Join[] {
  const found: Join[] = [];
  const seen = new Set([origin.key]);
  const groups = [origin];
  for (const group of groups)
    for (const join of joins.of(group.key)) {
      if (seen.has(join.member.key) || !leads(join, group)) continue;
      seen.add(join.member.key);
      groups.push(join.member);
      found.push(join);
    }
  return found;
}

function findMembers({ effect, how }: Taking, origins: Origins, joins: Groups): LostMember[] {
  const { object } = effect;
  const isColumn = object.kind === 'column';
  const start = origins.of(isColumn ? tableOfPart(object) : object);
  const leads = ({ by }: Join, group: Origin) =>
    isColumn ? takesColumn(by, how) : takesTable(by, { effect, how: group === start ? how : laterHow(how) });
  return reachedFrom(start, joins, leads).flatMap(({ member, by }) => {
    const lost = isColumn ? origins.columnOf(member, object.name) : member;
    const isEmptied = by === 'key' || by === 'cascading key';
    return lost.object ? [{ object: lost.object, how: isEmptied ? 'emptied' : laterHow(how) }] : [];
  });
}

/** Which rows go with those that somebody names is not known, so all may go. */
function laterHow(how: Taking['how']): LostMember['how'] {
  return how === 'thinned' ? 'emptied' : how;
}

/** A child that is no partition keeps the columns that it had before. */
function takesColumn(by: Join['by'], how: Taking['how']): boolean {
  return by === 'partition' || (by === 'inheritance' && how === 'overwritten');
}

function takesTable(by: Join['by'], { effect, how }: Taking): boolean {
  if (by === 'schema') return how === 'dropped';
  if (by === 'partition') return how !== 'thinned' && !effect.isOnly;
  if (by === 'inheritance')
    return how !== 'thinned' && !effect.isOnly && (how !== 'dropped' || effect.isCascade === true);
  const isEmptied = how === 'emptied' && (by === 'cascading key' || effect.isCascade === true);
  return isEmptied || (how === 'thinned' && by === 'cascading key');
}
