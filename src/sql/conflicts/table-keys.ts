/** Collects from a whole history what makes the rows of its tables unique, so that rows can be told apart. */

import { ownerKey } from '../dependencies/catalogue.js';
import type { Effect, MigrationEffects } from '../effects/effect.js';
import { keyOf } from '../effects/object-key.js';
import type { ObjectId } from '../syntax/object-id.js';
import type { TableKeys } from './conflict.js';

const keyChanges: ReadonlySet<string> = new Set(['primary key', 'unique', 'exclude']);

interface Found {
  relation: string | undefined;
  columns: string[];
  isPrimary: boolean;
}

/** Renames are not followed: such a key is known by the names that it began with. */
export function findTableKeys(migrations: readonly MigrationEffects[]): TableKeys {
  const parts = new Map<string, Found>();
  const columns = new Map<string, string[]>();
  for (const { effects } of migrations) {
    for (const effect of effects) {
      if (effect.action === 'create') noteCreation(effect, parts, columns);
      else if (effect.action === 'use' && effect.by) noteColumn(parts.get(keyOf(effect.by)), effect.object);
    }
  }
  const byRelation = new Map<string, Found[]>();
  for (const found of parts.values()) {
    if (found.relation === undefined || found.columns.length === 0) continue;
    byRelation.set(found.relation, [...(byRelation.get(found.relation) ?? []), found]);
  }
  return {
    of: (relation) => byRelation.get(relation) ?? [],
    get: (part) => parts.get(part),
    columnsOf: (relation) => columns.get(relation) ?? [],
  };
}

function noteCreation(
  { object, change = '' }: Effect,
  parts: Map<string, Found>,
  columns: Map<string, string[]>,
): void {
  const owner = ownerKey(object);
  if (object.kind === 'column' && owner !== undefined) {
    columns.set(owner, [...(columns.get(owner) ?? []), object.name]);
  } else if ((object.kind === 'constraint' || object.kind === 'index') && keyChanges.has(change)) {
    parts.set(keyOf(object), { relation: owner, columns: [], isPrimary: change === 'primary key' });
  }
}

function noteColumn(part: Found | undefined, column: ObjectId): void {
  if (!part || column.kind !== 'column') return;
  part.relation ??= ownerKey(column);
  if (!part.columns.includes(column.name)) part.columns.push(column.name);
}
