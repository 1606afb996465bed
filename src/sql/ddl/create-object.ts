/** Writes the statements that create one object: a table for all kinds. */

import type { SnapshotKind, SnapshotObject } from '../snapshot/snapshot.js';
import { createSearchObject, createServer, createUserMapping, createWrapper } from './create-foreign.js';
import {
  createAccessMethod,
  createAggregate,
  createByDefinition,
  createClass,
  createEventTrigger,
  createFamily,
  createFiring,
  createLanguage,
  createOperator,
  createPolicy,
  createPublication,
  createStatistics,
} from './create-programs.js';
import { createConstraint, createIndex, createSequence, createView } from './create-relations.js';
import {
  createBaseType,
  createCast,
  createCollation,
  createComposite,
  createConversion,
  createDomain,
  createEnum,
  createRange,
  createTransform,
} from './create-types.js';
import { alterDefaultPrivileges, commentOn, grant, revoke } from './privileges.js';
import { columnSettings, columnText, createTable } from './tables.js';
import { objectReference, ownerName } from './words.js';

/** The statements that create an object without its parts; none where Kat cannot write them. */
type Writer = (object: SnapshotObject) => string[];

const none: Writer = () => [];

const writers: Readonly<Record<SnapshotKind, Writer>> = {
  schema: ({ name }) => [`CREATE SCHEMA ${name}`],
  extension: ({ name, definition: { schema } }) => [`CREATE EXTENSION ${name} WITH SCHEMA ${schema}`],
  language: createLanguage,
  'access method': createAccessMethod,
  collation: createCollation,
  conversion: createConversion,
  'enum type': createEnum,
  'composite type': createComposite,
  'range type': createRange,
  domain: (object) => createDomain(object, []),
  'base type': createBaseType,
  function: createByDefinition,
  procedure: createByDefinition,
  aggregate: createAggregate,
  operator: createOperator,
  'operator family': createFamily,
  'operator class': createClass,
  cast: createCast,
  transform: createTransform,
  'text search parser': createSearchObject,
  'text search template': createSearchObject,
  'text search dictionary': createSearchObject,
  'text search configuration': createSearchObject,
  'foreign-data wrapper': createWrapper,
  server: createServer,
  'user mapping': createUserMapping,
  sequence: createSequence,
  table: (table) => createTable({ table, columns: [], constraints: [], inheritedDefaults: new Map() }),
  'foreign table': (table) =>
    createTable({ table, columns: [], constraints: [], inheritedDefaults: new Map() }),
  column: (column) => [
    `ALTER TABLE ${ownerName(column)} ADD COLUMN ${columnText(column)}`,
    ...columnSettings(column),
  ],
  constraint: createConstraint,
  index: createIndex,
  view: createView,
  'materialized view': createView,
  'statistics object': createStatistics,
  trigger: createFiring,
  rule: createFiring,
  policy: createPolicy,
  publication: createPublication,
  'event trigger': createEventTrigger,
  'default privileges': alterDefaultPrivileges,
  grant,
  revoke,
  comment: ({ of = '', definition: { text } }) => [commentOn(of, text)],
  rows: none,
};

/** @returns no statements where Kat cannot write them. */
export function createObject(object: SnapshotObject): string[] {
  return writers[object.kind](object);
}

/** @returns the statement that gives the object to its owner; none where that is the role that read the snapshot. */
export function setOwner(object: SnapshotObject, role: string): string[] {
  const { owner } = object.definition;
  return owner === undefined || owner === role ? [] : [`ALTER ${objectReference(object)} OWNER TO ${owner}`];
}
