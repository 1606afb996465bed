/**
 * Writes the SQL that turns one SQLite schema into another, difference by difference. What only a rebuild of the table changes has no SQL
 * of its own, which somebody could run by hand: it is in the SQL of all differences together, which becomes a migration.
 */

import type { SchemaDifference } from '../../snapshot/difference.js';
import type { SchemaSnapshot, SnapshotObject } from '../../snapshot/snapshot.js';
import type { SchemaChange } from '../change-schema.js';
import { findRenames, followsRename, type ObjectRename } from '../find-renames.js';
import type { SchemaPair } from '../own-changes.js';
import { addSqliteColumn, dropSqliteColumn, wholeName } from './column-changes.js';
import { createSqliteObject, createWithParts } from './create-sqlite.js';
import { rebuildTable } from './rebuild-table.js';

interface WrittenDifference {
  difference: SchemaDifference;
  drops: readonly string[];
  creates: readonly string[];
  losesData: boolean;
  isRename: boolean;
  needsRebuild: boolean;
}

/** @param differences those between `before` and `after`, as `compareSnapshots` finds them. */
export function changeSqliteSchema(differences: readonly SchemaDifference[], pair: SchemaPair): SchemaChange {
  const renames = findRenames(differences, pair);
  const whole = differences.filter(({ within }) => within === undefined);
  const settled = settledConstraints(whole, renames);
  const written = whole.map((difference): WrittenDifference => {
    const none = {
      difference,
      drops: [],
      creates: [],
      losesData: false,
      isRename: false,
      needsRebuild: false,
    };
    const rename = renames.find(({ added }) => added === difference);
    if (rename) return { ...none, creates: rename.statements, isRename: true };
    if (renames.some(({ removed }) => removed === difference)) return { ...none, isRename: true };
    if (settled.has(difference) || followsRename(difference, renames)) return none;
    return { ...none, ...writeDifference(difference, whole, pair) };
  });
  return {
    differences: written.map(({ drops, creates, needsRebuild: _, ...rest }) => ({
      ...rest,
      statements: [...drops, ...creates],
    })),
    statements: writeAll(written, renames, pair),
  };
}

/** What others rest on is created first, and dropped last. */
function placeOf({ difference }: WrittenDifference): number {
  return ['table', 'column', 'constraint', 'index', 'view', 'trigger'].indexOf(difference.kind);
}

function writeAll(
  written: readonly WrittenDifference[],
  renames: readonly ObjectRename[],
  pair: SchemaPair,
): string[] {
  const tables = written
    .filter(({ needsRebuild }) => needsRebuild)
    .map(({ difference }) => tableOf(difference));
  const rebuilt = new Set(tables.filter((table) => isRebuildable(table, pair)));
  const others = written.filter(({ difference }) => !rebuilt.has(tableOf(difference)));
  const kindsLast = [...others].sort((a, b) => placeOf(b) - placeOf(a));
  const kindsFirst = [...others].sort((a, b) => placeOf(a) - placeOf(b));
  return [
    ...kindsLast.flatMap(({ drops }) => drops),
    ...[...rebuilt].flatMap((table) => rebuildTable(table, pair, formerNames(table, renames))),
    ...kindsFirst.flatMap(({ creates }) => creates),
  ];
}

/** A virtual table is its module's affair. */
function isRebuildable(table: string, { before, after }: SchemaPair): boolean {
  return [before, after].every(({ objects }) =>
    objects.some(({ kind, name, definition }) => kind === 'table' && name === table && !definition.using),
  );
}

/** The table that a difference is about, or a part of. */
function tableOf({ before, after }: SchemaDifference): string {
  const object = (before ?? after) as SnapshotObject;
  return object.of ?? object.name;
}

function formerNames(table: string, renames: readonly ObjectRename[]): Map<string, string> {
  return new Map(columnRenames(renames, table).map(({ from, to }) => [to, from]));
}

function columnRenames(
  renames: readonly ObjectRename[],
  table: string | undefined,
): { from: string; to: string }[] {
  const ofTable = renames.filter(({ removed }) => removed.kind === 'column' && removed.before?.of === table);
  return ofTable.map(({ removed, added }) => ({
    from: removed.before?.name ?? '',
    to: added.after?.name ?? '',
  }));
}

/** Constraints that come with a new column, or follow a renamed one. */
function settledConstraints(
  all: readonly SchemaDifference[],
  renames: readonly ObjectRename[],
): Set<SchemaDifference> {
  const constraints = all.filter(({ kind }) => kind === 'constraint');
  const withColumns = new Set(
    all.flatMap(({ kind, change, after }) =>
      kind === 'column' && change === 'added' && after
        ? (addSqliteColumn(after, all)?.constraints ?? [])
        : [],
    ),
  );
  const pairs = constraints.flatMap((removed) => {
    const added = constraints.find((one) => isRenamed(removed, one, renames));
    return added ? [removed, added] : [];
  });
  return new Set([...pairs, ...constraints.filter(({ after }) => after && withColumns.has(after))]);
}

function isRenamed(
  removed: SchemaDifference,
  added: SchemaDifference,
  renames: readonly ObjectRename[],
): boolean {
  const [old, next] = [removed.before, added.after];
  if (!old || !next || removed.change !== 'removed' || added.change !== 'added' || old.of !== next.of)
    return false;
  const found = columnRenames(renames, old.of);
  const text = found.reduce(
    (sql, { from, to }) => sql.replace(wholeName(from), () => to),
    old.definition.definition ?? '',
  );
  return found.length > 0 && text === next.definition.definition;
}

type DifferenceSql = Partial<Omit<WrittenDifference, 'difference' | 'isRename'>>;

function writeDifference(
  difference: SchemaDifference,
  all: readonly SchemaDifference[],
  { before, after }: SchemaPair,
): DifferenceSql {
  const { kind, before: old, after: next } = difference;
  if (kind === 'column') return writeColumn(difference, all, before);
  if (kind === 'constraint' || (kind === 'table' && old && next)) return { needsRebuild: true };
  return {
    drops: old ? [`DROP ${kind.toUpperCase()} ${old.name}`] : [],
    creates: next ? recreate(next, old ? undefined : difference, after) : [],
    losesData: kind === 'table' && old !== undefined,
  };
}

/** A view that is dropped takes its triggers along. */
function recreate(
  object: SnapshotObject,
  added: SchemaDifference | undefined,
  snapshot: SchemaSnapshot,
): string[] {
  return added || object.kind === 'view'
    ? createWithParts(object, snapshot)
    : createSqliteObject(object, snapshot);
}

function writeColumn(
  { before: old, after: next }: SchemaDifference,
  all: readonly SchemaDifference[],
  before: SchemaSnapshot,
): DifferenceSql {
  if (old && next) return { needsRebuild: true };
  if (old) {
    const statement = dropSqliteColumn(old, { all, before });
    const losesData = old.definition.generated === undefined;
    return { losesData, ...(statement === undefined ? { needsRebuild: true } : { drops: [statement] }) };
  }
  const addition = next && addSqliteColumn(next, all);
  return addition ? { creates: [addition.statement] } : { needsRebuild: true };
}
