/**
 * Writes the SQL that turns one SQLite schema into another, difference by difference. SQLite changes columns and constraints only by a
 * rebuild of the table, and rows of child tables are lost where that is done by hand with foreign keys on: for these there is no SQL.
 */

import type { SchemaDifference } from '../../snapshot/difference.js';
import { type SchemaSnapshot, type SnapshotObject, snapshotKey } from '../../snapshot/snapshot.js';
import type { SchemaChange, SchemaPair } from '../change-schema.js';
import { findRenames, followsRename } from '../find-renames.js';
import { joinWords } from '../words.js';
import {
  columnWords,
  constraintClause,
  createSqliteObject,
  createWithParts,
  isConstantDefault,
} from './create-sqlite.js';

interface WrittenDifference {
  difference: SchemaDifference;
  drops: readonly string[];
  creates: readonly string[];
  losesData: boolean;
  isRename: boolean;
}

/** @param differences those between `before` and `after`, as `compareSnapshots` finds them. */
export function changeSqliteSchema(differences: readonly SchemaDifference[], pair: SchemaPair): SchemaChange {
  const renames = findRenames(differences, pair);
  const written = differences
    .filter(({ within }) => within === undefined)
    .map((difference): WrittenDifference => {
      const none = { difference, drops: [], creates: [], losesData: false, isRename: false };
      const rename = renames.find(({ added }) => added === difference);
      if (rename) return { ...none, creates: rename.statements, isRename: true };
      if (renames.some(({ removed }) => removed === difference)) return { ...none, isRename: true };
      return followsRename(difference, renames)
        ? none
        : { ...none, ...writeDifference(difference, differences, pair) };
    });
  const kindsLast = [...written].sort((a, b) => placeOf(b) - placeOf(a));
  const kindsFirst = [...written].sort((a, b) => placeOf(a) - placeOf(b));
  return {
    differences: written.map(({ drops, creates, ...rest }) => ({
      ...rest,
      statements: [...drops, ...creates],
    })),
    statements: [...kindsLast.flatMap(({ drops }) => drops), ...kindsFirst.flatMap(({ creates }) => creates)],
  };
}

/** What others rest on is created first, and dropped last. */
function placeOf({ difference }: WrittenDifference): number {
  return ['table', 'column', 'constraint', 'index', 'view', 'trigger'].indexOf(difference.kind);
}

type DifferenceSql = Partial<Pick<WrittenDifference, 'drops' | 'creates' | 'losesData'>>;

function writeDifference(
  difference: SchemaDifference,
  all: readonly SchemaDifference[],
  { before, after }: SchemaPair,
): DifferenceSql {
  const { kind, before: old, after: next } = difference;
  if (kind === 'column') return writeColumn(difference, all, { before, after });
  if (kind === 'constraint' || (kind === 'table' && old && next)) return {};
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
  { before }: SchemaPair,
): DifferenceSql {
  if (old && next) return {};
  if (old)
    return isDroppable(old, leftOf(before, all))
      ? { drops: [`ALTER TABLE ${old.of} DROP COLUMN ${old.name}`], losesData: !old.definition.generated }
      : {};
  const constraints = next ? constraintsOf(next, all) : [];
  if (!next || !isAddable(next, constraints)) return {};
  const clauses = constraints.map((one) => constraintClause(one).replace(/FOREIGN KEY \([^)]*\) /, ''));
  return {
    creates: [joinWords(`ALTER TABLE ${next.of} ADD COLUMN ${next.name}`, columnWords(next), ...clauses)],
  };
}

/** The constraints that come with a new column: they can be written behind it. */
function constraintsOf({ name, of }: SnapshotObject, all: readonly SchemaDifference[]): SnapshotObject[] {
  return all.flatMap(({ kind, change, after }) =>
    kind === 'constraint' &&
    change === 'added' &&
    after?.of === of &&
    mentions(after?.definition.definition, name)
      ? (after ?? [])
      : [],
  );
}

/** What is there when columns are dropped: indexes, views and triggers that change go before them. */
function leftOf({ objects }: SchemaSnapshot, all: readonly SchemaDifference[]): SnapshotObject[] {
  const gone = new Set(all.map(({ before }) => before && snapshotKey(before)));
  return objects.filter(
    ({ kind, ...object }) =>
      !/^(?:index|view|trigger)$/.test(kind) || !gone.has(snapshotKey({ kind, ...object })),
  );
}

/** https://www.sqlite.org/lang_altertable.html#alter_table_drop_column: nothing else may name it. */
function isDroppable({ name, of }: SnapshotObject, objects: readonly SnapshotObject[]): boolean {
  return !objects.some((other) => {
    const { kind, definition } = other;
    if (kind === 'view' || kind === 'trigger') return mentions(definition.definition, name);
    if (other.of !== of)
      return (
        kind === 'constraint' &&
        mentions(definition.definition, of ?? '') &&
        mentions(definition.definition, name)
      );
    if (kind === 'column') return mentions(definition.generated, name);
    return mentions(definition.definition ?? `${definition.columns} ${definition.where}`, name);
  });
}

function mentions(text: string | undefined, name: string): boolean {
  return text?.toLowerCase().includes(name.toLowerCase()) === true;
}

/** https://www.sqlite.org/lang_altertable.html#alter_table_add_column: rows that exist need no look. */
function isAddable({ name, definition }: SnapshotObject, constraints: readonly SnapshotObject[]): boolean {
  const { notNull, default: value = 'NULL', generated = '' } = definition;
  const isNull = value === 'NULL';
  const isOwn = (text = '') =>
    text.startsWith('CHECK ') || (isNull && text.startsWith(`FOREIGN KEY (${name}) `));
  return (
    !generated.endsWith(' STORED') &&
    (isNull ? notNull === undefined : isConstantDefault(value)) &&
    constraints.every((one) => isOwn(one.definition.definition))
  );
}
