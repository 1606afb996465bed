/** Finds everything that can be known to be wrong without touching the schema, and never stops at the first of it. */

import type { Driver } from '../../connections/driver.js';
import { countFindings, type Finding, type FindingCounts, isPassed } from '../../findings.js';
import type { Graph } from '../../graph/graph.js';
import { compareMigrations, parseMigrationId } from '../../graph/migration.js';
import type { ChecksumPolicy } from '../../project/config/config-names.js';
import type { GitBase } from '../../project/git/find-base.js';
import { findLedger } from '../ledger/find-ledger.js';
import type { LedgerSnapshot } from '../ledger/migration-status.js';
import { type ShortSessionOptions, withSession } from '../session/connect.js';
import { readLedgerSnapshot } from '../session/ledger-snapshot.js';
import { checkLedger } from './check-ledger.js';
import { checkSql } from './check-sql.js';
import { type BaseOptions, compareWithBase } from './compare-with-base.js';
import { type Folder, readFolder } from './read-folder.js';

export interface ValidateOptions extends BaseOptions {
  /** Leave the database alone: only the folder, and all of its SQL. */
  offline?: boolean | undefined;
  /** Check the SQL of all migrations, not only of those that are pending or were edited after they were applied. */
  all?: boolean | undefined;
  /** Whether warnings make it invalid, too. */
  strict?: boolean | undefined;
}

export interface Validation {
  /** Whether there is no error, and with `strict` no warning either. */
  isValid: boolean;
  /** Findings about the whole first, then by migration in the order of timestamps. */
  findings: readonly Finding[];
  counts: FindingCounts;
  /** How many migrations the folder has. */
  migrations: number;
  /** Whether the database was left alone. */
  isOffline: boolean;
  /** The base of the comparison; absent without one. */
  base?: GitBase;
}

export interface ValidateSetting extends ShortSessionOptions {
  directory: string;
  tableName: string;
  checksums: ChecksumPolicy;
  /** Whether the SQL is SQLite's. */
  isSqlite: boolean;
  getDriver(): Promise<Driver>;
}

/**
 * @throws KatError when there is no folder, the database cannot be asked or has another table of that name, or the git
 *   revision that was named is not there.
 */
export async function validate(setting: ValidateSetting, options: ValidateOptions): Promise<Validation> {
  const { offline = false, strict = false, all = false } = options;
  const folder = await readFolder(setting.directory);
  const comparison = await compareWithBase(folder, setting.directory, {
    ...options,
    checksums: setting.checksums,
  });
  const state = offline ? undefined : await askDatabase(setting, folder.graph);
  const ledger = state && checkLedger(folder, state, setting.checksums);
  const proven = all ? undefined : ledger?.unchanged;
  const findings = arrange([
    ...folder.findings,
    ...(await checkSql(folder.graph, runnable(folder, proven), {
      ...(state ?? unknownDatabase),
      isSqlite: setting.isSqlite,
    })),
    ...(ledger?.findings ?? []),
    ...comparison.findings,
  ]);
  const counts = countFindings(findings);
  return {
    isValid: isPassed(counts, { strict }),
    findings,
    counts,
    migrations: folder.graph.migrations.length,
    isOffline: offline,
    ...(comparison.base ? { base: comparison.base } : {}),
  };
}

/** The state without a database. */
const unknownDatabase = { applied: new Set<string>(), literals: 'standard' } as const;

function askDatabase(
  { getDriver, tableName, onEvent, signal }: ValidateSetting,
  graph: Graph,
): Promise<LedgerSnapshot> {
  const ask = async (driver: Driver) =>
    withSession(driver, 'kat validate', { onEvent, signal }, async (session) =>
      readLedgerSnapshot(session, await findLedger(session, tableName), graph),
    );
  return getDriver().then(ask);
}

/** Migrations still to be run; applied, unedited ones need no check. */
function runnable({ graph, broken }: Folder, proven: ReadonlySet<string> | undefined) {
  return graph.migrations.filter(({ id }) => !broken.has(id) && !proven?.has(id));
}

/** One file may be found wrong by several checks. */
function arrange(findings: readonly Finding[]): Finding[] {
  const keyOf = ({ code, message, location }: Finding) =>
    [code, message, location?.file, location?.line, location?.column].join('\0');
  const distinct = new Map([...findings].reverse().map((finding) => [keyOf(finding), finding]));
  return [...distinct.values()].reverse().sort(byMigration);
}

function byMigration(a: Finding, b: Finding): number {
  const [first, second] = [placeOf(a), placeOf(b)];
  return compareMigrations(first, second);
}

function placeOf({ migration }: Finding): { timestamp: string; id: string } {
  if (migration === undefined) return { timestamp: '', id: '' };
  return parseMigrationId(migration) ?? { timestamp: '', id: migration };
}
