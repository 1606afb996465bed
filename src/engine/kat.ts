/** The facade: everything that the command line can do, a program can do with this object. */

import { resolve } from 'node:path';
import type { Driver, ServerInfo } from '../drivers/driver.js';
import { type BorrowedConnection, borrowDriver, openDriver } from '../drivers/open-driver.js';
import { drawDot } from '../graph/draw/dot.js';
import { buildGraph, type Graph } from '../graph/graph.js';
import { type Config, type DatabaseConfig, type LoadConfigOptions, loadConfig } from '../project/config.js';
import { loadMigrations } from '../project/load.js';
import { type AddedMigration, type AddOptions, addMigration } from './add-migration.js';
import type { EventListener, KatEvent, ServerSession } from './events.js';
import { type Logger, logEvent } from './logger.js';
import {
  type DownOptions,
  downMove,
  type MoveOptions,
  type RedoOptions,
  redoMove,
  type SyncOptions,
  type UpOptions,
} from './move-options.js';
import { type PingOptions, ping } from './ping.js';
import { type RunRequest, run } from './run.js';
import type { RunResult } from './run-result.js';
import { readStatus, type Status } from './status.js';
import { endRunners, findRunners } from './unlock.js';
import { defaultWaits } from './waits.js';

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
  /** What is applied, pending or missing. Changes nothing. */
  status(): Promise<Status>;
  /** Opens a connection and closes it again. */
  ping(options?: PingOptions): Promise<ServerInfo>;
  /** Who holds the runner's lock now. */
  findRunners(): Promise<ServerSession[]>;
  /** Ends these sessions if they still hold the lock, and returns those that were ended. */
  endRunners(runners: readonly ServerSession[]): Promise<ServerSession[]>;
  /** Writes the three files of a new migration. */
  add(name: string, options?: AddOptions): Promise<AddedMigration>;
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
  const tableName = options.tableName ?? 'migrations';
  const directory = resolve(options.migrations);
  const onEvent = listenerOf(options);
  const brief = { onEvent, signal: options.signal };
  const withDriver = driverKeeper(options.database);
  const setting = (driver: Driver) => ({
    driver,
    directory,
    tableName,
    lockWaitMs: options.lockWaitMs ?? defaultWaits.lockWaitMs,
    waits: {
      lockTimeoutMs: options.lockTimeoutMs ?? defaultWaits.lockTimeoutMs,
      statementTimeoutMs: options.statementTimeoutMs,
      retryForMs: options.retryForMs ?? defaultWaits.retryForMs,
    },
    onEvent,
    signal: options.signal,
  });
  const graph = async () => buildGraph(await loadMigrations(directory));
  const move = async (
    request: Pick<RunRequest, 'move'> & Partial<RunRequest>,
    { dryRun = false, confirm }: MoveOptions,
  ) => {
    const chosen = { allowMissing: false, isSingleTransaction: false, ...request };
    return run(setting(await withDriver.get()), { ...chosen, isDryRun: dryRun, confirm });
  };
  return {
    up: async ({ count, to, allowMissing = false, singleTransaction = false, ...rest } = {}) =>
      move({ move: { kind: 'up', count, to }, allowMissing, isSingleTransaction: singleTransaction }, rest),
    down: async (downOptions = {}) => move({ move: downMove(downOptions) }, downOptions),
    redo: async (redoOptions = {}) => move({ move: redoMove(redoOptions) }, redoOptions),
    sync: async ({ modified = false, ...rest } = {}) => move({ move: { kind: 'sync', modified } }, rest),
    status: async () => readStatus(await withDriver.get(), tableName, await graph(), brief),
    ping: async (pingOptions = {}) => ping(await withDriver.get(), pingOptions, brief),
    findRunners: async () => findRunners(await withDriver.get(), tableName, brief),
    endRunners: async (runners) => endRunners(await withDriver.get(), tableName, runners, brief),
    add: (name, addOptions = {}) => addMigration(directory, name, addOptions),
    graph,
    exportDot: async () => drawDot(await graph()),
    close: () => withDriver.close(),
  };
}

/**
 * Makes a Kat from `kat.conf.yaml`, environment variables and flags, as the command line does.
 * @throws KatError CONFIG_INVALID.
 */
export async function loadKat(
  options: LoadConfigOptions & Pick<KatOptions, 'onEvent' | 'logger' | 'signal'>,
): Promise<{ kat: Kat; config: Config }> {
  const { onEvent, logger, signal, ...source } = options;
  const config = await loadConfig(source);
  const kat = createKat({
    migrations: config.migration.directory,
    tableName: config.migration.tableName,
    database: config.database,
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
function driverKeeper(database: KatOptions['database']) {
  let opened: Promise<Driver> | undefined;
  return {
    get: () => (opened ??= driverFor(database)),
    close: async () => {
      const driver = await opened?.catch(() => undefined);
      await driver?.close();
    },
  };
}

async function driverFor(database: KatOptions['database']): Promise<Driver> {
  if (typeof database === 'string') return openDriver({ driver: 'postgres', url: database });
  return 'driver' in database ? openDriver(database) : borrowDriver(database);
}
