/** Predicts DROP: also of what hangs on a table, and of what is found only through its name. */

import {
  defaultPartitionOf,
  descendantsOf,
  referencesTo,
  tablesWithType,
  typedTables,
  viewsOf,
} from '../schema/relatives.js';
import { findRelation, keyOfName, type Relation, resolveParts } from '../schema/schema.js';
import type { NodeOf } from '../syntax/node-of.js';
import { partsOf } from '../syntax/object-names.js';
import type { RelationName } from '../syntax/relation-name.js';
import { lockDroppedKeys, ownKeysOf } from './dropped-keys.js';
import type { Scene } from './tally.js';

/** What stands in the statement for one object. */
interface Dropped {
  parts: readonly string[];
  isCascade: boolean;
  isConcurrent: boolean;
  isOptional: boolean;
}

type Predictor = (scene: Scene, dropped: Dropped) => void;

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
  OBJECT_EXTENSION: dropHidden,
  OBJECT_FUNCTION: dropHidden,
  OBJECT_PROCEDURE: dropHidden,
  OBJECT_ROUTINE: dropHidden,
  OBJECT_OPERATOR: dropHidden,
  OBJECT_COLLATION: dropHidden,
};

/** DROP of any kind of object. */
export function predictDrop(scene: Scene, statement: NodeOf<'DropStmt'>): void {
  const predictor = predictors[statement.removeType ?? ''];
  for (const object of statement.objects ?? []) {
    predictor?.(scene, {
      parts: partsOf(object),
      isCascade: statement.behavior === 'DROP_CASCADE',
      isConcurrent: statement.concurrent === true,
      isOptional: statement.missing_ok === true,
    });
  }
}

function dropNamed(scene: Scene, { parts, isCascade, isOptional }: Dropped): void {
  const name = resolveParts(scene.schema, parts, scene.schema.relations);
  const known = findRelation(scene.schema, name);
  if (known) dropRelation(scene, known, isCascade);
  else if (!isOptional) scene.tally.lock(name, 'ACCESS EXCLUSIVE');
}

/** A partition also locks its table and the default partition; foreign keys lock what they refer to. */
function dropRelation(scene: Scene, relation: Relation, isCascade: boolean): void {
  const { schema, tally } = scene;
  for (const one of [relation, ...descendantsOf(schema, relation)]) {
    tally.lock(one, 'ACCESS EXCLUSIVE');
    lockDroppedKeys(scene, ownKeysOf(schema, one));
    if (!isCascade) continue;
    for (const { table } of referencesTo(schema, one)) tally.lock(table, 'ACCESS EXCLUSIVE');
    for (const view of viewsOf(schema, one)) tally.lock(view, 'ACCESS EXCLUSIVE');
  }
  for (const parent of relation.parents) lockPartitioned(scene, parent);
}

function lockPartitioned({ schema, tally }: Scene, parent: RelationName): void {
  if (findRelation(schema, parent)?.kind !== 'partitioned table') return;
  tally.lock(parent, 'ACCESS EXCLUSIVE');
  const rest = defaultPartitionOf(schema, parent);
  if (rest) tally.lock(rest, 'ACCESS EXCLUSIVE');
}

function dropSequence({ schema, tally }: Scene, { parts, isCascade }: Dropped): void {
  tally.lock(resolveParts(schema, parts, schema.relations), 'ACCESS EXCLUSIVE');
  // Columns with defaults from it are not known.
  if (isCascade) tally.hide();
}

/** The table is locked like its index (indexcmds.c, RangeVarCallbackForDropRelation). */
function dropIndex(scene: Scene, { parts, isConcurrent, isOptional }: Dropped): void {
  const { schema, tally } = scene;
  const name = resolveParts(schema, parts, schema.indexOwners);
  const table = schema.relations.get(schema.indexOwners.get(keyOfName(name)) ?? '');
  if (!table && isOptional) return;
  const mode = isConcurrent ? 'SHARE UPDATE EXCLUSIVE' : 'ACCESS EXCLUSIVE';
  tally.lock(name, mode);
  if (!table) return;
  tally.lock(table, mode);
  if (table.kind === 'partitioned table')
    for (const child of descendantsOf(schema, table)) tally.lock(child, mode);
}

function dropSchema(scene: Scene, { parts: [name], isCascade }: Dropped): void {
  if (!isCascade) return;
  for (const relation of scene.schema.relations.values())
    if (relation.schema === name) dropRelation(scene, relation, true);
}

/** A part of a table with a name of its own, which is named behind the table. */
function dropPart(namesOf: (table: Relation) => Set<string>): Predictor {
  return ({ schema, tally }, { parts, isOptional }) => {
    const table = resolveParts(schema, parts.slice(0, -1), schema.relations);
    const known = findRelation(schema, table);
    const isThere = !known || namesOf(known).has(parts.at(-1) ?? '');
    if (isThere || !isOptional) tally.lock(table, 'ACCESS EXCLUSIVE');
  };
}

/** Partitions have the triggers of their table. */
function dropTrigger(scene: Scene, dropped: Dropped): void {
  const { schema, tally } = scene;
  dropPart(({ triggers }) => triggers)(scene, dropped);
  const known = findRelation(schema, resolveParts(schema, dropped.parts.slice(0, -1), schema.relations));
  if (known?.kind !== 'partitioned table' || !known.triggers.has(dropped.parts.at(-1) ?? '')) return;
  for (const child of descendantsOf(schema, known)) tally.lock(child, 'ACCESS EXCLUSIVE');
}

/** With CASCADE columns of that type go. */
function dropType({ schema, tally }: Scene, { parts, isCascade }: Dropped): void {
  if (!isCascade) return;
  const name = resolveParts(schema, parts, schema.types);
  for (const table of [...tablesWithType(schema, name), ...typedTables(schema, name)])
    tally.lock(table, 'ACCESS EXCLUSIVE');
}

function dropStatistics({ schema, tally }: Scene, { parts }: Dropped): void {
  const table = schema.statistics.get(keyOfName(resolveParts(schema, parts, schema.statistics)));
  if (table) tally.lock(table, 'SHARE UPDATE EXCLUSIVE');
}

/** What depends on it is not known. */
function dropHidden({ tally }: Scene, { isCascade }: Dropped): void {
  if (isCascade) tally.hide();
}

/** DROP OWNED, and the like. */
export function predictOwned({ tally }: Scene): void {
  tally.hide();
}
