/** Turns the options of `createKat` into what each command is given. */

import { resolve } from 'node:path';
import type { Driver } from '../connections/driver.js';
import { borrowDriver, openDriver } from '../connections/open-connection.js';
import { type DryRun, defaultChecksumPolicy } from '../project/config/config-names.js';
import { readSqlTexts } from '../project/folder/sql-texts.js';
import { unpackBundle } from './bundle/unpack-bundle.js';
import type { EventListener, KatEvent } from './events.js';
import type { KatOptions } from './kat-options.js';
import { isObject, pathOf } from './options/value-kinds.js';
import { defaultWaits } from './policy/waits.js';
import { forReading } from './session/connect.js';
import { createEventHub } from './session/event-hub.js';
import { logEvent } from './session/logger.js';

/** Opens nothing; migrations that are values are written into a temporary folder. @param options as checked */
export function settingsForKat(options: KatOptions) {
  const tableName = options.tableName ?? 'migrations';
  const { migrations, environment } = options;
  const isFolder = typeof migrations === 'string' || migrations instanceof URL;
  const { directory, restore } = isFolder
    ? { directory: resolve(pathOf(migrations)), restore: undefined }
    : unpackBundle(migrations);
  const hub = createEventHub(listenerOf(options));
  const onEvent = hub.tell;
  const brief = { onEvent, signal: options.signal };
  const withDriver = driverKeeper(options.database, () => readSqlTexts(directory));
  const checksums = options.checksums ?? defaultChecksumPolicy;
  const waits = {
    lockTimeoutMs: options.lockTimeoutMs ?? defaultWaits.lockTimeoutMs,
    statementTimeoutMs: options.statementTimeoutMs,
    retryForMs: options.retryForMs ?? defaultWaits.retryForMs,
    maxBlockMs: options.maxBlockMs ?? defaultWaits.maxBlockMs,
    maxBlockedSessions: options.maxBlockedSessions,
  };
  const lockWaitMs = options.lockWaitMs ?? defaultWaits.lockWaitMs;
  const setting = (driver: Driver) => ({
    driver,
    directory,
    tableName,
    environment,
    checksums,
    lockWaitMs,
    leaseMs: options.leaseMs,
    waits,
    lint: options.lint ?? {},
    onEvent,
    signal: options.signal,
  });
  /** Dry runs do not create a database either. */
  const settingFor = async (dryRun: DryRun | undefined) => {
    const driver = await withDriver.get();
    return setting(dryRun ? forReading(driver) : driver);
  };
  const isSqlite = isObject(options.database) && Reflect.get(options.database, 'driver') === 'sqlite';
  const planSetting = {
    directory,
    tableName,
    environment,
    isSqlite,
    checksums,
    waits,
    getDriver: withDriver.get,
    ...brief,
  };
  const lintPlace = {
    directory,
    tableName,
    getDriver: withDriver.get,
    policy: options.lint ?? {},
    lockTimeoutMs: options.lockTimeoutMs,
    ...brief,
  };
  const throwawaySetting = {
    ...{ directory, project: directory, getDriver: withDriver.get, database: options.database, ...brief },
    isSqlite,
    serverVersion: options.verifyServerVersion,
  };
  return {
    ...{ directory, isFolder, restore, isSqlite, tableName, checksums, lockWaitMs, withDriver, brief, hub },
    ...{ setting, settingFor, planSetting, lintPlace, throwawaySetting },
  };
}

/** What they throw reaches the caller. A promise that they reject has no caller: without a warning in its place, it would end the process. */
function listenerOf({ onEvent, logger }: Pick<KatOptions, 'onEvent' | 'logger'>): EventListener {
  return (event: KatEvent) => {
    warnOfRejection(onEvent?.(event));
    if (logger) warnOfRejection(logEvent(logger, event));
  };
}

function warnOfRejection(result: unknown): void {
  if (!(result instanceof Promise)) return;
  result.catch((error: unknown) => process.emitWarning(`onEvent or logger of Kat failed: ${error}`));
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
