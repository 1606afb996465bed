/** Collects the details of one migration: folder, place in the graph, status, and log. */

import type { Driver, Session } from '../../connections/driver.js';
import { KatError } from '../../errors.js';
import type { Graph } from '../../graph/graph.js';
import type { Migration, MigrationWaits } from '../../graph/migration.js';
import { findMigrations } from '../../graph/select.js';
import { present } from '../../present.js';
import { findSqlFile, readSqlFile } from '../../project/folder/load.js';
import { isSameDown } from '../ledger/edited.js';
import { findLedger } from '../ledger/find-ledger.js';
import type { Ledger } from '../ledger/ledger.js';
import { readRemembered } from '../ledger/logged-migrations.js';
import { type LedgerSnapshot, type MigrationStatus, statusOf } from '../ledger/migration-status.js';
import { hasOtherSql } from '../ledger/wrong-states.js';
import { findKnown } from '../plan/resolve-reference.js';
import { type ShortSessionOptions, withSession } from '../session/connect.js';
import { readLedgerSnapshot } from '../session/ledger-snapshot.js';
import { type History, type HistoryEntry, readEntries } from './history.js';

export interface ShowOptions {
  /** Don't ask the database. */
  offline?: boolean | undefined;
}

/** A parent or child; with its state if the database was queried. */
export type RelatedMigration = Pick<MigrationStatus, 'id'> & Partial<MigrationStatus>;

export interface MigrationDetails {
  id: string;
  timestamp: string;
  name: string;
  description?: string;
  /** Whether the database was not asked, or could not be reached: then `status` is left out and `history` empty. */
  isOffline: boolean;
  /** As `kat.status()` tells it. */
  status?: MigrationStatus;
  /** The log's entry that made it so: the newest that is `succeeded`, `stamped` or `repaired`. */
  recordedBy?: HistoryEntry;
  parents: readonly RelatedMigration[];
  children: readonly RelatedMigration[];
  /** How many come before it. */
  ancestors: number;
  /** How many come after it. */
  descendants: number;
  noTransaction: boolean;
  /** The time limits in its metadata. */
  waits?: Partial<MigrationWaits>;
  /** Absolute paths of the existing files; left out without a folder. */
  files?: { up: string; down?: string; metadata: string };
  /** The text of up.sql. */
  up?: string;
  /** The text of down.sql. */
  down?: string;
  /** The stored SQL that `kat down` runs instead of `down`, because up.sql was edited or deleted after it was applied. */
  storedDown?: string;
  /** The log's newest entries about it, the newest first. */
  history: History;
}

/** How many entries of the log go with a migration. */
const entryCount = 5;

/** The requested migration, and the sources to read. */
interface ShowSetting {
  /** Opens the database's driver; not called offline. */
  getDriver(): Promise<Driver>;
  tableName: string;
  folder: Graph;
}

/**
 * @param reference a migration, named as on the command line, also without a folder.
 * @returns what the folder has where the database cannot be reached, after telling a warning.
 * @throws KatError USAGE for a reference that means none or several; FILES_INVALID when its SQL can't be read; and whatever
 *   keeps the database from answering, beside that it cannot be reached.
 */
export async function showMigration(
  setting: ShowSetting,
  reference: string,
  { offline = false, ...options }: ShowOptions & ShortSessionOptions,
): Promise<MigrationDetails> {
  if (offline) return describeOffline(setting.folder, takeOnly(findMigrations(setting.folder, reference)));
  try {
    return await withSession(await setting.getDriver(), 'kat show', options, (session) =>
      showOnline(setting, session, reference),
    );
  } catch (error) {
    const migration = isUnreachable(error) ? findOffline(setting.folder, reference) : undefined;
    if (!migration) throw error;
    const { message } = error as KatError;
    options.onEvent({ type: 'warning', message: `${message}; showing only the contents of the folder` });
    return describeOffline(setting.folder, migration);
  }
}

function isUnreachable(error: unknown): boolean {
  return error instanceof KatError && ['CONNECTION_FAILED', 'LOCKED'].includes(error.code);
}

/** @returns undefined where the folder alone does not tell what is meant. */
function findOffline(folder: Graph, reference: string): Migration | undefined {
  try {
    return takeOnly(findMigrations(folder, reference));
  } catch {
    return undefined;
  }
}

function takeOnly<T>(found: readonly T[]): T {
  const [only, ...others] = found;
  if (only !== undefined && others.length === 0) return only;
  throw new KatError('USAGE', `the reference means ${found.length} migrations, but only one can be shown`, {
    help: 'Name one migration; `kat heads` lists the heads.',
  });
}

function describeOffline(graph: Graph, migration: Migration): MigrationDetails {
  const bare = (id: string): RelatedMigration => ({ id });
  return {
    ...describe(graph, migration, { isOffline: true, relate: bare }),
    history: { hasLog: false, entries: [], hasMore: false },
  };
}

async function showOnline(
  { tableName, folder }: ShowSetting,
  session: Session,
  reference: string,
): Promise<MigrationDetails> {
  const ledger = await findLedger(session, tableName);
  const { graph, ids } = await findKnown({ folder, session, ledger }, [reference]);
  const placeOf = (id: string) => (folder.has(id) ? folder : graph);
  const id = takeOnly(ids);
  const migration = placeOf(id).get(id);
  const snapshot = await readLedgerSnapshot(session, ledger, folder);
  const relate = (of: string) => statusOf(placeOf(of), of, snapshot);
  const status = relate(id);
  return {
    ...describe(graph, migration, { isOffline: false, relate }),
    status,
    // The log remembers it of applied migrations only; and no other kind can be half done.
    noTransaction: migration.noTransaction || (status.halfDone ?? status.running?.statement) !== undefined,
    ...(await readLogged(session, ledger, { migration, status, snapshot })),
  };
}

function describe(
  graph: Graph,
  migration: Migration,
  { isOffline, relate }: { isOffline: boolean; relate(id: string): RelatedMigration },
): Omit<MigrationDetails, 'history'> {
  const { id, timestamp, name, description, noTransaction, waits } = migration;
  return {
    id,
    timestamp,
    name,
    ...present({ description }),
    isOffline,
    parents: migration.parents.map(relate),
    children: graph.children(id).map(relate),
    ancestors: graph.ancestors(id).size,
    descendants: graph.descendants(id).size,
    noTransaction,
    ...(waits && Object.keys(waits).length > 0 ? { waits } : {}),
    ...(migration.isMissing ? {} : filesOf(migration)),
  };
}

function filesOf({
  files: { up, down, metadata },
}: Migration): Pick<MigrationDetails, 'files' | 'up' | 'down'> {
  const downSql = findSqlFile(down);
  const hasDown = downSql !== undefined;
  return {
    files: { up, ...(hasDown ? { down } : {}), metadata },
    up: readSqlFile(up),
    ...(hasDown ? { down: downSql } : {}),
  };
}

async function readLogged(
  session: Session,
  ledger: Ledger,
  {
    migration,
    status,
    snapshot,
  }: { migration: Migration; status: MigrationStatus; snapshot: LedgerSnapshot },
): Promise<Pick<MigrationDetails, 'history' | 'recordedBy' | 'storedDown'>> {
  const ids = [migration.id];
  const history = await readEntries(session, ledger, { ids, limit: entryCount });
  const outcome = snapshot.lastSuccesses.get(migration.id)?.outcome;
  const recorded = outcome && (await readEntries(session, ledger, { ids, outcome, limit: 1 }));
  const recordedBy = recorded?.entries[0];
  const isOther = status.state === 'missing' || hasOtherSql(status);
  const storedDown = isOther ? await findStoredDown(session, ledger, migration) : undefined;
  return {
    ...(recordedBy ? { recordedBy } : {}),
    ...present({ storedDown }),
    history,
  };
}

/** @returns undefined where down.sql is still the same. */
async function findStoredDown(
  session: Session,
  ledger: Ledger,
  migration: Migration,
): Promise<string | undefined> {
  const { downSql } = (await readRemembered(session, ledger, [migration.id])).get(migration.id) ?? {};
  const isSame = downSql !== undefined && !migration.isMissing && isSameDown(migration, downSql);
  return isSame ? undefined : downSql;
}
