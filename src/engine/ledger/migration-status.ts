/** Tells where one migration stands: the words that everything which looks at a database shares. */

import type { Session } from '../../connections/driver.js';
import type { Graph } from '../../graph/graph.js';
import type { Direction, Migration } from '../../graph/migration.js';
import { whyPending } from '../../graph/plan.js';
import { isEdited } from './edited.js';
import { readHalfDone } from './journal.js';
import { type AppliedMigration, type Ledger, logTableOf, readApplied } from './ledger.js';
import { type LastSuccess, readLastSuccesses } from './log.js';

/** A `no_transaction` migration that stopped between its statements. */
interface HalfDone {
  direction: Direction;
  /** How many statements are done. */
  finished: number;
}

/** Where a migration stands, and beside that everything that is remarkable about it. */
export interface MigrationStatus {
  id: string;
  /**
   * `missing`: applied, but its folder is gone. `rolled back`: pending, and it was applied once. `gone`: neither applied nor in
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
  /** Unordered: it is applied, and these parents are not. Never empty. */
  unappliedParents?: readonly string[];
  halfDone?: HalfDone;
  /** Its up.sql was edited since it was applied; line endings don't count. */
  isChanged?: true;
  /** It was recorded as applied, or as not applied, without running. */
  isStamped?: true;
  /** It has no folder, because this applied migration stands for it: it was squashed. */
  replacedBy?: string;
}

/** What a database says about its migrations. */
export interface Standing {
  /** By id, in the order in which they were recorded. */
  applied: ReadonlyMap<string, AppliedMigration>;
  /** By id. */
  halfDone: ReadonlyMap<string, HalfDone>;
  /** By id. */
  lastSuccesses: ReadonlyMap<string, LastSuccess>;
}

/** Reads what all migrations' states are made of. */
export async function readStanding(session: Session, ledger: Ledger): Promise<Standing> {
  const applied = new Map((await readApplied(session, ledger)).map((row) => [row.id, row]));
  if (!ledger.hasLog) return { applied, halfDone: new Map(), lastSuccesses: new Map() };
  const [halfDone, lastSuccesses] = await Promise.all([
    readHalfDone(session, logTableOf(ledger)),
    readLastSuccesses(session, logTableOf(ledger)),
  ]);
  return { applied, halfDone, lastSuccesses };
}

/**
 * Where a migration stands. Reads its up.sql when the log says what was applied.
 * @param graph may hold migrations whose folders are gone, marked as such, or leave them out.
 * @throws KatError FILES_INVALID when up.sql can't be read.
 */
export function statusOf(graph: Graph, id: string, standing: Standing): MigrationStatus {
  const migration = graph.has(id) ? graph.get(id) : undefined;
  const row = standing.applied.get(id);
  const status =
    !migration || migration.isMissing
      ? statusWithoutFolder(
          { id, parents: migration?.parents ?? [] },
          row,
          findReplacement(graph, id, standing),
        )
      : row
        ? statusOfApplied(graph, migration, { row, standing })
        : statusOfPending(graph, migration, standing);
  return withHalfDone(status, standing.halfDone.get(id));
}

/** Whether somebody has to decide what becomes of it: it is missing, changed, unordered or half done. */
export function isWrong({
  state,
  isChanged,
  unappliedParents,
  halfDone,
}: Pick<MigrationStatus, 'state' | 'isChanged' | 'unappliedParents' | 'halfDone'>): boolean {
  return (
    state === 'missing' || isChanged === true || unappliedParents !== undefined || halfDone !== undefined
  );
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

function findReplacement(graph: Graph, id: string, { applied }: Standing): string | undefined {
  return graph.migrations.find((other) => applied.has(other.id) && other.replaces?.includes(id))?.id;
}

function statusOfApplied(
  graph: Graph,
  migration: Migration,
  { row, standing }: { row: AppliedMigration; standing: Standing },
): MigrationStatus {
  const unappliedParents = whyPending(graph, standing.applied, migration.id);
  const found = standing.lastSuccesses.get(migration.id);
  const last = found?.direction === 'up' ? found : undefined;
  return {
    ...describe(migration),
    state: 'applied',
    appliedAt: row.appliedAt,
    durationMs: row.durationMs,
    ...(unappliedParents.length > 0 ? { unappliedParents } : {}),
    ...(isEdited(migration, last) ? { isChanged: true } : {}),
    ...stamped(last),
  };
}

function statusOfPending(graph: Graph, migration: Migration, standing: Standing): MigrationStatus {
  const waitsFor = whyPending(graph, standing.applied, migration.id);
  const found = standing.lastSuccesses.get(migration.id);
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
}: Migration): Pick<MigrationStatus, 'id' | 'description' | 'parents'> {
  return { id, parents, ...(description === undefined ? {} : { description }) };
}

/** What is applied can only be half way down, everything else only half way up. */
function withHalfDone(status: MigrationStatus, halfDone: HalfDone | undefined): MigrationStatus {
  const isOnItsWay = halfDone && (halfDone.direction === 'down') === (status.appliedAt !== undefined);
  return isOnItsWay ? { ...status, halfDone } : status;
}
