/** Looks at everything that a run needs: folder, git, server, rights, tracking table and lock. Changes nothing. */

import type { Driver } from '../../connections/driver.js';
import { KatError } from '../../errors.js';
import { buildGraph, type Graph } from '../../graph/graph.js';
import type { ChecksumPolicy } from '../../project/config/config-names.js';
import { loadMigrations } from '../../project/folder/load.js';
import { readStatus, type Status } from '../read/status.js';
import { withSession } from '../session/connect.js';
import { isStandby } from '../session/server-state.js';
import { formatSession } from '../session/session-text.js';
import type { ValidateSetting } from '../validate/validate.js';
import { checkGit, checkMigrationsFolder } from './check-folder.js';
import { checkRights, checkTrackingTable } from './check-ledger.js';
import { checkPooler, checkServer } from './check-server.js';
import { type CheckName, checkNames, type DoctorCheck, type DoctorResult } from './result.js';
import { checkOf, failed, ok, runCheck, skipped, warning } from './single-check.js';

/** @throws KatError CANCELLED; what else is wrong is the result. */
export async function doctor(setting: ValidateSetting): Promise<DoctorResult> {
  const folder = await checkMigrationsFolder(setting);
  const graph = folder.outcome === 'error' ? undefined : await readGraph(setting.directory);
  const git = await checkGit(setting.directory, graph);
  const database = await checkDatabase(setting, graph);
  const checks = [folder, git, ...database];
  return { isHealthy: checks.every(({ outcome }) => outcome !== 'error'), checks };
}

async function readGraph(directory: string): Promise<Graph> {
  return buildGraph(await loadMigrations(directory));
}

async function checkDatabase(setting: ValidateSetting, graph: Graph | undefined): Promise<DoctorCheck[]> {
  try {
    const driver = await setting.getDriver();
    const checks = await checkSession(setting, driver);
    const hasTable = checks.some(({ name, outcome }) => name === 'tracking table' && outcome === 'ok');
    return [...checks, ...(await checkState(setting, driver, hasTable ? graph : undefined))];
  } catch (error) {
    if (!(error instanceof KatError) || error.code === 'CANCELLED') throw error;
    return [{ name: 'connection', ...checkOf(error) }, ...withoutConnection()];
  }
}

/** The checks that need a connection. */
function withoutConnection(): DoctorCheck[] {
  const behind: readonly CheckName[] = checkNames.slice(checkNames.indexOf('connection') + 1);
  return behind.map((name) => ({ name, ...skipped('there is no connection') }));
}

function checkSession(
  { tableName, onEvent, signal }: ValidateSetting,
  driver: Driver,
): Promise<DoctorCheck[]> {
  return withSession(driver, 'kat doctor', { onEvent, signal }, async (session) => {
    const patient = { driver, session };
    const connection: DoctorCheck = { name: 'connection', ...ok(placeOf(driver)) };
    const server = await checkServer(patient);
    const pooler = await checkPooler(patient);
    const { check: table, ledger } = await checkTrackingTable(session, tableName);
    return [connection, server, pooler, table, await checkRights(session, ledger)];
  });
}

function placeOf(driver: Driver): string {
  const absent = driver.isAbsent?.() ? ', does not exist yet; the first `kat up` creates it' : '';
  return `${driver.description}${absent}`;
}

/** @param graph undefined where the folder or the tracking table has errors. */
async function checkState(
  setting: ValidateSetting,
  driver: Driver,
  graph: Graph | undefined,
): Promise<DoctorCheck[]> {
  if (!graph) {
    const found = skipped('the folder or the tracking table has errors');
    return [
      { name: 'migrations', ...found },
      { name: 'lock', ...found },
    ];
  }
  const reading = readStatus(driver, setting.tableName, graph, setting);
  return [
    await runCheck('migrations', async () => describeCounts(await reading, setting.checksums)),
    await runCheck('lock', async () =>
      (await withSession(driver, 'kat doctor', setting, isStandby))
        ? skipped('a standby does not show it')
        : describeRunners(await reading),
    ),
  ];
}

function describeCounts(
  { migrations, counts, missingAdvice }: Status,
  checksums: ChecksumPolicy,
): Omit<DoctorCheck, 'name'> {
  const { applied, pending, missing, halfDone, changed, unordered } = counts;
  const edited = migrations.filter(({ isChanged }) => isChanged).length;
  const refused = checksums === 'strict' ? edited : 0;
  const help = missingAdvice ?? `Run \`kat ${refused > 0 ? 'validate' : 'status --wrong'}\` to see them.`;
  const errors = describeFew(
    [missing, 'without a folder'],
    [halfDone, 'half done'],
    [refused, 'edited later, which `checksums: strict` forbids'],
  );
  if (errors) return failed(errors, help);
  const warnings = describeFew([changed, 'edited later'], [unordered, 'applied before a parent']);
  if (warnings) return warning(warnings, help);
  return ok(`${applied} applied, ${pending} pending`);
}

function describeFew(...counts: readonly [count: number, state: string][]): string {
  const found = counts.filter(([count]) => count > 0).map(([count, state]) => `${count} ${state}`);
  return found.length > 0 ? `migrations: ${found.join(', ')}` : '';
}

function describeRunners({ runners }: Status): Omit<DoctorCheck, 'name'> {
  const [runner] = runners;
  if (!runner) return ok('free');
  return warning(
    `held: ${formatSession(runner)}`,
    'A run is in progress. `kat watch` shows what it does; `kat unlock` ends it.',
  );
}
