/** Finds the object that DROP, COMMENT, RENAME and their like name with a word for its kind. */

import type { Node, ObjectType, RangeVar } from '@pgsql/types';
import { nodeOf } from '../syntax/node-of.js';
import type { ObjectId, ObjectKind } from '../syntax/object-id.js';
import { argsOf, namePartsOf, partOf, partsOf, typeText } from '../syntax/object-names.js';
import type { ReaderContext } from './context.js';
import { castObject } from './expressions/casts.js';
import { usedName, usedRelation } from './resolve-names.js';

/** Objects in a schema. */
const schemaKinds: Partial<Record<ObjectType, ObjectKind>> = {
  OBJECT_TABLE: 'table',
  OBJECT_VIEW: 'view',
  OBJECT_MATVIEW: 'materialized view',
  OBJECT_FOREIGN_TABLE: 'foreign table',
  OBJECT_INDEX: 'index',
  OBJECT_SEQUENCE: 'sequence',
  OBJECT_TYPE: 'type',
  OBJECT_DOMAIN: 'domain',
  OBJECT_FUNCTION: 'function',
  OBJECT_PROCEDURE: 'function',
  OBJECT_ROUTINE: 'function',
  OBJECT_AGGREGATE: 'aggregate',
  OBJECT_OPERATOR: 'operator',
  OBJECT_COLLATION: 'collation',
  OBJECT_CONVERSION: 'conversion',
  OBJECT_STATISTIC_EXT: 'statistics',
  OBJECT_TSCONFIGURATION: 'text search configuration',
  OBJECT_TSDICTIONARY: 'text search dictionary',
  OBJECT_TSPARSER: 'text search parser',
  OBJECT_TSTEMPLATE: 'text search template',
};

/** Objects outside of any schema. */
const globalKinds: Partial<Record<ObjectType, ObjectKind>> = {
  OBJECT_SCHEMA: 'schema',
  OBJECT_EXTENSION: 'extension',
  OBJECT_ROLE: 'role',
  OBJECT_DATABASE: 'database',
  OBJECT_LANGUAGE: 'language',
  OBJECT_FDW: 'foreign data wrapper',
  OBJECT_FOREIGN_SERVER: 'server',
  OBJECT_EVENT_TRIGGER: 'event trigger',
  OBJECT_PUBLICATION: 'publication',
  OBJECT_SUBSCRIPTION: 'subscription',
  OBJECT_TABLESPACE: 'tablespace',
  OBJECT_ACCESS_METHOD: 'access method',
  OBJECT_LARGEOBJECT: 'large object',
  OBJECT_PARAMETER_ACL: 'parameter',
};

/** Parts of a table, named by table and part. */
const partKinds: Partial<Record<ObjectType, ObjectKind>> = {
  OBJECT_COLUMN: 'column',
  OBJECT_ATTRIBUTE: 'column',
  OBJECT_TABCONSTRAINT: 'constraint',
  OBJECT_TRIGGER: 'trigger',
  OBJECT_POLICY: 'policy',
  OBJECT_RULE: 'rule',
};

/** A statement's way to name one object. */
export interface NamedObject {
  type: ObjectType | undefined;
  object?: Node | undefined;
  relation?: RangeVar | undefined;
  /** The part of the relation. */
  part?: string | undefined;
}

/** @returns undefined for objects that have no name of their own. */
export function namedObject(
  context: ReaderContext,
  { type, object, relation, part }: NamedObject,
): ObjectId | undefined {
  if (!type) return undefined;
  const partKind = partKinds[type];
  if (partKind) return namedPart(context, { kind: partKind, object, relation, part });
  const parts = relation ? [] : partsOf(object);
  const schemaKind = schemaKinds[type];
  if (schemaKind) {
    const found = relation
      ? usedRelation(context, relation, schemaKind)
      : usedName(context, schemaKind, parts);
    return { ...found, ...argsOfObject(object) };
  }
  const globalKind = globalKinds[type];
  if (globalKind) return { kind: globalKind, name: parts.join('.') };
  return namedSpecially(context, type, object);
}

function namedPart(
  context: ReaderContext,
  { kind, object, relation, part }: { kind: ObjectKind } & Omit<NamedObject, 'type'>,
): ObjectId {
  if (relation) return partOf(usedRelation(context, relation), kind, part ?? '');
  const parts = partsOf(object);
  return partOf(usedName(context, 'relation', parts.slice(0, -1)), kind, parts.at(-1) ?? '');
}

function argsOfObject(object: Node | undefined): { args?: string } {
  const args = object && 'ObjectWithArgs' in object ? argsOf(object.ObjectWithArgs) : undefined;
  return args === undefined ? {} : { args };
}

function namedSpecially(
  context: ReaderContext,
  type: ObjectType,
  object: Node | undefined,
): ObjectId | undefined {
  const items = object && 'List' in object ? (object.List.items ?? []) : [];
  const types = items.map((item) => typeText(nodeOf(item, 'TypeName')));
  if (type === 'OBJECT_CAST')
    return castObject(context, nodeOf(items[0], 'TypeName'), nodeOf(items[1], 'TypeName'));
  if (type === 'OBJECT_TRANSFORM') {
    return { kind: 'transform', name: `${types[0]} ${nodeOf(items[1], 'String')?.sval ?? ''}` };
  }
  if (type === 'OBJECT_DOMCONSTRAINT') {
    const domain = usedName(context, 'domain', partsOf(items[0]));
    return partOf(domain, 'constraint', partsOf(items[1])[0] ?? '');
  }
  if (type === 'OBJECT_OPCLASS' || type === 'OBJECT_OPFAMILY') {
    // The first word is the access method.
    const kind = type === 'OBJECT_OPCLASS' ? 'operator class' : 'operator family';
    return usedName(context, kind, namePartsOf(items).slice(1));
  }
  return undefined;
}
