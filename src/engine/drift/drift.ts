/** Compares a database with what its applied migrations make. */

import type { Driver } from '../../connections/driver.js';
import { KatError } from '../../errors.js';
import { buildGraph } from '../../graph/graph.js';
import { loadMigrations } from '../../project/folder/load.js';
import { halfDoneError } from '../records/refuse-half-done.js';
import type { ShortSessionOptions } from '../session/connect.js';
import type { RunSetting } from '../session/run-setting.js';
import { type DatabaseOption, serverSettingsOf } from '../throwaway/server-settings.js';
import { writeAppliedFolder } from './applied-folder.js';
import { type AppliedDatabase, readAppliedDatabase, withoutAppliers } from './applied-state.js';
import { buildSchema } from './build-schema.js';
import { compareSchemas } from './compare-schemas.js';
import type { FoundDrift } from './found-drift.js';
import { withPendingCreators } from './pending-creators.js';
import type { CompareSchemaOptions, DriftAssumption, DriftOptions, DriftResult } from './result.js';

/** The project and its database. */
interface DriftSetting extends ShortSessionOptions {
  directory: string;
  tableName: string;
  /** How long to wait for a runner, in milliseconds. */
  lockWaitMs: number;
  getDriver(): Promise<Driver>;
  database: DatabaseOption;
  isSqlite: boolean;
}

/**
 * Changes nothing, and no row of the database is read.
 * @throws KatError STATE_UNKNOWN where the expected schema cannot be built; MIGRATION_HALF_DONE; LOCKED; what reading the folder and the database throws.
 */
async function findDrift(setting: DriftSetting, options: CompareSchemaOptions): Promise<FoundDrift> {
  const { directory, tableName, lockWaitMs, getDriver, isSqlite, onEvent, signal } = setting;
  const graph = buildGraph(await loadMigrations(directory));
  const database = await readAppliedDatabase(await getDriver(), {
    tableName,
    waitMs: lockWaitMs,
    onEvent,
    signal,
  });
  refuseBegun(database);
  const folder = await writeAppliedFolder({ directory, graph }, database);
  try {
    const server = { major: database.snapshot.major, settings: serverSettingsOf(setting.database) };
    const place = { on: options.on, server, isSqlite };
    const source = { directory: folder.path };
    const build = { place, roles: database.roles, project: directory, onEvent, signal };
    const built = await buildSchema(source, build);
    const expected = withoutAppliers(built.snapshot, database.appliers);
    const actual = withoutOwnGrants(withoutLedgerSchema(database, expected.objects), expected.objects);
    const compared = compareSchemas(expected, actual, options);
    const applied = new Set(database.applied);
    return {
      ...compared,
      ...(isSqlite ? {} : await withPendingCreators(compared, graph, applied)),
      isAdoptable: compared.takeOver.length > 0,
      applied: database.applied.length,
      appliedIds: database.applied,
      assumptions: [...folder.assumptions, ...pathAssumption(database)],
      server: built.server,
    };
  } finally {
    folder.remove();
  }
}

/** A first statement that failed left at most an INVALID index, which no migration can keep. */
function refuseBegun({ halfDone }: AppliedDatabase): void {
  const begun = new Map([...halfDone].filter(([, { finished }]) => finished > 0));
  const outcome = 'Its statements would count as changes by hand, so nothing was compared.';
  const error = halfDoneError(begun, outcome);
  if (error) throw error;
}

/**
 * @param openSetting for recording the migration that `adopt` writes.
 * @returns what is left after it was recorded, with `adopt`.
 * @throws KatError USAGE for `dryRun` without `adopt`; as `findDrift`; what writing and recording throw.
 */
export async function drift(
  setting: DriftSetting,
  { adopt, dryRun: isDryRun = false, ...options }: DriftOptions,
  openSetting: () => Promise<RunSetting>,
): Promise<DriftResult> {
  if (isDryRun && adopt === undefined) throw nothingToWrite();
  const found = await findDrift(setting, options);
  if (adopt === undefined) return withoutScripts(found);
  const { adoptDrift, planDriftAdoption } = await import('./adopt.js');
  if (isDryRun)
    return { ...withoutScripts(found), planned: await planDriftAdoption(found, adopt, await openSetting()) };
  const adopted = await adoptDrift(found, adopt, await openSetting());
  try {
    return { ...withoutScripts(await findDrift(setting, options)), adopted };
  } catch (error) {
    throw error instanceof KatError ? withAdopted(error, adopted.id) : error;
  }
}

function nothingToWrite(): KatError {
  return new KatError('USAGE', '`--dry-run` requires `--adopt`', {
    help: 'Remove `--dry-run`: without `--adopt`, `kat drift` writes nothing.',
  });
}

/** The comparison failed after the migration was written. */
function withAdopted({ code, message, problems, cause }: KatError, id: string): KatError {
  return new KatError(code, message, {
    problems,
    cause,
    help: `Kat wrote ${id} and recorded it as applied. Correct its up.sql and run \`kat repair ${id}\`. Or run \`kat stamp --delete ${id}\`, and then delete its folder.`,
  });
}

function withoutScripts({ takeOver: _, putBack: __, appliedIds: ___, ...result }: FoundDrift): DriftResult {
  return result;
}

/** A schema that was made for Kat's own tables is no drift. */
function withoutLedgerSchema(
  { snapshot, ledgerSchema }: AppliedDatabase,
  expected: AppliedDatabase['snapshot']['objects'],
): AppliedDatabase['snapshot'] {
  const isOwn = ({ kind, name }: (typeof expected)[number]) => kind === 'schema' && name === ledgerSchema;
  if (ledgerSchema === undefined || expected.some(isOwn)) return snapshot;
  return { ...snapshot, objects: snapshot.objects.filter((object) => !isOwn(object)) };
}

/** A role needs these to apply migrations, and has them before the first one. */
function withoutOwnGrants(
  snapshot: AppliedDatabase['snapshot'],
  expected: AppliedDatabase['snapshot']['objects'],
): AppliedDatabase['snapshot'] {
  const isOwn = ({ kind, name, of }: (typeof expected)[number]) =>
    kind === 'grant' && name === snapshot.role && of === 'schema public';
  if (expected.some(isOwn)) return snapshot;
  return { ...snapshot, objects: snapshot.objects.filter((object) => !isOwn(object)) };
}

const usualPath = '"$user", public';

/** Hardly any database has a schema for its user, and an embedded one leaves it out. */
function isUsualPath(path: string): boolean {
  return path.replace(/^"\$user", ?/, '') === 'public';
}

function pathAssumption({ searchPath, applied }: AppliedDatabase): DriftAssumption[] {
  if (searchPath === undefined || isUsualPath(searchPath) || applied.length === 0) return [];
  const reason = `the search path of this session is ${searchPath}; the expected schema was built with ${usualPath}`;
  return [{ reason }];
}
