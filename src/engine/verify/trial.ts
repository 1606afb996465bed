/** Moves a throwaway database between states of a history, with the engine that runs `kat up` and `kat down`. */

import type { Session } from '../../connections/driver.js';
import { ConnectionError, KatError, MigrationError, SqlError } from '../../errors.js';
import type { RawMigration } from '../../graph/migration.js';
import type { Move } from '../../graph/move.js';
import type { SchemaSnapshot, SnapshotObject } from '../../sql/snapshot/snapshot.js';
import type { EventListener } from '../events.js';
import { defaultWaits } from '../policy/waits.js';
import { run } from '../run/run.js';
import { withSession } from '../session/connect.js';
import { readRows } from '../snapshot/read-rows.js';
import { readSnapshot } from '../snapshot/read-snapshot.js';
import type { RowSource } from '../snapshot/row-sources.js';
import { guardShared } from '../throwaway/guard-shared.js';
import { ownTablesOf } from '../throwaway/own-tables.js';
import { throwPlaceFailure } from '../throwaway/place-failure.js';
import { progressOfRun } from '../throwaway/run-progress.js';
import type { Throwaway } from '../throwaway/throwaway.js';
import { openTrialReader } from './trial-reader.js';

/** The tracking table has a schema of its own, so that migrations may make objects of any name. */
const trialSchema = 'kat_verify';

export const trialLedger = { schema: trialSchema, table: 'migrations' };

export interface TrialSetting {
  directory: string;
  /** What `loadMigrations` has read there. */
  migrations: readonly RawMigration[];
  throwaway: Throwaway;
  /** Receives the progress of longer moves. */
  onEvent: EventListener;
  signal: AbortSignal | undefined;
}

/** A throwaway database, and the migrations that are applied to it. */
export interface Trial {
  readonly server: string;
  readonly isSqlite: boolean;
  /** Ids. Where a move has failed, those that were applied before it. */
  readonly applied: ReadonlySet<string>;
  /** Whether the schema may be another one than that of the applied migrations. */
  readonly isSpoiled: boolean;
  /**
   * Applies or rolls back one migration.
   * @returns the reason why it failed. @throws ConnectionError; KatError CANCELLED.
   */
  up(id: string): Promise<KatError | undefined>;
  down(id: string): Promise<KatError | undefined>;
  readSnapshot(): Promise<SchemaSnapshot>;
  /** @throws SqlError where a table is missing. */
  readRows(sources: readonly RowSource[]): Promise<readonly SnapshotObject[]>;
  /** Executes SQL in one transaction. @returns why it failed. */
  execute(sql: string): Promise<string | undefined>;
  /** Makes `ids`, which have all their ancestors, the applied migrations. @returns the reason why one of them failed. */
  moveTo(ids: ReadonlySet<string>): Promise<KatError | undefined>;
  /** How many migrations lie between the present state and `ids`. */
  distanceTo(ids: ReadonlySet<string>): number;
  /** States that the migration's way back restores the schema. */
  trust(id: string): void;
  /** States that the schema is no longer that of the applied migrations. */
  spoil(): void;
  /** Call it before the throwaway database is closed. Never throws. */
  close(): Promise<void>;
}

/** The state of a trial. */
interface TrialState {
  applied: Set<string>;
  trusted: Set<string>;
  isSpoiled: boolean;
  /** Of the present state, once it was read. */
  snapshot: SchemaSnapshot | undefined;
  /** The same, as it was read last, and of which sources. */
  rows: { key: string; found: readonly SnapshotObject[] } | undefined;
}

/** Call it before something runs. */
function forget(state: TrialState): void {
  state.snapshot = undefined;
  state.rows = undefined;
}

/** @throws ConnectionError; KatError CANCELLED. */
export async function startTrial(setting: TrialSetting): Promise<Trial> {
  const { throwaway } = setting;
  const state: TrialState = {
    applied: new Set(),
    trusted: new Set(),
    isSpoiled: false,
    ...{ snapshot: undefined, rows: undefined },
  };
  const server = await prepare(setting);
  const reader = openTrialReader(throwaway, setting.signal);
  const step = async (id: string, move: Move) => {
    forget(state);
    const error = await tryMove(setting, move);
    if (!error) state.applied[move.kind === 'up' ? 'add' : 'delete'](id);
    else if (!leavesNoTrace(error)) state.isSpoiled = true;
    return error;
  };
  const renew = async () => {
    await reader.close();
    await throwaway.renew();
    await prepare(setting);
    Object.assign(state, { applied: new Set<string>(), isSpoiled: false });
  };
  const { tables: without } = ownTablesOf(throwaway, trialSchema);
  const options = { without, isKept: throwaway.driver.hasManySessions };
  return {
    server,
    isSqlite: throwaway.driver.name === 'sqlite',
    get applied() {
      return state.applied;
    },
    get isSpoiled() {
      return state.isSpoiled;
    },
    up: (id) => step(id, { kind: 'up', to: [id], count: undefined }),
    down: (id) => step(id, { kind: 'down', of: [id] }),
    readSnapshot: async () =>
      (state.snapshot ??= await reader.read((session) => readSnapshot(session, options))),
    readRows: async (sources) => {
      const key = JSON.stringify(sources);
      if (state.rows?.key !== key)
        state.rows = { key, found: await reader.read((session) => readRows(session, sources)) };
      return state.rows.found;
    },
    execute: (sql) => {
      forget(state);
      return inSession(setting, (session) => tryStatements(session, sql));
    },
    moveTo: async (ids) => moveTo(setting, state, { ids, renew }),
    distanceTo: (ids) =>
      [...state.applied].filter((id) => !ids.has(id)).length + missingOf(state, ids).length,
    trust: (id) => state.trusted.add(id),
    spoil: () => {
      state.isSpoiled = true;
    },
    close: reader.close,
  };
}

async function tryStatements(session: Session, sql: string): Promise<string | undefined> {
  try {
    await session.execute(['BEGIN;\n', sql, '\n;COMMIT']);
    return undefined;
  } catch (error) {
    if (error instanceof SqlError) return error.report.message;
    throw error;
  }
}

function missingOf({ applied }: TrialState, ids: ReadonlySet<string>): string[] {
  return [...ids].filter((id) => !applied.has(id));
}

async function moveTo(
  setting: TrialSetting,
  state: TrialState,
  { ids, renew }: { ids: ReadonlySet<string>; renew: () => Promise<void> },
): Promise<KatError | undefined> {
  const extra = [...state.applied].filter((id) => !ids.has(id));
  if (extra.length > 0 || state.isSpoiled || missingOf(state, ids).length > 0) forget(state);
  if (state.isSpoiled || extra.some((id) => !state.trusted.has(id))) await renew();
  else if (extra.length > 0 && (await tryMove(setting, { kind: 'down', of: extra }))) await renew();
  else for (const id of extra) state.applied.delete(id);
  const missing = missingOf(state, ids);
  if (missing.length === 0) return undefined;
  const error = await tryMove(setting, { kind: 'up', to: missing, count: undefined });
  if (!error) for (const id of missing) state.applied.add(id);
  else state.isSpoiled = true;
  return error;
}

/** The engine takes back what a failed transaction did, and checks files before it runs one. */
function leavesNoTrace({ code }: KatError): boolean {
  return code === 'MIGRATION_FAILED' || code === 'SQL_INVALID' || code === 'FILES_INVALID';
}

async function tryMove(
  { directory, migrations, throwaway, onEvent, signal }: TrialSetting,
  move: Move,
): Promise<KatError | undefined> {
  const setting = {
    // Nobody else works there, and a second connection takes as long as a small migration.
    driver: { ...throwaway.driver, hasManySessions: false },
    isThrowaway: true,
    ...{ directory, migrations, ...guardShared(throwaway) },
    tableName: ownTablesOf(throwaway, trialSchema).tableName,
    checksums: 'off' as const,
    lockWaitMs: defaultWaits.lockWaitMs,
    waits: { ...defaultWaits, statementTimeoutMs: undefined },
    lint: { onUp: 'off' as const },
    onEvent: progressOfRun(onEvent),
    signal,
  };
  const manner = { isDryRun: false, isRehearsal: false, allowMissing: false, isSingleTransaction: false };
  try {
    await run(setting, { move, ...manner, confirm: () => true });
    return undefined;
  } catch (error) {
    if (signal?.aborted)
      throw new KatError('CANCELLED', 'cancelled while migrations were tried', { cause: error });
    if (!(error instanceof KatError)) throw error;
    if (error instanceof ConnectionError && !(error instanceof MigrationError)) throw error;
    throwPlaceFailure(error, throwaway);
    return error;
  }
}

async function prepare(setting: TrialSetting): Promise<string> {
  return inSession(setting, async (session) => {
    if (!session.sqlite) await session.execute(`CREATE SCHEMA ${trialSchema}`);
    return session.server.version;
  });
}

function inSession<T>(
  { throwaway, signal }: TrialSetting,
  work: Parameters<typeof withSession<T>>[3],
): Promise<T> {
  return withSession(throwaway.driver, 'kat verify', { onEvent: () => undefined, signal }, work);
}
