/** Executes a migration on tables with rows, and looks whether they are there afterwards. */

import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { SqlError } from '../../../errors.js';
import { readSqlFile } from '../../../project/folder/load.js';
import { wholeFile } from '../../../project/source-text.js';
import type { MigrationEffects } from '../../../sql/effects/effect.js';
import { qualifiedName, type SchemaSnapshot, type SnapshotObject } from '../../../sql/snapshot/snapshot.js';
import { splitIdentifier } from '../../../sql/syntax/identifiers.js';
import { type RowSource, rowSourcesOf } from '../../snapshot/row-sources.js';
import type { VerifiedFiles, VerifyFinding } from '../findings.js';
import type { Trial } from '../trial.js';
import { failedOnRows, lostRows, unfilledTable } from './row-findings.js';
import { writeSampleRows } from './sample-rows.js';
import { findReferringTables, findTouchedTables } from './touched-tables.js';

/** The schemas before and after up.sql. */
export interface TriedSchemas {
  before: SchemaSnapshot;
  after: SchemaSnapshot;
}

/**
 * Call it when the migration is rolled back, and its way back restores the schema. Afterwards it is rolled back again, unless the trial is
 * spoiled.
 * @returns nothing for a migration that touches no table of its ancestors.
 * @throws ConnectionError; KatError CANCELLED, FILES_INVALID.
 */
export async function verifyRows(
  trial: Trial,
  files: VerifiedFiles,
  { before, after }: TriedSchemas,
): Promise<VerifyFinding[]> {
  const fixtures = join(dirname(files.migration.files.up), 'fixtures.sql');
  const hasFixtures = existsSync(fixtures);
  const touched = hasFixtures ? [] : tablesToFill(trial, before, files.texts.up);
  if (!hasFixtures && touched.length === 0) return [];
  const sources = rowSourcesOf(before.objects);
  const empty = await trial.readRows(sources);
  const seeding = hasFixtures
    ? await seedFixtures(trial, files, fixtures)
    : await seedTables(trial, files, before, touchedWithoutRows(touched, empty));
  const seeded = await trial.readRows(sources);
  const found = await runOnRows(trial, files, { before, after, sources, seeded, isGenerated: !hasFixtures });
  await clean(trial, sources, empty);
  return [...seeding, ...found];
}

function tablesToFill({ isSqlite }: Trial, before: SchemaSnapshot, up: MigrationEffects): string[] {
  const touched = findTouchedTables(before, up);
  return isSqlite ? [...new Set([...touched, ...findReferringTables(before, up)])] : touched;
}

interface RowTrial extends TriedSchemas {
  sources: readonly RowSource[];
  /** The rows of each source before up.sql. */
  seeded: readonly SnapshotObject[];
  /** By Kat, not by a person. */
  isGenerated: boolean;
}

async function runOnRows(trial: Trial, files: VerifiedFiles, rows: RowTrial): Promise<VerifyFinding[]> {
  const { id } = files.migration;
  const failure = await trial.up(id);
  if (failure) return [failedOnRows(files, failure, rows)];
  const kept = rows.sources.filter((source) => rows.after.objects.some((object) => isTable(object, source)));
  const counts = await trial.readRows(kept.map((source) => ({ ...source, columns: [] })));
  const lost = rows.seeded.filter((one) => counts.some((now) => isSame(one, now) && count(now) < count(one)));
  const first = lost.map((table) =>
    lostRows(files, table, { direction: 'up', isGenerated: rows.isGenerated }),
  );
  if (await trial.down(id)) {
    trial.spoil();
    return first;
  }
  const back = await trial.readRows(rows.sources);
  const changed = rows.seeded.filter(
    (one) => !lost.includes(one) && back.some((now) => isSame(one, now) && isLost(files, one, now)),
  );
  return [
    ...first,
    ...changed.map((table) => lostRows(files, table, { direction: 'down', isGenerated: rows.isGenerated })),
  ];
}

/** Values that up.sql itself updates are changed on purpose. */
function isLost({ texts }: VerifiedFiles, before: SnapshotObject, after: SnapshotObject): boolean {
  const name = splitIdentifier(before.name).at(-1);
  const isUpdated = texts.up.effects.some(
    ({ action, object, when }) =>
      action === 'update' && when !== 'later' && (object.name === name || object.parent === name),
  );
  return count(after) < count(before) || (!isUpdated && after.definition.hash !== before.definition.hash);
}

function isTable({ kind, schema, name }: SnapshotObject, source: RowSource): boolean {
  return kind === 'table' && schema === source.schema && name === source.table;
}

function isSame(one: SnapshotObject, other: SnapshotObject): boolean {
  return one.schema === other.schema && one.name === other.name;
}

function count({ definition }: SnapshotObject): number {
  return Number(definition.count);
}

function touchedWithoutRows(touched: readonly string[], rows: readonly SnapshotObject[]): string[] {
  const filled = new Set(rows.filter((one) => count(one) > 0).map(qualifiedName));
  return touched.filter((table) => !filled.has(table));
}

/** Each table is filled alone: a constraint that refuses the rows of one leaves the others. */
async function seedTables(
  trial: Trial,
  files: VerifiedFiles,
  schema: SchemaSnapshot,
  tables: readonly string[],
): Promise<VerifyFinding[]> {
  const findings: VerifyFinding[] = [];
  for (const { table, inserts, unfilled } of writeSampleRows(schema, tables)) {
    const reason =
      unfilled === undefined
        ? await trial.execute(inserts.join(';\n'))
        : `Kat has no sample value for column ${unfilled}`;
    if (reason !== undefined && tables.includes(table)) findings.push(unfilledTable(files, table, reason));
  }
  return findings;
}

async function seedFixtures(trial: Trial, files: VerifiedFiles, path: string): Promise<VerifyFinding[]> {
  const reason = await trial.execute(readSqlFile(path));
  if (reason === undefined) return [];
  return [
    {
      code: 'fixtures-fail',
      severity: 'error',
      message: `fixtures.sql fails: ${reason}`,
      help: 'Correct fixtures.sql. It runs on the schema before up.sql.',
      migration: files.migration.id,
      location: wholeFile(path),
    },
  ];
}

function truncate(tables: readonly string[]): string {
  return `TRUNCATE ${tables.join(', ')} RESTART IDENTITY CASCADE`;
}

/** Foreign keys hold again when all of these tables are empty. */
function emptySqlite(tables: readonly string[]): string {
  return ['PRAGMA defer_foreign_keys = ON', ...tables.map((table) => `DELETE FROM ${table}`)].join(';\n');
}

/** Empties the tables that were empty before; where others differ all the same, the database begins anew. */
async function clean(
  trial: Trial,
  sources: readonly RowSource[],
  empty: readonly SnapshotObject[],
): Promise<void> {
  const present = await trial.readRows(sources).catch((error: unknown) => {
    if (error instanceof SqlError) return undefined;
    throw error;
  });
  if (!present) return trial.spoil();
  const filled = present.filter(
    (now) => count(now) > 0 && empty.some((one) => isSame(one, now) && count(one) === 0),
  );
  if (filled.length > 0) {
    const names = filled.map(qualifiedName);
    await trial.execute(trial.isSqlite ? emptySqlite(names) : truncate(names));
  }
  const cleaned = await trial.readRows(sources);
  const isSameAgain = cleaned.every(
    ({ definition }, index) => definition.hash === empty[index]?.definition.hash,
  );
  if (!isSameAgain) trial.spoil();
}
