/** Locks of foreign keys that go: dropping one locks the tables on both of its sides. */

import { partitionsOf, referencesTo } from '../schema/relatives.js';
import { type Constraint, findRelation, type Relation } from '../schema/schema.js';
import type { RelationName } from '../syntax/relation-name.js';
import type { ImpactContext } from './impact-builder.js';

/** The tables that the given constraints refer to. */
export function lockDroppedKeys({ schema, builder }: ImpactContext, constraints: Iterable<Constraint>): void {
  for (const { references } of constraints) {
    if (!references) continue;
    for (const referenced of [references, ...partitionsOf(schema, references)])
      builder.lock(referenced, 'ACCESS EXCLUSIVE');
  }
}

/** The tables whose foreign keys refer to a table: to its column `column`, where one is given. */
export function lockReferrers({ schema, builder }: ImpactContext, name: RelationName, column?: string): void {
  const known = findRelation(schema, name);
  for (const { table, constraint } of referencesTo(schema, name)) {
    const key = [...(known?.constraints.values() ?? [])].find(({ kind }) => kind === 'primary key');
    const columns = constraint.referencedColumns ?? key?.columns ?? [];
    if (column !== undefined && !columns.includes(column)) continue;
    builder.lock(table, 'ACCESS EXCLUSIVE');
  }
}

/** The foreign keys that a table does not have from the table whose partition it is. */
export function ownKeysOf(schema: ImpactContext['schema'], { constraints, parents }: Relation): Constraint[] {
  const inherited = new Set(
    parents.flatMap((parent) =>
      [...(findRelation(schema, parent)?.constraints.values() ?? [])].map(({ name }) => name),
    ),
  );
  return [...constraints.values()].filter(({ name, references }) => references && !inherited.has(name));
}
