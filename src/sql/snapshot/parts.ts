/** Finds out which differences are part of a whole object that was added or removed. */

import type { SchemaDifference } from './difference.js';
import { isNote, qualifiedName, type SnapshotObject } from './snapshot.js';
import { subjectNames, withoutLastPart } from './written-names.js';

/** Sets `within` where the object's table, type or column was added or removed, too. */
export function findWholes(differences: readonly SchemaDifference[]): SchemaDifference[] {
  const wholes = {
    added: wholesOf(differences, 'added'),
    removed: wholesOf(differences, 'removed'),
  };
  return differences.map((difference) => {
    if (difference.change === 'changed') return difference;
    const object = (difference.before ?? difference.after) as SnapshotObject;
    const whole = ownersOf(object).flatMap((name) => wholes[difference.change as 'added'].get(name) ?? [])[0];
    return whole === undefined ? difference : { ...difference, within: whole };
  });
}

function wholesOf(
  differences: readonly SchemaDifference[],
  change: SchemaDifference['change'],
): Map<string, string> {
  const objects = differences.filter((difference) => difference.change === change);
  return new Map(
    objects
      .filter((difference) => !isNote(difference))
      .map(({ object, before, after }) => [qualifiedName((before ?? after) as SnapshotObject), object]),
  );
}

/** The qualified names that may be the owner's; those of relations and types differ within a schema. */
function ownersOf(object: SnapshotObject): string[] {
  const { kind, schema = '', of, definition } = object;
  if (of === undefined)
    return definition.ownedBy === undefined ? [] : columnAndTable(schema, definition.ownedBy);
  if (isNote(object)) return subjectNames(of);
  if (kind === 'default privileges') return [schema];
  return kind === 'user mapping' || object.schema === undefined ? [of] : [`${schema}.${of}`];
}

/** `orders.id` is owned by the column, which may be part of a table that went as a whole. */
function columnAndTable(schema: string, ownedBy: string): string[] {
  return [`${schema}.${withoutLastPart(ownedBy)}`, `${schema}.${ownedBy}`];
}
