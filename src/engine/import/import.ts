/** Imports another tool's migrations, and adopts what it has applied. */

import type { Problem } from '../../errors.js';
import { findUnfinished, finishChange } from '../../project/folder/change/unfinished-change.js';
import type { SourceOptions } from '../../project/import/read-source.js';
import type { ImportTool } from '../../project/import/tools.js';
import { stageImport } from '../../project/import/write-import.js';
import { recordChanges } from '../records/change-records.js';
import { finishFolder, recordAndApply } from '../records/recorded-change.js';
import type { RunSetting } from '../session/run-setting.js';
import { hintAdoption } from './hint-adoption.js';
import { type Adoption, planAdoption } from './plan-adoption.js';
import { type PreparedImport, prepareImport } from './prepare-import.js';
import type { PreparedMigration } from './prepared-migration.js';

export interface ImportOptions extends SourceOptions {
  /** The tool whose folder it is. */
  from: ImportTool;
  /** That folder. */
  directory: string;
  /** Record in the database what that tool's tracking table has as applied. */
  adopt?: boolean | undefined;
  /** The tracking table, where it is not named as usual. */
  table?: string | undefined;
  /** Check everything and change nothing. */
  dryRun?: boolean | undefined;
}

export interface ImportedMigration {
  id: string;
  /** The file, folder or revision that it was. */
  source: string;
  /** Ids. */
  parents: readonly string[];
  noTransaction: boolean;
  /** Whether it can be taken back: there is SQL for that. */
  hasDown: boolean;
  /** Whether its folder was there already. */
  isPresent: boolean;
}

export interface AdoptedMigration {
  id: string;
  /** ISO 8601 in UTC, where the other tool has it. */
  appliedAt?: string;
}

export interface ImportResult {
  from: ImportTool;
  isDryRun: boolean;
  /** In the order in which the other tool runs them. */
  migrations: readonly ImportedMigration[];
  /** The migrations recorded as applied, in that order; undefined without adoption. */
  adopted: readonly AdoptedMigration[] | undefined;
  /** Omitted parts, and parts whose meaning changed. */
  warnings: readonly Problem[];
}

/**
 * Writes the folders that are not there yet, and records what is applied and not recorded yet.
 * @param place where it goes; the database is opened only to adopt.
 * @throws KatError FILES_INVALID or GRAPH_INVALID for the source or the folder, LEDGER_MISMATCH for the other tool's table:
 *   nothing is left behind then, nor when the database refuses to record. After STATE_UNKNOWN the next import finds out.
 */
export async function importMigrations(place: ImportPlace, options: ImportOptions): Promise<ImportResult> {
  const { from, adopt = false, dryRun: isDryRun = false, directory, placeholders } = options;
  if (!isDryRun) await finishEarlierImport(place, adopt);
  const prepared = await prepareImport({
    tool: from,
    from: directory,
    directory: place.directory,
    ...(placeholders ? { placeholders } : {}),
  });
  const adoption = adopt ? await adoptAndWrite(place, options, prepared) : undefined;
  const hints = adopt ? [] : await findHints(place, options, prepared);
  if (!isDryRun && (adoption?.recordings ?? []).length === 0) write(place, options, prepared);
  return {
    from,
    isDryRun,
    migrations: prepared.migrations.map(describe),
    adopted: adoption?.adopted,
    warnings: [...prepared.warnings, ...(adoption?.warnings ?? []), ...hints],
  };
}

interface ImportPlace {
  directory: string;
  openSetting(): Promise<RunSetting>;
}

/** Completes or reverts an interrupted change; without the database only if the outcome is certain. */
async function finishEarlierImport({ directory, openSetting }: ImportPlace, adopt: boolean): Promise<void> {
  const unfinished = findUnfinished(directory);
  if (!unfinished || (unfinished.plan && unfinished.plan.command !== 'import')) return;
  if (adopt) await finishFolder(await openSetting(), 'import');
  else if (!unfinished.needsLedger) finishChange(directory);
}

/**
 * Nothing is written where the other tool's table cannot be adopted. Under the lock the rows come first, and the folders
 * appear behind them: a folder without its row would be run once more by the next `kat up`.
 */
async function adoptAndWrite(
  place: ImportPlace,
  options: ImportOptions,
  prepared: PreparedImport,
): Promise<Adoption> {
  const { from, table, dryRun: isDryRun = false } = options;
  return recordChanges<Adoption>(await place.openSetting(), {
    purpose: 'import',
    isDryRun,
    confirm: undefined,
    plan: (state) => planAdoption(state, { tool: from, table, prepared }),
    carryOut: ({ recordings }, record) => {
      const ids = recordings.map(({ id }) => id);
      return recordAndApply(stageImport(place.directory, filesOf(options, prepared), ids), record);
    },
  });
}

/** Where no database can be opened, nothing of it has been forgotten. */
async function findHints(
  { openSetting }: ImportPlace,
  { from: tool, table }: ImportOptions,
  prepared: PreparedImport,
): Promise<Problem[]> {
  const setting = await openSetting().catch(() => undefined);
  if (!setting) return [];
  return hintAdoption(setting.driver, { tool, table, tableName: setting.tableName, prepared });
}

function write({ directory }: ImportPlace, options: ImportOptions, prepared: PreparedImport): void {
  const files = filesOf(options, prepared);
  if (files.length > 0) stageImport(directory, files).apply();
}

function filesOf({ from }: ImportOptions, { migrations }: PreparedImport) {
  const missing = migrations.filter(({ isPresent }) => !isPresent);
  return missing.map(({ id, parents, source }) => ({
    id,
    parents,
    up: source.up.text,
    ...(source.down ? { down: source.down.text } : {}),
    noTransaction: source.noTransaction,
    description: source.description ?? `${source.label} of ${from}`,
  }));
}

function describe({ id, parents, source, isPresent }: PreparedMigration): ImportedMigration {
  return {
    id,
    source: source.label,
    parents,
    noTransaction: source.noTransaction,
    hasDown: source.down !== undefined,
    isPresent,
  };
}
