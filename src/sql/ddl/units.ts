/** Divides a snapshot into units that are created together: a table with its columns and constraints, or one other object. */

import {
  qualifiedName,
  type SchemaSnapshot,
  type SnapshotObject,
  snapshotKey,
} from '../snapshot/snapshot.js';
import { splitList } from '../snapshot/written-names.js';
import { changeColumn } from './alter-column.js';
import { createObject, setOwner } from './create-object.js';
import { attachSequence, indexSettings, setReplicaIdentity } from './create-relations.js';
import { createDomain, isUnchecked } from './create-types.js';
import { keepOwnName } from './partition-names.js';
import { createTable } from './tables.js';
import { ownerName } from './words.js';

/** What is created together. */
export interface CreationUnit {
  /** The object that names the unit. */
  object: SnapshotObject;
  /** All objects that exist behind its statements, this one included. */
  objects: readonly SnapshotObject[];
  /** When it is created among units that are ready: smaller first. */
  rank: number;
  /** The qualified names that other definitions may contain. */
  provides: readonly string[];
  statements: readonly string[];
}

/** The order of units that do not need each other. */
const ranks: Readonly<Record<SnapshotObject['kind'], number>> = {
  ...{ schema: 0, extension: 1, 'access method': 2, 'base type': 3, collation: 4, conversion: 5 },
  ...{ 'enum type': 6, 'composite type': 7, 'range type': 8, domain: 9, language: 10 },
  ...{
    function: 11,
    procedure: 12,
    aggregate: 13,
    operator: 14,
    'operator family': 15,
    'operator class': 16,
  },
  ...{ cast: 17, transform: 18, 'text search parser': 19, 'text search template': 20 },
  ...{ 'text search dictionary': 21, 'text search configuration': 22 },
  ...{ 'foreign-data wrapper': 23, server: 24, 'user mapping': 25 },
  ...{ sequence: 26, table: 27, 'foreign table': 28, column: 29, index: 31, constraint: 33 },
  ...{ view: 34, 'materialized view': 35, 'statistics object': 36, trigger: 37, rule: 38, policy: 39 },
  ...{ publication: 40, grant: 41, revoke: 42, comment: 43, 'default privileges': 44 },
  // It would fire for what is created behind it.
  'event trigger': 45,
  rows: 46,
};

const afterTables = 30;
const afterIndexes = 32;
const afterTriggers = ranks.rule;

/** @returns the units in no order; those without statements are objects that Kat cannot write, or that come with others. */
export function divideSnapshot(snapshot: SchemaSnapshot): CreationUnit[] {
  const parts = groupParts(snapshot);
  return snapshot.objects.flatMap((object) => unitsOf(object, parts, snapshot.role));
}

interface PartsByOwner {
  columns: ReadonlyMap<string, readonly SnapshotObject[]>;
  constraints: ReadonlyMap<string, readonly SnapshotObject[]>;
  /** Qualified names; other owners of constraints are domains. */
  tables: ReadonlySet<string>;
}

function groupParts({ objects }: SchemaSnapshot): PartsByOwner {
  const isTable = ({ kind }: SnapshotObject) => kind === 'table' || kind === 'foreign table';
  const tables = new Set(objects.filter(isTable).map(qualifiedName));
  const ofTables = objects.filter((object) => object.kind === 'column' && tables.has(ownerName(object)));
  return {
    columns: groupByOwner(ofTables),
    constraints: groupByOwner(objects.filter(({ kind }) => kind === 'constraint')),
    tables,
  };
}

function groupByOwner(objects: readonly SnapshotObject[]): Map<string, SnapshotObject[]> {
  const groups = new Map<string, SnapshotObject[]>();
  for (const object of objects) {
    const group = groups.get(ownerName(object));
    if (group) group.push(object);
    else groups.set(ownerName(object), [object]);
  }
  return groups;
}

function unitsOf(object: SnapshotObject, parts: PartsByOwner, role: string): CreationUnit[] {
  const { kind } = object;
  if (kind === 'table' || kind === 'foreign table') return tableUnits(object, parts, role);
  if (kind === 'domain') return [domainUnit(object, parts, role)];
  if (kind === 'sequence') return sequenceUnits(object, role);
  if (isCreatedWithOwner(object, parts)) return [];
  if (kind === 'column') return [unit(object, [object], [setViewDefault(object)])];
  if (isBroughtByParent(object)) return [broughtUnit(object, parts)];
  const created = unit(object, [object], [...createObject(object), ...setOwner(object, role)]);
  // The trigger of the parent brings that of the partition.
  return [object.definition.parentState === undefined ? created : { ...created, rank: afterTriggers }];
}

/** What a partition has along with its table, under a name that may be its own. */
function broughtUnit(part: SnapshotObject, { constraints }: PartsByOwner): CreationUnit {
  const isNamesake = (other: SnapshotObject) => other !== part && other.name === part.name;
  const isMade = [...constraints.values()].some((group) => group.some(isNamesake));
  const own = keepOwnName(part, { isMade });
  const brought = unit(part, [part], own?.statements ?? []);
  if (!own) return brought;
  // Those of the deepest partitions come first.
  const step = / ON ONLY /.test(part.definition.definition ?? '') ? 0.2 : 0.4;
  return { ...brought, rank: brought.rank + (own.isBefore ? -step : step) };
}

function unit(
  object: SnapshotObject,
  objects: readonly SnapshotObject[],
  statements: readonly string[],
): CreationUnit {
  return { object, objects, rank: rankOf(object), provides: [providedName(object)], statements };
}

/** An event trigger is the last of all objects, but for what is said about it. */
function rankOf({ kind, of }: SnapshotObject): number {
  const isAboutLast = kind === 'comment' && of?.startsWith('event trigger ');
  return isAboutLast ? ranks['event trigger'] + 0.5 : ranks[kind];
}

/** Only columns of tables are declared; those of views may have a default. */
function setViewDefault(column: SnapshotObject): string {
  return `ALTER VIEW ${ownerName(column)} ALTER COLUMN ${column.name} SET DEFAULT ${column.definition.default}`;
}

/** Without arguments, as expressions contain it. */
function providedName(object: SnapshotObject): string {
  return qualifiedName(object).replace(/\(.*$| using \S+$/s, '');
}

/** A part whose statement is that of its table or domain. */
function isCreatedWithOwner(object: SnapshotObject, { tables }: PartsByOwner): boolean {
  if (object.kind === 'column') return tables.has(ownerName(object));
  return object.kind === 'constraint' && (isInline(object) || !tables.has(ownerName(object)));
}

/** Constraints of a partitioned table and its indexes are those of its partitions, too. */
function isBroughtByParent({ definition }: SnapshotObject): boolean {
  return definition.attachedTo !== undefined || definition.inherited === 'yes';
}

/** A foreign key needs another table; what is not valid must not be checked. */
function isInline(constraint: SnapshotObject): boolean {
  const { definition = '' } = constraint.definition;
  return (
    !isBroughtByParent(constraint) &&
    !definition.startsWith('FOREIGN KEY') &&
    !isUnchecked(constraint) &&
    indexSettings(constraint).length === 0
  );
}

function tableUnits(table: SnapshotObject, parts: PartsByOwner, role: string): CreationUnit[] {
  const name = qualifiedName(table);
  const columns = [...(parts.columns.get(name) ?? [])].sort((a, b) => position(a) - position(b));
  const constraints = (parts.constraints.get(name) ?? []).filter(isInline);
  const statements = createTable({
    table,
    columns,
    constraints,
    inheritedDefaults: defaultsOfParents(table, parts),
  });
  const own = columns.flatMap((column) => setOwnNotNull(column, parentsOf(table, parts)));
  const created = unit(
    table,
    [table, ...columns, ...constraints],
    [...statements, ...own, ...setOwner(table, role)],
  );
  const identity = table.kind === 'table' ? setReplicaIdentity(table) : [];
  return identity.length === 0 ? [created] : [created, { ...later(table, identity), rank: afterIndexes }];
}

function later(object: SnapshotObject, statements: readonly string[]): CreationUnit {
  return { object, objects: [], rank: afterTables, provides: [], statements };
}

function position({ definition }: SnapshotObject): number {
  return Number(definition.position);
}

function defaultsOfParents(table: SnapshotObject, parts: PartsByOwner): Map<string, string | undefined> {
  return new Map(parentsOf(table, parts).map(({ name, definition }) => [name, definition.default]));
}

/** The columns of all parents. */
function parentsOf(
  { definition: { partitionOf, inherits } }: SnapshotObject,
  { columns }: PartsByOwner,
): SnapshotObject[] {
  return splitList(partitionOf ?? inherits).flatMap((parent) => columns.get(parent) ?? []);
}

/** An inherited column may be NOT NULL where that of the parent is not. */
function setOwnNotNull(column: SnapshotObject, inherited: readonly SnapshotObject[]): string[] {
  const { notNull, ...others } = column.definition;
  if (notNull === undefined || column.definition.inherited !== 'yes') return [];
  if (inherited.some(({ name, definition }) => name === column.name && definition.notNull !== undefined))
    return [];
  const before = { ...column, definition: others };
  return changeColumn({ before, after: column, changed: new Set(['notNull']) }) ?? [];
}

function domainUnit(domain: SnapshotObject, parts: PartsByOwner, role: string): CreationUnit {
  const constraints = parts.constraints.get(qualifiedName(domain)) ?? [];
  return unit(
    domain,
    [domain, ...constraints],
    [...createDomain(domain, constraints), ...setOwner(domain, role)],
  );
}

function sequenceUnits(sequence: SnapshotObject, role: string): CreationUnit[] {
  const created = unit(sequence, [sequence], [...createObject(sequence), ...setOwner(sequence, role)]);
  const attached = attachSequence(sequence);
  return attached.length === 0 ? [created] : [created, later(sequence, attached)];
}

/** @returns the objects of the second snapshot that the first does not have. */
export function missingFrom(first: SchemaSnapshot, second: SchemaSnapshot): SnapshotObject[] {
  const known = new Set(first.objects.map(snapshotKey));
  return second.objects.filter((object) => !known.has(snapshotKey(object)));
}
