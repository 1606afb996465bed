/** Imports another tool's migrations, and adopts what it has applied. */

import { KatError, type Problem } from '../../errors.js';
import type { SourceOptions } from '../../project/import/read-source.js';
import type { ImportTool } from '../../project/import/source.js';
import { type WrittenImport, writeImport } from '../../project/import/write-import.js';
import { mend } from '../records/change-records.js';
import type { RunSetting } from '../session/run-setting.js';
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
  /** What was recorded as applied, in that order; undefined when adopting was not asked for. */
  adopted: readonly AdoptedMigration[] | undefined;
  /** What is left out or has changed its meaning. */
  warnings: readonly Problem[];
}

/**
 * Writes the folders that are not there yet, and records what is applied and not recorded yet.
 * @param place where it goes; the database is opened only to adopt.
 * @throws KatError FILES_INVALID or GRAPH_INVALID for the source or the folder, LEDGER_MISMATCH for the other tool's table:
 *   nothing is left behind then, nor when the database refuses to record. After STATE_UNKNOWN the folders stay.
 */
export async function importMigrations(
  place: { directory: string; openSetting(): Promise<RunSetting> },
  options: ImportOptions,
): Promise<ImportResult> {
  const { from, adopt = false, dryRun: isDryRun = false, directory, placeholders } = options;
  const prepared = await prepareImport({
    tool: from,
    from: directory,
    directory: place.directory,
    ...(placeholders ? { placeholders } : {}),
  });
  const adoption = adopt ? await createAdoption(place, options, prepared) : undefined;
  const foreseen = await adoption?.(true);
  const done = isDryRun
    ? foreseen
    : await adoptOrUndo(adoption, writeImport(place.directory, filesOf(options, prepared)));
  return {
    from,
    isDryRun,
    migrations: prepared.migrations.map(describe),
    adopted: done?.adopted,
    warnings: [...prepared.warnings, ...(done?.warnings ?? [])],
  };
}

/** Without its row, a folder would be run once more by the next `kat up`. */
async function adoptOrUndo(
  adoption: ((isDryRun: boolean) => Promise<Adoption>) | undefined,
  written: WrittenImport,
): Promise<Adoption | undefined> {
  try {
    return await adoption?.(false);
  } catch (error) {
    // The rows may be there, and need the folders.
    if (!(error instanceof KatError && error.code === 'STATE_UNKNOWN')) written.undo();
    throw error;
  }
}

/** Tried before anything is written, so that a table that cannot be adopted leaves the folder as it was. */
async function createAdoption(
  { openSetting }: { openSetting(): Promise<RunSetting> },
  { from, table }: ImportOptions,
  prepared: PreparedImport,
): Promise<(isDryRun: boolean) => Promise<Adoption>> {
  const setting = await openSetting();
  return (isDryRun) =>
    mend(setting, {
      purpose: 'import',
      isDryRun,
      confirm: undefined,
      plan: (standing) => planAdoption(standing, { tool: from, table, prepared }),
    });
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
