/** Reads the footprint of each migration of a history, with what those before it made of the tables. */

import type { CheckedMigration } from '../conflicts/find-conflicts.js';
import type { Effect } from '../effects/effect.js';
import { nameSpaceOf } from '../effects/name-space.js';
import { keyOf } from '../effects/object-key.js';
import { type Impact, joinLockModes, type LockMode, withArticle } from '../impact/impact.js';
import { predictImpact } from '../impact/predict-impact.js';
import { followBlock } from '../schema/follow-blocks.js';
import { endMigration } from '../schema/follow-statement.js';
import { emptySchema, findRelation, keyOfName, nameText, type Schema } from '../schema/schema.js';
import type { ObjectId, SourcePosition } from '../syntax/object-id.js';
import type { Parser, Statement } from '../syntax/parse.js';
import type { RelationName } from '../syntax/relation-name.js';
import { findConcurrentWork } from '../transactions/concurrent-work.js';
import { statementMode } from '../transactions/statement-modes.js';
import type { Footprint, HeldLock, PlacedWords } from './footprint.js';
import { isWritten, reasonInEffects, wordsOfEffect } from './reasons-alone.js';

/** @param oldestServer the major version of the server that the migrations run on, or an older one */
export function createFootprintReader(parser: Parser, oldestServer: number) {
  const schema = emptySchema();
  return {
    /** Call it for each migration with its statements, in the order of the graph. */
    read(migration: CheckedMigration, statements: readonly Statement[]): Footprint {
      const reading = startReading(migration, { schema, oldestServer });
      for (const statement of statements) {
        readStatement(reading, statement);
        followBlock(parser, schema, { node: statement.node, creator: migration.id });
      }
      endMigration(schema);
      return reading.footprint;
    },
  };
}

interface Surroundings {
  schema: Schema;
  oldestServer: number;
}

interface Reading extends Surroundings {
  migration: CheckedMigration;
  footprint: Footprint & {
    locks: Map<string, HeldLock>;
    changedRows: Map<string, PlacedWords>;
    catalogRows: Map<string, PlacedWords>;
  };
  /** The effects of the statements that follow, by the number of the statement. */
  effects: ReadonlyMap<number, readonly Effect[]>;
  statement: number;
}

function startReading(migration: CheckedMigration, surroundings: Surroundings): Reading {
  const footprint = {
    locks: new Map<string, HeldLock>(),
    changedRows: new Map<string, PlacedWords>(),
    catalogRows: new Map<string, PlacedWords>(),
    alone: reasonInEffects(migration.effects),
    waitsForSnapshots: undefined,
    long: undefined,
  };
  const effects = groupByStatement(migration.effects.effects);
  return { ...surroundings, migration, footprint, effects, statement: 0 };
}

function groupByStatement(effects: readonly Effect[]): Map<number, Effect[]> {
  const found = new Map<number, Effect[]>();
  for (const effect of effects) {
    const known = found.get(effect.statement);
    if (known) known.push(effect);
    else found.set(effect.statement, [effect]);
  }
  return found;
}

function readStatement(reading: Reading, statement: Statement): void {
  const { schema, oldestServer, footprint } = reading;
  const place = placeOf(statement);
  const impact = predictImpact(statement.node, schema, oldestServer);
  for (const { relation, mode } of impact.locks) addLock(reading, relation, { mode, place });
  const effects = reading.effects.get(reading.statement) ?? [];
  for (const effect of effects) readEffect(reading, effect, place);
  if (effects.some(changesRows)) addChangedRows(reading, impact, place);
  reading.statement += 1;
  footprint.alone ??= reasonInStatement(statement, impact, place);
  const concurrent = findConcurrentWork(statement.node);
  if (concurrent)
    footprint.waitsForSnapshots ??= { words: `runs ${concurrentWords[concurrent.kind]}`, place };
  else if (isLong(reading, statement, impact)) footprint.long ??= { words: 'reads or writes rows', place };
}

/** Two UPDATEs that take the same rows in different orders would even deadlock. */
function changesRows({ action, object, rowAccess }: Effect): boolean {
  if (object.kind === 'sequence') return false;
  return action === 'update' || action === 'delete' || (action === 'insert' && rowAccess === 'on conflict');
}

/** The tables that a statement writes to are those that it locks for that, also under a view. */
function addChangedRows(
  { schema, migration, footprint }: Reading,
  { locks }: Impact,
  place: SourcePosition,
): void {
  for (const { relation, mode } of locks) {
    const key = keyOfName(relation);
    if (mode !== 'ROW EXCLUSIVE' || isOwn(schema, relation, migration.id) || footprint.changedRows.has(key))
      continue;
    footprint.changedRows.set(key, { words: `changes rows of ${nameText(relation)}`, place });
  }
}

const concurrentWords = {
  'create-index': 'CREATE INDEX CONCURRENTLY',
  'drop-index': 'DROP INDEX CONCURRENTLY',
  reindex: 'REINDEX CONCURRENTLY',
  'detach-partition': 'DETACH PARTITION CONCURRENTLY',
} as const;

/**
 * Privileges are written into the row of their object, which is locked for that on PostgreSQL 18 alone. What
 * a function's body names may be locked while it is checked.
 */
function readEffect(reading: Reading, effect: Effect, place: SourcePosition): void {
  const { object, change } = effect;
  const isRelation = nameSpaceOf(object.kind) === 'rel';
  if (isRelation && effect.by) addLock(reading, nameOf(object), { mode: 'ACCESS SHARE', place });
  if (!isWritten(effect) || effect.isImplicit) return;
  if (change?.kind === 'privileges' && (isRelation || object.parent !== undefined)) {
    addLock(reading, tableOf(object), { mode: 'SHARE UPDATE EXCLUSIVE', place });
  } else for (const key of rowsOf(effect)) addRow(reading, key, effect);
}

/** The rows of catalogs that it writes or locks, by keys of objects. */
function rowsOf({ action, object }: Effect): readonly string[] {
  const { kind, schema, parent } = object;
  // A change of its values locks the type (RenameEnumLabel, AddEnumLabel).
  if (kind === 'enum value' && parent !== undefined)
    return [keyOf({ kind: 'type', name: parent, ...(schema === undefined ? {} : { schema }) })];
  if (nameSpaceOf(kind) === 'rel' || parent !== undefined) return [];
  // CREATE COLLATION locks all of pg_collation (CollationCreate).
  return kind === 'collation' && action === 'create' ? [keyOf(object), 'all collations'] : [keyOf(object)];
}

function addRow({ footprint }: Reading, key: string, effect: Effect): void {
  if (!footprint.catalogRows.has(key))
    footprint.catalogRows.set(key, { words: wordsOfEffect(effect), place: effect.place });
}

function nameOf({ schema = 'public', name }: ObjectId): RelationName {
  return { schema, name };
}

function tableOf({ schema = 'public', parent, name }: ObjectId): RelationName {
  return { schema, name: parent ?? name };
}

function addLock(
  { schema, migration, footprint }: Reading,
  relation: RelationName,
  { mode, place }: { mode: LockMode; place: SourcePosition },
): void {
  if (isOwn(schema, relation, migration.id)) return;
  const key = keyOfName(relation);
  const held = footprint.locks.get(key);
  const joined = held ? joinLockModes(held.mode, mode) : mode;
  if (held?.mode === joined) return;
  const modes = joined === mode || !held ? [mode] : [held.mode, mode];
  const words = `takes ${modes.map(withArticle).join(' and ')} lock on ${nameText(relation)}`;
  footprint.locks.set(key, { relation, mode: joined, place, words });
}

/** Whether the migration itself has made it. */
function isOwn(schema: Schema, relation: RelationName, id: string): boolean {
  const table = schema.relations.get(schema.indexOwners.get(keyOfName(relation)) ?? '');
  return (findRelation(schema, relation) ?? table)?.creator === id;
}

function reasonInStatement(
  statement: Statement,
  impact: Impact,
  place: SourcePosition,
): PlacedWords | undefined {
  if (statementMode(statement) === 'alone' && !findConcurrentWork(statement.node)) {
    return { words: 'runs a statement that cannot run in a transaction', place };
  }
  // The tables that a function's body names are known from its effects.
  if (impact.isWhole || statement.kind === 'CreateFunctionStmt') return undefined;
  return {
    words: 'runs code whose locks are not known: a function, a trigger, a foreign key or a block',
    place,
  };
}

const rowStatements: ReadonlySet<string> = new Set([
  ...['InsertStmt', 'UpdateStmt', 'DeleteStmt', 'MergeStmt', 'CopyStmt', 'CreateTableAsStmt'],
  ...['SelectStmt', 'RefreshMatViewStmt', 'VacuumStmt', 'ClusterStmt', 'ReindexStmt'],
]);

function isLong({ schema, migration }: Reading, { node, kind }: Statement, impact: Impact): boolean {
  if (rowStatements.has(kind)) return !isValues(node);
  const tables = [...impact.rewrites, ...impact.scans, ...impact.queries];
  return tables.some((table) => !isOwn(schema, table, migration.id));
}

function isValues(node: Statement['node']): boolean {
  const select = 'InsertStmt' in node ? node.InsertStmt.selectStmt : undefined;
  return select !== undefined && 'SelectStmt' in select && (select.SelectStmt.valuesLists?.length ?? 0) > 0;
}

function placeOf({ start, line, column }: Statement): SourcePosition {
  return { start, line, column };
}
