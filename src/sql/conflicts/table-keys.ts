/** Collects the unique keys of all tables of a history, to distinguish rows. */

import { ownerKey } from '../dependencies/catalogue.js';
import { type ConstraintType, isKey } from '../effects/change.js';
import type { Effect, MigrationEffects } from '../effects/effect.js';
import { keyOf } from '../effects/object-key.js';
import type { ObjectId } from '../syntax/object-id.js';
import type { TableKeys } from './conflict.js';

interface Found {
  relation: string | undefined;
  columns: string[];
  isPrimary: boolean;
}

/** Reads the keys of all tables. */
export function findTableKeys(migrations: readonly MigrationEffects[]): TableKeys {
  const parts = new Map<string, Found>();
  const columns = new Map<string, string[]>();
  const required = new Map<string, boolean>();
  const types = new Map<string, ConstraintType>();
  const inherited = new Set<string>();
  const identified = new Set<string>();
  for (const effect of migrations.flatMap(({ effects }) => effects)) {
    noteEffect(effect, parts, columns);
    noteNullness(effect, required);
    noteType(effect, types);
    noteInheritance(effect, inherited);
    if (effect.change?.kind === 'replica identity') identified.add(keyOf(effect.object));
  }
  const byRelation = new Map<string, Found[]>();
  for (const found of parts.values()) {
    if (found.relation === undefined || found.columns.length === 0) continue;
    byRelation.set(found.relation, [...(byRelation.get(found.relation) ?? []), found]);
  }
  return {
    of: (relation) => byRelation.get(relation) ?? [],
    constraintOf: (part) => types.get(part),
    isInherited: (part) => inherited.has(part),
    get: (part) => parts.get(part),
    columnsOf: (relation) => columns.get(relation) ?? [],
    isIdentified: (relation) =>
      identified.has(relation) || byRelation.get(relation)?.some(({ isPrimary }) => isPrimary) === true,
    isRequired: (relation, column) => required.get(JSON.stringify([relation, column])) === true,
  };
}

/** What was allowed once may be so when it matters. */
function noteNullness(
  { action, object, constraint, columns = [], sets }: Effect,
  required: Map<string, boolean>,
): void {
  const owner = ownerKey(object);
  const isMade = action === 'create' && constraint === 'not null';
  const names = isMade ? columns : object.kind === 'column' && sets && 'null' in sets ? [object.name] : [];
  for (const name of owner === undefined ? [] : names) {
    const key = JSON.stringify([owner, name]);
    const isForbidden = isMade || sets?.null === 'forbidden';
    required.set(key, isForbidden && required.get(key) !== false);
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

function noteEffect(effect: Effect, parts: Map<string, Found>, columns: Map<string, string[]>): void {
  const { action, object, by, to } = effect;
  if (action === 'create') noteCreation(effect, parts, columns);
  else if (to) noteRename(object, to, parts);
  else if (action === 'use' && by) noteColumn(parts.get(keyOf(by)), object);
}

function noteCreation(
  { object, constraint }: Effect,
  parts: Map<string, Found>,
  columns: Map<string, string[]>,
): void {
  const owner = ownerKey(object);
  if (object.kind === 'column' && owner !== undefined) {
    columns.set(owner, [...(columns.get(owner) ?? []), object.name]);
  } else if (isKey(constraint)) {
    parts.set(keyOf(object), { relation: owner, columns: [], isPrimary: constraint === 'primary key' });
  }
}

/** A key is known by all names that it ever has. */
function noteRename(object: ObjectId, to: ObjectId, parts: Map<string, Found>): void {
  const found = parts.get(keyOf(object));
  if (found) parts.set(keyOf(to), found);
}

function noteColumn(part: Found | undefined, column: ObjectId): void {
  if (!part || column.kind !== 'column') return;
  part.relation ??= ownerKey(column);
  if (!part.columns.includes(column.name)) part.columns.push(column.name);
}
