/** Finds tables, columns and types that differ in their name alone: dropping and creating them would lose rows. */

import { present } from '../../present.js';
import type { SchemaDifference } from '../snapshot/difference.js';
import { qualifiedName, type SchemaSnapshot, type SnapshotObject } from '../snapshot/snapshot.js';
import { kindWord, ownerName } from './words.js';

/** One object under its old and its new name. */
export interface ObjectRename {
  removed: SchemaDifference;
  added: SchemaDifference;
  statements: readonly string[];
}

/** Pairs that are equal in everything but their name; where several could be meant, none is. */
export function findRenames(
  differences: readonly SchemaDifference[],
  { before, after }: { before: SchemaSnapshot; after: SchemaSnapshot },
): ObjectRename[] {
  const whole = differences.filter(({ within }) => within === undefined);
  const removed = groupByShape(whole, before, 'removed');
  const added = groupByShape(whole, after, 'added');
  return [...removed].flatMap(([shape, [first, ...others]]) => {
    const [second, ...more] = added.get(shape) ?? [];
    if (!first || !second || others.length + more.length > 0) return [];
    const statements = renameStatements(first.before as SnapshotObject, second.after as SnapshotObject);
    return [{ removed: first, added: second, statements }];
  });
}

function groupByShape(
  differences: readonly SchemaDifference[],
  snapshot: SchemaSnapshot,
  change: 'added' | 'removed',
): Map<string, SchemaDifference[]> {
  const groups = new Map<string, SchemaDifference[]>();
  for (const difference of differences.filter((one) => one.change === change)) {
    const shape = shapeOf((difference.before ?? difference.after) as SnapshotObject, snapshot);
    if (shape !== undefined) groups.set(shape, [...(groups.get(shape) ?? []), difference]);
  }
  return groups;
}

/** All that a rename keeps; undefined for kinds that can be made again. */
function shapeOf(object: SnapshotObject, { objects }: SchemaSnapshot): string | undefined {
  const { kind, definition } = object;
  // From 18 on, NOT NULL contains the name of its column.
  const { notNull: _, ...kept } = definition;
  if (kind === 'column')
    return definition.inherited === 'yes' ? undefined : JSON.stringify([kind, ownerName(object), kept]);
  if (kind === 'enum type') return JSON.stringify([kind, kept]);
  if (kind !== 'table') return undefined;
  const columns = objects
    .filter((column) => column.kind === 'column' && ownerName(column) === qualifiedName(object))
    .map(({ name, definition: { type, position } }) => [name, type, position]);
  return JSON.stringify([kind, kept, columns]);
}

function renameStatements(object: SnapshotObject, to: SnapshotObject): string[] {
  if (object.kind === 'column')
    return [`ALTER TABLE ${ownerName(object)} RENAME COLUMN ${object.name} TO ${to.name}`];
  const alter = `ALTER ${kindWord(object.kind)}`;
  const moved = qualifiedName({ ...object, ...present({ schema: to.schema }) });
  return [
    ...(object.schema === to.schema ? [] : [`${alter} ${qualifiedName(object)} SET SCHEMA ${to.schema}`]),
    ...(object.name === to.name ? [] : [`${alter} ${moved} RENAME TO ${to.name}`]),
  ];
}

/** Whether a change is only that of a name within the definition, which PostgreSQL makes by itself. */
export function followsRename({ properties }: SchemaDifference, renames: readonly ObjectRename[]): boolean {
  if (properties.length === 0) return false;
  return properties.every(({ before = '', after = '' }) => {
    const renamed = renames.reduce((text, { removed, added }) => {
      const [from, to] = [removed.before, added.after].map((object) => object && qualifiedName(object));
      return from === undefined || to === undefined ? text : text.replaceAll(from, to);
    }, before);
    return renamed !== before && sortedWords(renamed) === sortedWords(after);
  });
}

/** Lists are sorted by name. */
function sortedWords(text: string): string {
  return text.split(', ').sort().join(', ');
}
