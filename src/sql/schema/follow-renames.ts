/** Follows renames and moves of relations, indexes and constraints. */

import type { RenameStmt } from '@pgsql/types';
import { partsOfRange } from '../syntax/object-names.js';
import type { RelationName } from '../syntax/relation-name.js';
import { addIndex, dropIndex } from './indexes.js';
import { link, linkKinds, naming, putRelation } from './links.js';
import { descendantsOf, referencesTo } from './relatives.js';
import { findRelation, keyOfName, type Relation, resolveParts, resolveRange, type Schema } from './schema.js';
import { forgetUnseen } from './unseen-tables.js';

/** Gives a relation another name or schema; its indexes go along. */
export function renameRelation(schema: Schema, relation: Relation, to: RelationName): void {
  const indexes = [...relation.indexes.values()];
  for (const { name } of indexes) dropIndex(schema, relation, name);
  schema.relations.delete(keyOfName(relation));
  const followers = linkKinds.flatMap((how) => naming(schema, how, keyOfName(relation)));
  for (const other of [relation, ...followers]) follow(other, relation, to);
  Object.assign(relation, to, to.name === relation.name ? {} : { namedBy: schema.migration });
  putRelation(schema, relation);
  for (const other of followers) link(schema, other);
  for (const index of indexes) addIndex(schema, relation, index);
}

function follow(other: Relation, from: RelationName, to: RelationName): void {
  const isMeant = (name: RelationName) => keyOfName(name) === keyOfName(from);
  other.parents = other.parents.map((parent) => (isMeant(parent) ? { ...to } : parent));
  other.reads = other.reads.map((read) => (isMeant(read) ? { ...to } : read));
  for (const constraint of other.constraints.values()) {
    if (constraint.references && isMeant(constraint.references)) constraint.references = { ...to };
  }
}

/** Gives an index another name; a key has the same name as its index. */
function renameIndex(schema: Schema, from: RelationName, to: string): void {
  const table = schema.relations.get(schema.indexOwners.get(keyOfName(from)) ?? '');
  if (table) renameConstraint(schema, table, [from.name, to]);
}

/** Gives a constraint another name, and its index if it has one. */
function renameConstraint(
  schema: Schema,
  table: Relation,
  [from, to]: readonly [from: string, to: string],
): void {
  const constraint = table.constraints.get(from);
  const index = table.indexes.get(from);
  if (constraint) {
    table.constraints.delete(from);
    table.constraints.set(to, { ...constraint, name: to });
  }
  if (!index) return;
  dropIndex(schema, table, from);
  addIndex(schema, table, { ...index, name: to });
}

type Renamer = (schema: Schema, table: Relation, names: readonly [from: string, to: string]) => void;

/** The renamed part of a table. */
const renamers: Readonly<Record<string, Renamer>> = {
  OBJECT_COLUMN: (schema, table, names) => {
    for (const one of [table, ...descendantsOf(schema, table)]) renameColumn(one, names, schema.migration);
    renameReferenced(schema, table, names);
  },
  OBJECT_TABCONSTRAINT: (schema, table, names) => {
    const isInherited = inheritedKinds.has(table.constraints.get(names[0])?.kind ?? '');
    for (const one of [table, ...(isInherited ? descendantsOf(schema, table) : [])])
      renameConstraint(schema, one, names);
  },
  OBJECT_TRIGGER: (_schema, { triggers }, names) => renameMember(triggers, names),
  OBJECT_RULE: (_schema, { rules }, names) => renameMember(rules, names),
  OBJECT_POLICY: (_schema, { policies }, names) => renameMember(policies, names),
};

/** The constraints that children have under the name of their parent's (`rename_constraint_internal` in tablecmds.c). */
const inheritedKinds: ReadonlySet<string> = new Set(['check', 'not null']);

const relationTypes: ReadonlySet<string> = new Set([
  'OBJECT_TABLE',
  'OBJECT_VIEW',
  'OBJECT_MATVIEW',
  'OBJECT_FOREIGN_TABLE',
]);

/** Carries a RENAME into what is known; ALTER TABLE also renames indexes. */
export function followRename(schema: Schema, statement: RenameStmt): void {
  const { renameType = 'OBJECT_TABLE', relation, subname = '', newname = '' } = statement;
  const name = relation && resolveRange(schema, relation);
  const table = name && findRelation(schema, name);
  if (name && !table) forgetUnseen(schema, name);
  if (table && relationTypes.has(renameType))
    renameRelation(schema, table, { schema: table.schema, name: newname });
  else if (table) renamers[renameType]?.(schema, table, [subname, newname]);
  else if (relation && (renameType === 'OBJECT_INDEX' || renameType === 'OBJECT_TABLE'))
    renameIndex(schema, resolveParts(schema, partsOfRange(relation), schema.indexOwners), newname);
}

function renameMember(names: Set<string>, [from, to]: readonly [string, string]): void {
  if (names.delete(from)) names.add(to);
}

function renameColumn(table: Relation, [from, to]: readonly [string, string], namedBy: string): void {
  const swap = <Name extends string | undefined>(name: Name) => (name === from ? to : name);
  const columns = [...table.columns.values()].map((column) =>
    column.name === from ? { ...column, name: to, namedBy } : column,
  );
  table.columns = new Map(columns.map((column) => [column.name, column]));
  for (const constraint of table.constraints.values()) constraint.columns = constraint.columns.map(swap);
  for (const index of table.indexes.values()) {
    index.columns = index.columns.map(swap);
    index.needs = index.needs.map(swap);
  }
}

function renameReferenced(schema: Schema, table: Relation, [from, to]: readonly [string, string]): void {
  for (const { constraint } of referencesTo(schema, table)) {
    const { referencedColumns } = constraint;
    if (referencedColumns)
      constraint.referencedColumns = referencedColumns.map((name) => (name === from ? to : name));
  }
}
