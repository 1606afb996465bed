/** Computes a migration's status; all commands that read a database share these states. */

import { basename } from 'node:path';
import type { Session } from '../../connections/driver.js';
import type { Graph } from '../../graph/graph.js';
import { type Direction, isProgram, type Migration } from '../../graph/migration.js';
import { whyPending } from '../../graph/plan.js';
import { present } from '../../present.js';
import type { ServerSession } from '../events.js';
import { type FailedTry, readTries, type Tries } from './attempts.js';
import { findDownChange, findUpEdit } from './edited.js';
import { readHalfDone } from './journal.js';
import { type AppliedMigration, type Ledger, logTableOf, readApplied } from './ledger.js';
import { type LastSuccess, readLastSuccesses } from './log.js';

/** A `no_transaction` migration that stopped between its statements. */
export interface HalfDone {
  direction: Direction;
  /** How many statements are done. */
  finished: number;
  /** When the latest try began, ISO 8601 in UTC, and who ran it, as `user@host`. */
  startedAt?: string;
  client?: string;
  /** A runner holds the lock and shows nothing of its work, or the server is a standby: a run may be at work on this migration. */
  mayBeRunning?: true;
  /** INVALID indexes that its tries left, as SQL. */
  invalidIndexes?: readonly string[];
}

/** A migration that a runner is at work on now. */
interface RunningMigration {
  direction: Direction;
  /** ISO 8601 in UTC. */
  since?: string;
  /** Which statement, counted from 1, and of how many; of a `no_transaction` migration. */
  statement?: number;
  statements?: number;
  /** User and host of the computer that Kat runs on, as `user@host`. */
  client: string;
  command?: string;
  /** The server's process id of the session. */
  processId: number;
}

/** A migration's status and further facts about it. */
export interface MigrationStatus {
  id: string;
  /**
   * `missing`: applied, but without a folder. `rolled back`: pending, and it was applied once. `gone`: neither applied nor in
   * the folder, so only the log knows it.
   */
  state: 'applied' | 'pending' | 'rolled back' | 'missing' | 'gone';
  description?: string;
  parents: readonly string[];
  /** ISO 8601 in UTC; for what is applied. */
  appliedAt?: string;
  /** For what is applied. */
  durationMs?: number;
  /** ISO 8601 in UTC; for what was rolled back. */
  rolledBackAt?: string;
  /** For what is pending or rolled back: the parents that must be applied first. Empty means that it is ready. */
  waitsFor?: readonly string[];
  /** For what is pending: why `up` refuses it, in a few words. */
  blocked?: string;
  /** Unordered: it is applied, and these parents are not. Never empty. */
  unappliedParents?: readonly string[];
  halfDone?: HalfDone;
  /** Then it is not called half done, nor failed. */
  running?: RunningMigration;
  /** How its latest try failed, where it has not succeeded since. */
  failed?: FailedTry;
  /** The name of its file where that is a program, such as `up.ts`. */
  program?: string;
  /** Its up.sql was edited after it was applied; line endings don't count. */
  isChanged?: true;
  /** Of what is changed: only comments and white space were edited, so that nothing is wrong. */
  onlyComments?: true;
  /** What became of its down.sql after it was applied; line endings don't count. */
  downChange?: 'edited' | 'deleted';
  /** It was recorded as applied, or as not applied, without running. */
  isStamped?: true;
  /** It has no folder, because it was squashed into this applied migration. */
  replacedBy?: string;
  /** It has no folder, and this migration of the folder has the same SQL. */
  renamedTo?: string;
}

/** A database's records about its migrations. */
export interface LedgerSnapshot {
  /** By id, in the order in which they were recorded. */
  applied: ReadonlyMap<string, AppliedMigration>;
  /** By id. */
  halfDone: ReadonlyMap<string, HalfDone>;
  /** By id. */
  lastSuccesses: ReadonlyMap<string, LastSuccess>;
  /** By id. */
  tries: ReadonlyMap<string, Tries>;
  /** The holders of this tracking table's lock. */
  runners: readonly ServerSession[];
  /** The server is a standby, so `runners` are unknown. */
  hidesRunners: boolean;
  /** By id: what `HalfDone` has of the same name. */
  invalidIndexes: ReadonlyMap<string, readonly string[]>;
  /** How the server reads plain string literals. */
  literals: Session['literals'];
}

/** The contents of tracking table and log, without the running sessions. */
export type Recorded = Omit<LedgerSnapshot, 'runners' | 'hidesRunners' | 'invalidIndexes' | 'literals'>;

/** Reads what all migrations' states are made of. */
export async function readRecorded(session: Session, ledger: Ledger): Promise<Recorded> {
  const logTable = logTableOf(ledger);
  const [rows, halfDone, lastSuccesses, tries] = await Promise.all([
    readApplied(session, ledger),
    ledger.hasLog ? readHalfDone(session, logTable) : new Map(),
    ledger.hasLog ? readLastSuccesses(session, logTable) : new Map<string, LastSuccess>(),
    ledger.hasLog ? readTries(session, logTable) : new Map(),
  ]);
  for (const { id, appliedAt } of rows)
    if (isOlder(lastSuccesses.get(id), appliedAt)) lastSuccesses.delete(id);
  return { applied: new Map(rows.map((row) => [row.id, row])), halfDone, lastSuccesses, tries };
}

/** Then another program, such as Go's Kat, has written the row since, and the entry says nothing about what that has run. */
function isOlder(entry: LastSuccess | undefined, appliedAt: string): boolean {
  return entry !== undefined && entry.at < appliedAt;
}

/**
 * Where a migration stands. Reads its up.sql when the log says what was applied.
 * @param graph may contain migrations without folders, marked as such, or omit them.
 * @throws KatError FILES_INVALID when up.sql can't be read.
 */
export function statusOf(graph: Graph, id: string, snapshot: LedgerSnapshot): MigrationStatus {
  const migration = graph.has(id) ? graph.get(id) : undefined;
  const row = snapshot.applied.get(id);
  const status =
    !migration || migration.isMissing
      ? statusWithoutFolder(
          { id, parents: migration?.parents ?? [] },
          row,
          findReplacement(graph, id, snapshot),
        )
      : row
        ? statusOfApplied(graph, migration, { row, snapshot })
        : statusOfPending(graph, migration, snapshot);
  return withTries(status, snapshot);
}

function statusWithoutFolder(
  facts: Pick<MigrationStatus, 'id' | 'parents'>,
  row: AppliedMigration | undefined,
  replacedBy: string | undefined,
): MigrationStatus {
  if (!row) return { ...facts, state: 'gone' };
  const recorded = { appliedAt: row.appliedAt, durationMs: row.durationMs };
  return replacedBy === undefined
    ? { ...facts, state: 'missing', ...recorded }
    : { ...facts, state: 'applied', ...recorded, replacedBy };
}

function findReplacement(graph: Graph, id: string, { applied }: LedgerSnapshot): string | undefined {
  return graph.migrations.find((other) => applied.has(other.id) && other.replaces?.includes(id))?.id;
}

function statusOfApplied(
  graph: Graph,
  migration: Migration,
  { row, snapshot }: { row: AppliedMigration; snapshot: LedgerSnapshot },
): MigrationStatus {
  const unappliedParents = whyPending(graph, snapshot.applied, migration.id);
  const found = snapshot.lastSuccesses.get(migration.id);
  const last = found?.direction === 'up' ? found : undefined;
  const edit = findUpEdit(migration, last);
  const downChange = findDownChange(migration, last);
  return {
    ...describe(migration),
    state: 'applied',
    appliedAt: row.appliedAt,
    durationMs: row.durationMs,
    ...(unappliedParents.length > 0 ? { unappliedParents } : {}),
    ...(edit ? { isChanged: true } : {}),
    ...(edit === 'comments' ? { onlyComments: true } : {}),
    ...(downChange ? { downChange } : {}),
    ...stamped(last),
  };
}

function statusOfPending(graph: Graph, migration: Migration, snapshot: LedgerSnapshot): MigrationStatus {
  const waitsFor = whyPending(graph, snapshot.applied, migration.id);
  const found = snapshot.lastSuccesses.get(migration.id);
  const last = found?.direction === 'down' ? found : undefined;
  const facts = describe(migration);
  return last?.outcome === 'succeeded'
    ? { ...facts, state: 'rolled back', rolledBackAt: last.at, waitsFor }
    : { ...facts, state: 'pending', waitsFor, ...stamped(last) };
}

function stamped(last: LastSuccess | undefined): Pick<MigrationStatus, 'isStamped'> {
  return last?.outcome === 'stamped' ? { isStamped: true } : {};
}

function describe({
  id,
  description,
  parents,
  files,
}: Migration): Pick<MigrationStatus, 'id' | 'description' | 'parents' | 'program'> {
  return {
    id,
    parents,
    ...present({ description }),
    ...(isProgram(files.up) ? { program: basename(files.up) } : {}),
  };
}

/** A running migration that is applied is being rolled back; any other is being applied. */
function withTries(status: MigrationStatus, snapshot: LedgerSnapshot): MigrationStatus {
  const direction = status.appliedAt === undefined ? 'up' : 'down';
  const { started, failed } = snapshot.tries.get(status.id) ?? {};
  const isBegun = started?.direction === direction;
  const running = findRunning(status.id, direction, snapshot);
  if (running) return { ...status, running: isBegun ? { ...running, since: started.at } : running };
  const halfDone = snapshot.halfDone.get(status.id);
  return {
    ...status,
    ...(halfDone?.direction === direction
      ? { halfDone: describeHalfDone(status.id, halfDone, snapshot) }
      : {}),
    ...(failed?.direction === direction ? { failed } : {}),
  };
}

/** Of the sessions of one run, the working session began its transaction last. */
function findRunning(
  id: string,
  direction: Direction,
  { runners }: LedgerSnapshot,
): RunningMigration | undefined {
  const isAtIt = ({ work }: ServerSession) => work?.migration === id && work.direction === direction;
  const runner = runners.findLast(isAtIt);
  if (!runner?.work) return undefined;
  const { client, command, statement, statements } = runner.work;
  return {
    direction,
    ...present({ since: runner.since }),
    ...(statement === undefined || statements === undefined ? {} : { statement, statements }),
    client,
    ...present({ command }),
    processId: runner.processId,
  };
}

function describeHalfDone(id: string, halfDone: HalfDone, snapshot: LedgerSnapshot): HalfDone {
  const { started, failed } = snapshot.tries.get(id) ?? {};
  const invalidIndexes = snapshot.invalidIndexes.get(id);
  const isHidden = snapshot.hidesRunners && !failed;
  return {
    ...halfDone,
    ...(started?.direction === halfDone.direction ? { startedAt: started.at, client: started.client } : {}),
    ...(isHidden || snapshot.runners.some(({ work }) => !work) ? { mayBeRunning: true } : {}),
    ...(invalidIndexes && invalidIndexes.length > 0 ? { invalidIndexes } : {}),
  };
}
