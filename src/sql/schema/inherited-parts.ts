/** Tells the parts that a table only inherits from those that it has itself: these stay when a parent loses its own. */

import { directChildrenOf } from './relatives.js';
import { findRelation, keyOfName, type Relation, type Schema } from './schema.js';

/** The parts that tables inherit. */
export const partKinds = ['columns', 'constraints'] as const;

/** A part by its name. */
export interface TablePart {
  kind: (typeof partKinds)[number];
  name: string;
}

/**
 * The children of a table that lose a part with it: those that do not define it themselves, and have it from no other parent
 * (`ATExecDropColumn` and `dropconstraint_internal` in tablecmds.c). Partitions define none themselves.
 */
export function childrenLosing(schema: Schema, table: Relation, part: TablePart): Relation[] {
  const isKept = (child: Relation) =>
    table.kind !== 'partitioned table' && keepsPart(schema, child, table, part);
  return directChildrenOf(schema, keyOfName(table)).filter(
    (child) => child[part.kind].has(part.name) && !isKept(child),
  );
}

function keepsPart(schema: Schema, child: Relation, table: Relation, { kind, name }: TablePart): boolean {
  if (child[kind].get(name)?.isInherited !== true) return true;
  const others = child.parents.filter((parent) => keyOfName(parent) !== keyOfName(table));
  return others.some((parent) => findRelation(schema, parent)?.[kind].has(name));
}

/** What no parent has any more is the table's own. */
export function keepAsOwn(schema: Schema, child: Relation): void {
  const parents = child.parents.map((parent) => findRelation(schema, parent));
  for (const kind of partKinds)
    for (const part of child[kind].values())
      if (part.isInherited && !parents.some((parent) => parent?.[kind].has(part.name)))
        part.isInherited = false;
}

/** The names of those that the table has itself. */
export function ownParts(table: Relation, kind: TablePart['kind']): Set<string> {
  return new Set([...table[kind].values()].filter((part) => !part.isInherited).map((part) => part.name));
}
