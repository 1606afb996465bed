/** The facade: everything that the command line can do, a program can do with this object. */

import { resolve } from 'node:path';
import type { Driver, ServerInfo } from '../connections/driver.js';
import { type BorrowedConnection, borrowDriver, openDriver } from '../connections/open-connection.js';
import { buildGraph, type Graph } from '../graph/graph.js';
import type { Migration } from '../graph/migration.js';
import {
  type Config,
  type DatabaseConfig,
  type LoadConfigOptions,
  loadConfig,
} from '../project/config/config.js';
import {
  type ChecksumPolicy,
  type DryRun,
  defaultChecksumPolicy,
  type FieldName,
} from '../project/config/config-names.js';
import { configFields } from '../project/config/config-schema.js';
import { loadMigrations } from '../project/folder/load.js';
import { readSqlTexts } from '../project/folder/sql-texts.js';
import type { AddedMigration, AddOptions } from './author/add-migration.js';
import type { MergeOptions, MergeResult } from './author/merge.js';
import type { CheckOptions, CheckResult } from './check/result.js';
import type { DepsOptions, DepsResult, ParentsChange } from './deps/result.js';
import type { EventListener, KatEvent, ServerSession } from './events.js';
import type { ImportOptions, ImportResult } from './import/import.js';
import type { LintOptions, LintResult } from './lint/result.js';
import {
  type DownOptions,
  downMove,
  type MoveOptions,
  type RedoOptions,
  redoMove,
  type SyncOptions,
  type UpOptions,
} from './move-options.js';
import { callChecks, withCheckedCalls } from './options/check-calls.js';
import { checkCreateOptions, checkLoadOptions, createShape, loadShape } from './options/check-options.js';
import type { MovePlan } from './plan/make-plan.js';
import { type PlanOptions, type PlanSqlOptions, planRequest, scriptRequest } from './plan-options.js';
import type { LintPolicy } from './policy/lint-policy.js';
import { defaultWaits } from './policy/waits.js';
import type { History, HistoryFilter } from './read/history.js';
import type { PingOptions } from './read/ping.js';
import type { MigrationDetails, ShowOptions } from './read/show.js';
import type { Status } from './read/status.js';
import type { BaselineOptions, BaselineResult } from './records/baseline.js';
import type { RepairOptions, RepairResult } from './records/repair.js';
import type { StampOptions, StampResult } from './records/stamp.js';
import { run } from './run/run.js';
import type { RunRequest, RunResult } from './run/run-result.js';
import type { PlanScript } from './script/plan-script.js';
import { forReading, waitForServer } from './session/connect.js';
import { type Logger, logEvent } from './session/logger.js';
import type { SquashOptions, SquashResult } from './squash/squash.js';
import type { ValidateOptions, Validation } from './validate/validate.js';

export interface KatOptions {
  /** The migrations folder; relative paths start at the working directory. */
  migrations: string;
  /**
   * A URL, single settings, or a connection that you own: a `pg` Client, PoolClient or Pool, or a PGlite instance.
   * Kat never closes what you own.
   */
  database: string | DatabaseConfig | BorrowedConnection;
  /** Default `migrations`; with a schema before a dot if you like. */
  tableName?: string;
  /** What `up` does about migrations that were edited since they were applied. Default `warn`. */
  checksums?: ChecksumPolicy;
  /** What linting goes by: which rules, for which servers. */
  lint?: LintPolicy;
  /** How long to wait for another runner, in milliseconds. Default one minute. */
  lockWaitMs?: number;
  /** `lock_timeout` of each migration, in milliseconds; 0 waits without end. Default 5 seconds. */
  lockTimeoutMs?: number;
  /** `statement_timeout` of each migration, in milliseconds. Default: the server's own. */
  statementTimeoutMs?: number;
  /** How long a migration that met a lock time-out or a deadlock is tried again, in milliseconds. Default one minute. */
  retryForMs?: number;
  /** Is told everything as it happens. */
  onEvent?: EventListener;
  /** Is told the same in words. */
  logger?: Logger;
  /** Aborting cancels the running statement on the server, rolls back, and ends the run. */
  signal?: AbortSignal;
}

export interface Kat {
  /** Applies pending migrations in the order of the graph. */
  up(options?: UpOptions): Promise<RunResult>;
  /** Takes migrations back, never leaving an applied child without its parent. */
  down(options?: DownOptions): Promise<RunResult>;
  /** Takes migrations back and applies them again, with all that descend from them. */
  redo(options?: RedoOptions): Promise<RunResult>;
  /** Takes back what is applied and has no folder here, then applies what is pending: after a change of branches. */
  sync(options?: SyncOptions): Promise<RunResult>;
  /** What one of these four would do, step by step. Changes nothing; needs no database where it is told what is applied. */
  plan(options?: PlanOptions): Promise<MovePlan>;
  /** The same as a script that psql or another client can run without Kat. */
  planSql(options?: PlanSqlOptions): Promise<PlanScript>;
  /** Records migrations as applied, or as not applied, without running them. */
  stamp(options: StampOptions): Promise<StampResult>;
  /** Makes the root migration of a database that was there before Kat. */
  baseline(options?: BaselineOptions): Promise<BaselineResult>;
  /** Sets right what is recorded, where it is out of line with the folder. Runs nothing. */
  repair(options?: RepairOptions): Promise<RepairResult>;
  /** Replaces a migration and all its ancestors by one that keeps its id. */
  squash(options: SquashOptions): Promise<SquashResult>;
  /** Writes an empty migration that joins heads. Needs no database. */
  merge(options?: MergeOptions): Promise<MergeResult>;
  /** What is applied, pending or missing. Changes nothing. */
  status(): Promise<Status>;
  /** What the log has, the newest first. Changes nothing. */
  history(filter?: HistoryFilter): Promise<History>;
  /** What is known of one migration, named as on the command line; one whose folder is gone may be named, too. Changes nothing. */
  show(reference: string, options?: ShowOptions): Promise<MigrationDetails>;
  /** The migrations of the folder without children. Needs no database. */
  heads(): Promise<readonly Migration[]>;
  /** The migrations of the folder without parents. Needs no database. */
  roots(): Promise<readonly Migration[]>;
  /** Finds everything that is wrong with folder, graph, SQL and tracking table. Changes nothing. */
  validate(options?: ValidateOptions): Promise<Validation>;
  /** What migrations really need of each other, by their SQL, against what they declare. Needs no database. */
  deps(options?: DepsOptions): Promise<DepsResult>;
  /** What is dangerous or careless about migrations, by their SQL. Asks the database only with `pending`. */
  lint(options?: LintOptions): Promise<LintResult>;
  /** Pairs of migrations whose order matters although nothing keeps it, with the edges that would. Needs no database. */
  check(options?: CheckOptions): Promise<CheckResult>;
  /** Opens a connection and closes it again. */
  ping(options?: PingOptions): Promise<ServerInfo>;
  /** Who holds the runner's lock now. */
  findRunners(): Promise<ServerSession[]>;
  /** Ends these sessions if they still hold the lock, and returns those that were ended. */
  endRunners(runners: readonly ServerSession[]): Promise<ServerSession[]>;
  /** Writes the three files of a new migration. */
  add(name: string, options?: AddOptions): Promise<AddedMigration>;
  /** Makes the migrations that a migration's SQL needs its parents. Needs no database. */
  inferParents(reference: string): Promise<ParentsChange>;
  /** Writes another tool's migrations into the folder, and records what that tool has applied. */
  import(options: ImportOptions): Promise<ImportResult>;
  /** The folder's migrations, validated. */
  graph(): Promise<Graph>;
  /** The graph in Graphviz's language. */
  exportDot(): Promise<string>;
  /** Ends what Kat itself holds open. */
  close(): Promise<void>;
}

/**
 * Joins a migrations folder and a database.
 * Nothing is read or opened before the first call; every failure is a KatError.
 */
export function createKat(options: KatOptions): Kat {
  checkCreateOptions(options, createShape);
  const tableName = options.tableName ?? 'migrations';
  const directory = resolve(options.migrations);
  const onEvent = listenerOf(options);
  const brief = { onEvent, signal: options.signal };
  const withDriver = driverKeeper(options.database, () => readSqlTexts(directory));
  const checksums = options.checksums ?? defaultChecksumPolicy;
  const waits = {
    lockTimeoutMs: options.lockTimeoutMs ?? defaultWaits.lockTimeoutMs,
    statementTimeoutMs: options.statementTimeoutMs,
    retryForMs: options.retryForMs ?? defaultWaits.retryForMs,
  };
  const setting = (driver: Driver) => ({
    driver,
    directory,
    tableName,
    checksums,
    lockWaitMs: options.lockWaitMs ?? defaultWaits.lockWaitMs,
    waits,
    lint: options.lint ?? {},
    onEvent,
    signal: options.signal,
  });
  /** What only shows what it would do creates no database either. */
  const settingFor = async (dryRun: DryRun | undefined) => {
    const driver = await withDriver.get();
    return setting(dryRun ? forReading(driver) : driver);
  };
  const planSetting = { directory, tableName, checksums, waits, getDriver: withDriver.get, ...brief };
  const graph = async () => buildGraph(await loadMigrations(directory));
  const move = async (
    request: Pick<RunRequest, 'move'> & Partial<RunRequest>,
    { dryRun = false, confirm, waitMs }: MoveOptions & Pick<UpOptions, 'waitMs'>,
  ) => {
    const chosen = { allowMissing: false, isSingleTransaction: false, ...request };
    const isRehearsal = dryRun === 'rollback';
    const manner = { isDryRun: dryRun !== false, isRehearsal, confirm: isRehearsal ? undefined : confirm };
    const reach = waitMs === undefined ? {} : { reach: waitForServer(waitMs) };
    return run({ ...(await settingFor(dryRun)), ...reach }, { ...chosen, ...manner });
  };
  const methods: Kat = {
    up: async ({ count, to, allowMissing = false, singleTransaction = false, ...rest } = {}) =>
      move({ move: { kind: 'up', count, to }, allowMissing, isSingleTransaction: singleTransaction }, rest),
    down: async (downOptions = {}) => move({ move: downMove(downOptions) }, downOptions),
    redo: async (redoOptions = {}) => move({ move: redoMove(redoOptions) }, redoOptions),
    sync: async ({ modified = false, ...rest } = {}) => move({ move: { kind: 'sync', modified } }, rest),
    plan: async (planOptions = {}) =>
      (await import('./plan/make-plan.js')).makePlan(planSetting, planRequest(planOptions)),
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
      (await import('./squash/squash.js')).squash(await settingFor(squashOptions.dryRun), squashOptions),
    merge: async (mergeOptions) => (await import('./author/merge.js')).mergeHeads(directory, mergeOptions),
    status: async () =>
      (await import('./read/status.js')).readStatus(await withDriver.get(), tableName, await graph(), brief),
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
        { directory, tableName, checksums, getDriver: withDriver.get, ...brief },
        validateOptions,
      ),
    deps: async (depsOptions = {}) =>
      (await import('./deps/deps.js')).readDependencies(directory, depsOptions),
    lint: async (lintOptions = {}) =>
      (await import('./lint/lint.js')).lint(
        {
          directory,
          tableName,
          getDriver: withDriver.get,
          policy: options.lint ?? {},
          lockTimeoutMs: options.lockTimeoutMs,
          ...brief,
        },
        lintOptions,
      ),
    check: async (checkOptions = {}) =>
      (await import('./check/check.js')).checkOrder(directory, checkOptions),
    ping: async (pingOptions = {}) =>
      (await import('./read/ping.js')).ping(await withDriver.get(), pingOptions, brief),
    findRunners: async () =>
      (await import('./read/unlock.js')).findRunners(await withDriver.get(), tableName, brief),
    endRunners: async (runners) =>
      (await import('./read/unlock.js')).endRunners(await withDriver.get(), tableName, runners, brief),
    add: async (name, addOptions = {}) =>
      (await import('./author/add-migration.js')).addMigration(directory, name, addOptions),
    inferParents: async (reference) =>
      (await import('./author/infer-parents.js')).inferParents(directory, reference),
    import: async (importOptions) =>
      (await import('./import/import.js')).importMigrations(
        { directory, openSetting: () => settingFor(importOptions.dryRun) },
        importOptions,
      ),
    graph,
    exportDot: async () => (await import('../graph/draw/dot.js')).drawDot(await graph()),
    close: () => withDriver.close(),
  };
  return withCheckedCalls(methods, callChecks);
}

/**
 * Makes a Kat from `kat.conf.yaml`, environment variables and flags, as the command line does.
 * @throws KatError CONFIG_INVALID.
 */
export async function loadKat(
  options: LoadConfigOptions & Pick<KatOptions, 'onEvent' | 'logger' | 'signal'>,
): Promise<{ kat: Kat; config: Config }> {
  checkLoadOptions(options, loadShape, Object.keys(configFields) as FieldName[]);
  const { onEvent, logger, signal, ...source } = options;
  const config = await loadConfig(source);
  const kat = createKat({
    migrations: config.migration.directory,
    tableName: config.migration.tableName,
    checksums: config.migration.checksums,
    database: config.database,
    lint: config.lint,
    ...config.waits,
    ...(onEvent ? { onEvent } : {}),
    ...(logger ? { logger } : {}),
    ...(signal ? { signal } : {}),
  });
  return { kat, config };
}

function listenerOf({ onEvent, logger }: KatOptions): EventListener {
  return (event: KatEvent) => {
    onEvent?.(event);
    if (logger) logEvent(logger, event);
  };
}

/** Opens the driver when it is first needed, and once. */
function driverKeeper(database: KatOptions['database'], readSql: () => Iterable<string>) {
  let opened: Promise<Driver> | undefined;
  return {
    get: () => (opened ??= driverFor(database, readSql)),
    close: async () => {
      const driver = await opened?.catch(() => undefined);
      await driver?.close();
    },
  };
}

async function driverFor(database: KatOptions['database'], readSql: () => Iterable<string>): Promise<Driver> {
  if (typeof database === 'string') return openDriver({ driver: 'postgres', url: database });
  return 'driver' in database ? openDriver(database, process.env, readSql) : borrowDriver(database);
}
