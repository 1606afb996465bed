/** Predicts DROP, including dependent objects of a table, and objects that are found only by name. */

import {
  defaultPartitionOf,
  descendantsOf,
  partitionsOf,
  referencesTo,
  tablesWithType,
  typedTables,
  viewsOf,
} from '../schema/relatives.js';
import { findRelation, keyOfName, type Relation, resolveParts, type Schema } from '../schema/schema.js';
import type { NodeOf } from '../syntax/node-of.js';
import { partsOf } from '../syntax/object-names.js';
import type { RelationName } from '../syntax/relation-name.js';
import { lockDroppedKeys, ownKeysOf } from './dropped-keys.js';
import type { ImpactContext } from './impact-builder.js';

/** The name of one object in the statement. */
interface Dropped {
  parts: readonly string[];
  isCascade: boolean;
  isConcurrent: boolean;
  isOptional: boolean;
}

type Predictor = (context: ImpactContext, dropped: Dropped) => void;

const predictors: Readonly<Record<string, Predictor>> = {
  OBJECT_TABLE: dropNamed,
  OBJECT_FOREIGN_TABLE: dropNamed,
  OBJECT_VIEW: dropNamed,
  OBJECT_MATVIEW: dropNamed,
  OBJECT_SEQUENCE: dropSequence,
  OBJECT_INDEX: dropIndex,
  OBJECT_SCHEMA: dropSchema,
  OBJECT_TRIGGER: dropTrigger,
  OBJECT_POLICY: dropPart(({ policies }) => policies),
  OBJECT_RULE: dropPart(({ rules }) => rules),
  OBJECT_TYPE: dropType,
  OBJECT_DOMAIN: dropType,
  OBJECT_STATISTIC_EXT: dropStatistics,
  ...hiding(
    ...['OBJECT_EXTENSION', 'OBJECT_FUNCTION', 'OBJECT_PROCEDURE', 'OBJECT_ROUTINE', 'OBJECT_AGGREGATE'],
    ...['OBJECT_OPERATOR', 'OBJECT_OPCLASS', 'OBJECT_OPFAMILY', 'OBJECT_CAST', 'OBJECT_COLLATION'],
    ...['OBJECT_TSCONFIGURATION', 'OBJECT_TSDICTIONARY', 'OBJECT_TSPARSER', 'OBJECT_TSTEMPLATE'],
    ...['OBJECT_FDW', 'OBJECT_FOREIGN_SERVER', 'OBJECT_ACCESS_METHOD', 'OBJECT_LANGUAGE'],
  ),
};

/** The kinds of objects whose dependent objects are unknown. */
function hiding(...kinds: readonly string[]): Record<string, Predictor> {
  return Object.fromEntries(kinds.map((kind) => [kind, dropHidden]));
}

/** DROP of any kind of object. */
export function predictDrop(context: ImpactContext, statement: NodeOf<'DropStmt'>): void {
  const predictor = predictors[statement.removeType ?? ''];
  for (const object of statement.objects ?? []) {
    predictor?.(context, {
      parts: partsOf(object),
      isCascade: statement.behavior === 'DROP_CASCADE',
      isConcurrent: statement.concurrent === true,
      isOptional: statement.missing_ok === true,
    });
  }
}

function dropNamed(context: ImpactContext, { parts, isCascade, isOptional }: Dropped): void {
  const name = resolveParts(context.schema, parts, context.schema.relations);
  const known = findRelation(context.schema, name);
  if (known) dropRelation(context, known, isCascade);
  else if (!isOptional) context.builder.lock(name, 'ACCESS EXCLUSIVE');
}

/** A partition also locks its table and the default partition; foreign keys lock what they refer to. */
function dropRelation(context: ImpactContext, relation: Relation, isCascade: boolean): void {
  const { schema, builder } = context;
  for (const one of [relation, ...descendantsOf(schema, relation)]) {
    builder.lock(one, 'ACCESS EXCLUSIVE');
    lockDroppedKeys(context, ownKeysOf(schema, one));
    if (!isCascade) continue;
    if (hasRulesElsewhere(schema, one)) builder.hide();
    for (const { table } of referencesTo(schema, one)) builder.lock(table, 'ACCESS EXCLUSIVE');
    for (const view of viewsOf(schema, one)) builder.lock(view, 'ACCESS EXCLUSIVE');
  }
  for (const parent of relation.parents) lockPartitioned(context, parent);
}

/** The rules of other tables may write to it. */
function hasRulesElsewhere({ relations }: Schema, relation: Relation): boolean {
  return [...relations.values()].some((other) => other !== relation && other.rules.size > 0);
}

function lockPartitioned({ schema, builder }: ImpactContext, parent: RelationName): void {
  if (findRelation(schema, parent)?.kind !== 'partitioned table') return;
  builder.lock(parent, 'ACCESS EXCLUSIVE');
  const rest = defaultPartitionOf(schema, parent);
  if (rest) builder.lock(rest, 'ACCESS EXCLUSIVE');
}

function dropSequence({ schema, builder }: ImpactContext, { parts, isCascade }: Dropped): void {
  builder.lock(resolveParts(schema, parts, schema.relations), 'ACCESS EXCLUSIVE');
  // Columns with defaults from it are not known.
  if (isCascade) builder.hide();
}

/** The table is locked like its index (indexcmds.c, RangeVarCallbackForDropRelation). */
function dropIndex(context: ImpactContext, { parts, isConcurrent, isOptional }: Dropped): void {
  const { schema, builder } = context;
  const name = resolveParts(schema, parts, schema.indexOwners);
  const table = schema.relations.get(schema.indexOwners.get(keyOfName(name)) ?? '');
  if (!table && isOptional) return;
  const mode = isConcurrent ? 'SHARE UPDATE EXCLUSIVE' : 'ACCESS EXCLUSIVE';
  builder.lock(name, mode);
  if (!table) return;
  for (const one of [table, ...partitionsOf(schema, table)]) builder.lock(one, mode);
}

function dropSchema(context: ImpactContext, { parts: [name], isCascade }: Dropped): void {
  if (!isCascade) return;
  for (const relation of context.schema.relations.values())
    if (relation.schema === name) dropRelation(context, relation, true);
}

/** A part of a table with a name of its own, which is named behind the table. */
function dropPart(namesOf: (table: Relation) => Set<string>): Predictor {
  return ({ schema, builder }, { parts, isOptional }) => {
    const table = resolveParts(schema, parts.slice(0, -1), schema.relations);
    const known = findRelation(schema, table);
    const isThere = !known || namesOf(known).has(parts.at(-1) ?? '');
    if (isThere || !isOptional) builder.lock(table, 'ACCESS EXCLUSIVE');
  };
}

/** Partitions have the triggers of their table. */
function dropTrigger(context: ImpactContext, dropped: Dropped): void {
  const { schema, builder } = context;
  dropPart(({ triggers }) => triggers)(context, dropped);
  const known = findRelation(schema, resolveParts(schema, dropped.parts.slice(0, -1), schema.relations));
  if (!known?.triggers.has(dropped.parts.at(-1) ?? '')) return;
  for (const partition of partitionsOf(schema, known)) builder.lock(partition, 'ACCESS EXCLUSIVE');
}

/** With CASCADE columns of that type go. */
function dropType({ schema, builder }: ImpactContext, { parts, isCascade }: Dropped): void {
  if (!isCascade) return;
  const name = resolveParts(schema, parts, schema.types);
  for (const table of [...tablesWithType(schema, name), ...typedTables(schema, name)])
    builder.lock(table, 'ACCESS EXCLUSIVE');
}

function dropStatistics({ schema, builder }: ImpactContext, { parts }: Dropped): void {
  const table = schema.statistics.get(keyOfName(resolveParts(schema, parts, schema.statistics)));
  if (table) builder.lock(table, 'SHARE UPDATE EXCLUSIVE');
}

/** Its dependent objects are unknown. */
function dropHidden({ builder }: ImpactContext, { isCascade }: Dropped): void {
  if (isCascade) builder.hide();
}

/** DROP OWNED, and the like. */
export function predictOwned({ builder }: ImpactContext): void {
  builder.hide();
}
