/** The facade: everything that the command line can do, a program can do with this object. */

import type { Driver } from '../connections/driver.js';
import { buildGraph } from '../graph/graph.js';
import { loadMigrations } from '../project/folder/load.js';
import type { CompareSchemaOptions, DriftOptions } from './drift/result.js';
import { warnOf } from './events.js';
import type { Kat } from './kat-api.js';
import type { KatOptions } from './kat-options.js';
import { settingsForKat } from './kat-settings.js';
import { downMove, type MoveOptions, redoMove, refuseContinuing, type UpOptions } from './move-options.js';
import { bundleChecks } from './options/check-bundle.js';
import { callChecks, checkSignal, checkWork, withCheckedCalls } from './options/check-calls.js';
import { checkCreateOptions, createShape } from './options/check-options.js';
import { methodsOnSqlite } from './options/sqlite-methods.js';
import { plannedJobs, planRequest, scriptRequest } from './plan-options.js';
import { countJobs } from './policy/jobs.js';
import type { RunObservation } from './read/observe-run.js';
import type { RunRequest } from './run/run-result.js';
import { type ShortSessionOptions, waitForServer } from './session/connect.js';
import { withSpans } from './telemetry/traced-calls.js';

/**
 * Joins a migrations folder and a database.
 * Nothing is read or opened before the first call, except that migrations that are values are written into a temporary folder. Every
 * failure is a KatError.
 */
export function createKat(options: KatOptions): Kat {
  checkCreateOptions(options, createShape);
  const settings = settingsForKat(options);
  const { directory, isFolder, restore, isSqlite, tableName, checksums, lockWaitMs, withDriver, brief, hub } =
    settings;
  const { setting, settingFor, planSetting, lintPlace, throwawaySetting } = settings;
  const onStray = warnOf(brief.onEvent);
  const graph = async () => buildGraph(await loadMigrations(directory, onStray));
  const move = async (
    request: Pick<RunRequest, 'move'> & Partial<RunRequest>,
    { dryRun = false, confirm, plan, waitMs }: MoveOptions & Pick<UpOptions, 'waitMs'>,
  ) => {
    const chosen = { allowMissing: false, isSingleTransaction: false, ...request };
    const isRehearsal = dryRun === 'rollback';
    const manner = { isDryRun: dryRun !== false, isRehearsal, confirm, reviewed: plan };
    const reach = waitMs === undefined ? {} : { reach: waitForServer(waitMs) };
    const { run } = await import('./run/run.js');
    return run({ ...(await settingFor(dryRun)), ...reach }, { ...chosen, ...manner });
  };
  const withIgnored = <O extends CompareSchemaOptions>(given: O): O => ({
    ...given,
    ignore: [...(options.driftIgnore ?? []), ...(given.ignore ?? [])],
  });
  const findDrift = async (driftOptions: DriftOptions) =>
    (await import('./drift/drift.js')).drift(
      { ...planSetting, lockWaitMs, database: options.database },
      withIgnored(driftOptions),
      () => settingFor(driftOptions.dryRun),
    );
  const evidence = { directory, postgres: options.lint?.serverVersion };
  const status = async () =>
    (await import('./read/status.js')).readStatus(await withDriver.get(), tableName, await graph(), brief);
  const wholePlace = async () =>
    (await import('./database/place.js')).wholePlaceOf(await withDriver.get(), options.database);
  const methods: Kat = {
    up: async ({ count, to, allowMissing = false, singleTransaction = false, strictDrift, ...rest } = {}) => {
      if (singleTransaction) refuseContinuing(rest);
      const parallel = { jobs: countJobs(rest.jobs ?? options.jobs ?? 1), onFailure: rest.onFailure };
      if (strictDrift) (await import('./drift/refuse-drift.js')).refuseDrift(await findDrift({}));
      return move(
        {
          move: { kind: 'up', count, to },
          allowMissing,
          isSingleTransaction: singleTransaction,
          ...parallel,
        },
        rest,
      );
    },
    ensure: async (ensureOptions = {}) =>
      (await import('./ensure/ensure.js')).ensure(
        {
          apply: async (waitMs, { allowMissing = false }) =>
            (await import('./run/run.js')).run(
              { ...setting(await withDriver.get()), lockWaitMs: waitMs, reach: waitForServer(waitMs) },
              {
                ...{ move: { kind: 'up' }, allowMissing, isSingleTransaction: false },
                ...{ isDryRun: false, isRehearsal: false, confirm: undefined },
              },
            ),
          readStatus: status,
          signal: options.signal,
        },
        ensureOptions,
      ),
    down: async (downOptions = {}) => move({ move: downMove(downOptions) }, downOptions),
    redo: async (redoOptions = {}) => move({ move: redoMove(redoOptions) }, redoOptions),
    sync: async ({ modified = false, ...rest } = {}) => move({ move: { kind: 'sync', modified } }, rest),
    plan: async (planOptions = {}) => {
      const jobs = plannedJobs(planOptions);
      if (jobs === undefined)
        return (await import('./plan/make-plan.js')).makePlan(planSetting, planRequest(planOptions));
      const { planWithJobs } = await import('./schedule/plan-jobs.js');
      return planWithJobs(planSetting, planRequest(planOptions), jobs);
    },
    planSql: async (planOptions = {}) =>
      (await import('./script/plan-script.js')).makeScript(planSetting, scriptRequest(planOptions)),
    stamp: async (stampOptions) =>
      (await import('./records/stamp.js')).stamp(await settingFor(stampOptions.dryRun), stampOptions),
    baseline: async (baselineOptions = {}) =>
      (await import('./records/baseline.js')).baseline(
        await settingFor(baselineOptions.dryRun),
        baselineOptions,
      ),
    repair: async (repairOptions = {}) =>
      (await import('./records/repair.js')).repair(await settingFor(repairOptions.dryRun), repairOptions),
    squash: async (squashOptions) =>
      (await import('./squash/squash.js')).squash(
        { ...(await settingFor(squashOptions.dryRun)), place: throwawaySetting },
        squashOptions,
      ),
    merge: async (mergeOptions) =>
      (await import('./author/merge.js')).mergeHeads({ directory, onStray, isSqlite }, mergeOptions),
    status,
    history: async (filter = {}) =>
      (await import('./read/history.js')).readHistory(
        { driver: await withDriver.get(), tableName, loadFolder: graph },
        filter,
        brief,
      ),
    show: async (reference, showOptions = {}) =>
      (await import('./read/show.js')).showMigration(
        { getDriver: withDriver.get, tableName, folder: await graph() },
        reference,
        {
          ...showOptions,
          ...brief,
        },
      ),
    heads: async () => (await graph()).heads,
    roots: async () => (await graph()).roots,
    validate: async (validateOptions = {}) =>
      (await import('./validate/validate.js')).validate(
        { directory, tableName, checksums, isSqlite, getDriver: withDriver.get, ...brief },
        validateOptions,
      ),
    doctor: async () =>
      (await import('./doctor/doctor.js')).doctor({
        directory,
        tableName,
        checksums,
        isSqlite,
        getDriver: withDriver.get,
        ...brief,
      }),
    deps: async (depsOptions = {}) =>
      (await import('./deps/deps.js')).readDependencies(directory, depsOptions, evidence),
    lint: async (lintOptions = {}) => (await import('./lint/lint.js')).lint(lintPlace, lintOptions),
    check: async (checkOptions = {}) =>
      (await import('./check/check.js')).checkOrder(directory, checkOptions, evidence),
    verify: async (verifyOptions = {}) =>
      (await import('./verify/verify.js')).verify({ ...throwawaySetting, tableName }, verifyOptions),
    drift: (driftOptions = {}) => findDrift(driftOptions),
    diff: async (first, second, { cwd = process.cwd(), ...diffOptions } = {}) =>
      (await import('./drift/diff.js')).diff(
        { directory, cwd, isSqlite, tableName, lockWaitMs, ...brief },
        [first, second],
        withIgnored(diffOptions),
      ),
    report: async (reportOptions) =>
      (await import('./report/report.js')).reportBranch(
        { ...lintPlace, ...planSetting, ...throwawaySetting },
        reportOptions,
      ),
    blame: async (name) => (await import('./blame/blame.js')).blameObject(directory, name),
    schema: async (schemaOptions = {}) =>
      (await import('./schema/schema.js')).schema(
        { ...throwawaySetting, openSetting: () => settingFor(schemaOptions.dryRun) },
        schemaOptions,
      ),
    ping: async (pingOptions = {}) =>
      (await import('./read/ping.js')).ping(await withDriver.get(), pingOptions, brief),
    createDatabase: async () =>
      (await import('./database/create-database.js')).createMissingDatabase(await wholePlace(), brief),
    dropDatabase: async (dropOptions = {}) =>
      (await import('./database/drop-database.js')).dropWholeDatabase(await wholePlace(), dropOptions, brief),
    waitForServer: async (waitOptions = {}) =>
      (await import('./database/wait-for-server.js')).waitUntilReached(
        await withDriver.get(),
        waitOptions,
        brief,
      ),
    databaseUrl: async ({ showPassword: showsPassword = false } = {}) => {
      const { whole } = await withDriver.get();
      if (!whole) throw (await import('./database/place.js')).borrowed();
      return whole.url({ showsPassword });
    },
    findRunners: async () =>
      (await import('./read/unlock.js')).findRunners(await withDriver.get(), tableName, brief),
    watch: (signal = options.signal) =>
      watchRuns(withDriver.get, tableName, { onEvent: brief.onEvent, signal }),
    endRunners: async (runners) =>
      (await import('./read/unlock.js')).endRunners(await withDriver.get(), tableName, runners, brief),
    bundle: async (bundleOptions = {}) =>
      (await import('./bundle/write-bundle.js')).writeBundle({ directory, onStray }, bundleOptions),
    add: async (name, addOptions = {}) =>
      (await import('./author/add-migration.js')).addMigration(
        { directory, onStray, isSqlite },
        name,
        addOptions,
      ),
    inferParents: async (reference) =>
      (await import('./author/infer-parents.js')).inferParents(directory, reference, onStray),
    import: async (importOptions) =>
      (await import('./import/import.js')).importMigrations(
        { directory, openSetting: () => settingFor(importOptions.dryRun) },
        importOptions,
      ),
    graph,
    describeGraph: async (graphOptions = {}) =>
      (await import('./read/describe-graph.js')).describeGraph(
        { directory, tableName, getDriver: withDriver.get },
        graphOptions,
        brief,
      ),
    exportGraph: async (exportOptions = {}) =>
      (await import('./export/write-export.js')).writeExport(lintPlace, exportOptions),
    exportPng: async () => {
      const { drawSvg } = await import('../graph/draw/svg.js');
      return (await import('./export/draw-png.js')).drawPng(drawSvg(await graph()));
    },
    exportDot: async () => (await import('../graph/draw/dot.js')).drawDot(await graph()),
    events: (work) => {
      checkWork(work);
      return hub.iterate(work);
    },
    close: async () => {
      await withDriver.close();
      hub.end();
    },
  };
  const checks = isFolder ? callChecks : bundleChecks;
  return withCheckedCalls(withSpans(isSqlite ? methodsOnSqlite(methods) : methods, hub), checks, restore);
}

/** Loads the code when the first value is asked for. */
async function* watchRuns(
  getDriver: () => Promise<Driver>,
  tableName: string,
  options: ShortSessionOptions,
): AsyncGenerator<RunObservation, void, undefined> {
  checkSignal(options.signal);
  const { observeRuns } = await import('./read/observe-run.js');
  yield* observeRuns(getDriver, tableName, options);
}
