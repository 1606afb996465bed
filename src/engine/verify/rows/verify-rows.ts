/** Executes a migration on tables with rows, and looks whether they are there afterwards. */

import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { SqlError } from '../../../errors.js';
import { readSqlFile } from '../../../project/folder/load.js';
import { wholeFile } from '../../../project/source-text.js';
import type { MigrationEffects } from '../../../sql/effects/effect.js';
import { qualifiedName, type SchemaSnapshot, type SnapshotObject } from '../../../sql/snapshot/snapshot.js';
import { type RowSource, rowSourcesOf } from '../../snapshot/row-sources.js';
import type { VerifiedFiles, VerifyFinding } from '../findings.js';
import type { MigrationTexts } from '../migration-texts.js';
import type { Trial } from '../trial.js';
import { failedOnRows, unfilledTable } from './row-findings.js';
import { writeSampleRows } from './sample-rows.js';
import { findReferringTables, findTouchedTables } from './touched-tables.js';
import { countOf, isSame, type RowWatch, type WatchedRows, watchRows } from './watch-rows.js';

/** The schemas before and after up.sql. */
export interface TriedSchemas {
  before: SchemaSnapshot;
  after: SchemaSnapshot;
}

/**
 * Call it when the migration is rolled back, and its way back restores the schema. Afterwards it is rolled back again, unless the trial is
 * spoiled.
 * @returns nothing for a migration that touches no table of its ancestors in up.sql, and none of its rows in down.sql.
 * @throws ConnectionError; KatError CANCELLED, FILES_INVALID.
 */
export async function verifyRows(
  trial: Trial,
  files: VerifiedFiles,
  { before, after }: TriedSchemas,
): Promise<VerifyFinding[]> {
  const fixtures = join(dirname(files.migration.files.up), 'fixtures.sql');
  const hasFixtures = existsSync(fixtures);
  const touched = hasFixtures ? [] : tablesToFill(trial, before, files.texts);
  if (!hasFixtures && touched.length === 0) return [];
  const sources = rowSourcesOf(before.objects);
  const empty = await trial.readRows(sources);
  const seeding = hasFixtures
    ? await seedFixtures(trial, files, fixtures)
    : await seedTables(trial, files, before, touchedWithoutRows(touched, empty));
  const rows = await trial.readRows(sources);
  const origin = hasFixtures ? 'fixtures' : 'sample';
  const found = await runOnRows(trial, files, { after, sources, rows, origin });
  await clean(trial, sources, empty);
  return [...seeding, ...found];
}

function tablesToFill({ isSqlite }: Trial, before: SchemaSnapshot, { up, down }: MigrationTexts): string[] {
  const touched = [up, rowChangesOf(down)].flatMap((text) => findTouchedTables(before, text));
  const referring = isSqlite ? findReferringTables(before, up) : [];
  return [...new Set([...touched, ...referring])];
}

/** A down.sql may change rows of tables that its up.sql leaves alone. */
function rowChangesOf(down: MigrationEffects): MigrationEffects {
  const effects = down.effects.filter(({ action }) => ['insert', 'update', 'delete'].includes(action));
  return { ...down, effects };
}

/**
 * Call it before the migration runs for the first time: afterwards, what earlier migrations have inserted may be lost already.
 * @returns undefined where no table that it touches has rows. @throws ConnectionError; KatError CANCELLED.
 */
export async function watchEarlierRows(
  trial: Trial,
  files: VerifiedFiles,
  before: SchemaSnapshot,
): Promise<RowWatch | undefined> {
  const touched = tablesToFill(trial, before, files.texts);
  if (touched.length === 0) return undefined;
  const sources = rowSourcesOf(before.objects);
  const rows = await trial.readRows(sources);
  const hasRows = touchedWithoutRows(touched, rows).length < touched.length;
  return hasRows ? watchRows(trial, files, { sources, rows, origin: 'history' }) : undefined;
}

interface RowTrial extends WatchedRows {
  /** The schema after up.sql. */
  after: SchemaSnapshot;
}

async function runOnRows(
  trial: Trial,
  files: VerifiedFiles,
  { after, ...watched }: RowTrial,
): Promise<VerifyFinding[]> {
  const { id } = files.migration;
  const watch = watchRows(trial, files, watched);
  const failure = await trial.up(id);
  if (failure) return [failedOnRows(files, failure, watched.origin)];
  const lost = await watch.afterUp(after);
  if (await trial.down(id)) {
    trial.spoil();
    return lost;
  }
  return [...lost, ...(await watch.afterDown())];
}

function touchedWithoutRows(touched: readonly string[], rows: readonly SnapshotObject[]): string[] {
  const filled = new Set(rows.filter((one) => countOf(one) > 0).map(qualifiedName));
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
    (now) => countOf(now) > 0 && empty.some((one) => isSame(one, now) && countOf(one) === 0),
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
