/** Collects the unique keys of all tables of a history, to distinguish rows. */

import { present } from '../../present.js';
import { addTo, ownerKey } from '../dependencies/catalogue.js';
import { type ConstraintType, isKey } from '../effects/change.js';
import type { Effect } from '../effects/effect.js';
import { nameSpaceOf } from '../effects/name-space.js';
import { keyOf } from '../effects/object-key.js';
import type { ObjectId } from '../syntax/object-id.js';
import { type FactsByTable, moveColumnFacts, noteColumnFacts } from './column-facts.js';
import type { TableKeys } from './conflict.js';

interface Found {
  /** The table, by all keys that it ever has. */
  relations: Set<string>;
  columns: string[];
  isPrimary: boolean;
  isPartial: boolean;
  isComputed: boolean;
  /** The columns of an index are listed, and it uses others beside them. */
  isListed: boolean;
}

/** What tables have, by the keys of the tables. */
interface Tables {
  columns: Map<string, string[]>;
  constraints: Map<string, ObjectId[]>;
  /** Which columns are NOT NULL. */
  required: Map<string, Map<string, boolean>>;
  identified: Set<string>;
  facts: FactsByTable;
  /** The keys of all that were ever its partitions. */
  partitions: Map<string, Set<string>>;
}

/** Reads the keys of all tables. */
export function findTableKeys(migrations: readonly (readonly Effect[])[]): TableKeys {
  const parts = new Map<string, Found[]>();
  const types = new Map<string, ConstraintType>();
  const inherited = new Set<string>();
  const tables: Tables = {
    columns: new Map(),
    constraints: new Map(),
    required: new Map(),
    identified: new Set(),
    facts: new Map(),
    partitions: new Map(),
  };
  for (const effect of migrations.flat()) {
    noteEffect(effect, parts, tables);
    noteNullness(effect, tables.required);
    noteColumnFacts(effect, tables.facts);
    noteType(effect, types);
    notePartition(effect, tables.partitions);
    noteInheritance(effect, inherited);
    if (effect.change?.kind === 'replica identity') tables.identified.add(keyOf(effect.object));
    for (const [old, next] of movedConstraints(effect, tables)) {
      noteType({ ...effect, object: old, to: next }, types);
      noteInheritance({ ...effect, object: old, to: next }, inherited);
      noteRename(old, next, parts);
    }
    noteMovedTable(effect, parts, tables);
  }
  const byRelation = new Map<string, Found[]>();
  for (const found of new Set([...parts.values()].flat())) {
    for (const relation of found.columns.length === 0 ? [] : found.relations)
      byRelation.set(relation, [...(byRelation.get(relation) ?? []), found]);
  }
  return {
    of: (relation) => byRelation.get(relation) ?? [],
    constraintOf: (part) => types.get(part),
    isInherited: (part) => inherited.has(part),
    get: (part) => parts.get(part) ?? [],
    columnsOf: (relation) => tables.columns.get(relation) ?? [],
    isIdentified: (relation) =>
      tables.identified.has(relation) ||
      byRelation.get(relation)?.some(({ isPrimary }) => isPrimary) === true,
    hasPartitionBeside: (relation, partition) =>
      [...(tables.partitions.get(relation) ?? [])].some((one) => one !== partition),
    factsOf: (relation, column) => tables.facts.get(relation)?.get(column) ?? {},
    isRequired: (relation, column) => tables.required.get(relation)?.get(column) === true,
  };
}

function isMove({ object, change }: Effect): boolean {
  return nameSpaceOf(object.kind) === 'rel' && object.kind !== 'index' && change?.kind !== 'family';
}

/** The constraints of a table that gets another name or schema, under the old and the new name. */
function movedConstraints(effect: Effect, { constraints }: Tables): (readonly [ObjectId, ObjectId])[] {
  const { object, to } = effect;
  if (!to || !isMove(effect)) return [];
  const moved = (constraints.get(keyOf(object)) ?? []).map(
    (one) => [one, { ...one, ...present({ schema: to.schema }), parent: to.name }] as const,
  );
  constraints.set(
    keyOf(to),
    moved.map(([, next]) => next),
  );
  return moved;
}

/** A table has what it had under its other names. */
function noteMovedTable(effect: Effect, parts: ReadonlyMap<string, Found[]>, tables: Tables): void {
  const { object, to } = effect;
  if (!to || !isMove(effect)) return;
  const [old, next] = [keyOf(object), keyOf(to)];
  tables.columns.set(next, [...(tables.columns.get(old) ?? [])]);
  moveColumnFacts(object, to, tables.facts);
  tables.required.set(next, new Map(tables.required.get(old)));
  if (tables.identified.has(old)) tables.identified.add(next);
  tables.partitions.set(next, new Set(tables.partitions.get(old)));
  for (const { relations } of [...parts.values()].flat()) if (relations.has(old)) relations.add(next);
}

function notePartition({ object, change, to }: Effect, partitions: Tables['partitions']): void {
  if (change?.kind !== 'family' || change.link !== 'partition' || change.end !== 'parent') return;
  if (to && change.isAdded) addTo(partitions, keyOf(object), keyOf(to));
}

/** What was allowed once may be so when it matters. */
function noteNullness(
  { action, object, constraint, columns = [], sets }: Effect,
  required: Tables['required'],
): void {
  const owner = ownerKey(object);
  const isMade = action === 'create' && constraint === 'not null';
  const names = isMade ? columns : object.kind === 'column' && sets && 'null' in sets ? [object.name] : [];
  for (const name of owner === undefined ? [] : names) {
    const known = required.get(owner as string) ?? new Map<string, boolean>();
    const isForbidden = isMade || sets?.null === 'forbidden';
    required.set(owner as string, known.set(name, isForbidden && known.get(name) !== false));
  }
}

/** A constraint is known by all names that it ever has. */
function noteType({ object, constraint, to }: Effect, types: Map<string, ConstraintType>): void {
  const type = constraint ?? types.get(keyOf(object));
  if (object.kind === 'constraint' && type) types.set(keyOf(to ?? object), type);
}

function noteInheritance({ action, object, constraint, isOnly, to }: Effect, inherited: Set<string>): void {
  if (object.kind !== 'constraint') return;
  const isMade = action === 'create' && !isOnly && (constraint === 'check' || constraint === 'not null');
  if (isMade || (to && inherited.has(keyOf(object)))) inherited.add(keyOf(to ?? object));
}

function noteEffect(effect: Effect, parts: Map<string, Found[]>, tables: Tables): void {
  const { action, object, by, to } = effect;
  if (action === 'create') noteCreation(effect, parts, tables);
  else if (to) noteRename(object, to, parts);
  else if (action === 'use' && by) noteColumn(parts.get(keyOf(by))?.at(-1), object);
}

function noteCreation(
  { object, constraint, sets, parts: own }: Effect,
  parts: Map<string, Found[]>,
  { columns, constraints }: Tables,
): void {
  const owner = ownerKey(object);
  if (object.kind === 'constraint' && owner !== undefined)
    constraints.set(owner, [...(constraints.get(owner) ?? []), object]);
  if (object.kind === 'column' && owner !== undefined) {
    columns.set(owner, [...(columns.get(owner) ?? []), object.name]);
  } else if (isKey(constraint)) {
    const relations = new Set(owner === undefined ? [] : [owner]);
    const isPrimary = constraint === 'primary key';
    const isComputed = own?.isComputed === true;
    const isListed = object.kind === 'index' && own?.keyColumns !== undefined && !isComputed;
    const columns = isListed ? [...(own?.keyColumns ?? [])] : [];
    const found = { relations, columns, isPrimary, isPartial: sets?.key === 'partial', isComputed, isListed };
    parts.set(keyOf(object), [...(parts.get(keyOf(object)) ?? []), found]);
  }
}

/** A key is known by all names that it ever has. */
function noteRename(object: ObjectId, to: ObjectId, parts: Map<string, Found[]>): void {
  const found = parts.get(keyOf(object));
  if (found) parts.set(keyOf(to), [...found]);
}

function noteColumn(part: Found | undefined, column: ObjectId): void {
  if (!part || column.kind !== 'column') return;
  const relation = ownerKey(column);
  if (relation !== undefined && part.relations.size === 0) part.relations.add(relation);
  if (!part.isListed && !part.columns.includes(column.name)) part.columns.push(column.name);
}
