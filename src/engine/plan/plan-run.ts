/** Computes a run from the database state: the remaining steps, and the SQL of each step. */

import type { Session } from '../../connections/driver.js';
import { KatError } from '../../errors.js';
import type { Graph } from '../../graph/graph.js';
import type { Direction } from '../../graph/migration.js';
import { addMissing } from '../../graph/missing.js';
import { adviseOnMissing, losesRows, missingProblems, summarizeMissing } from '../../graph/missing-advice.js';
import type { MissingCause } from '../../graph/missing-cause.js';
import { type Move, planMove } from '../../graph/move.js';
import type { Plan } from '../../graph/plan.js';
import { findHalfReplaced, type HalfReplaced, withoutReplaced } from '../../graph/replaced.js';
import type { Literals } from '../../sql/syntax/backslashes.js';
import { findUpEdit, type UpEdit } from '../ledger/edited.js';
import { readHalfDone } from '../ledger/journal.js';
import { type Ledger, logTableOf, readAppliedIds } from '../ledger/ledger.js';
import { type RememberedFacts, readRememberedFacts } from '../ledger/logged-migrations.js';
import { refuseContained, refuseToRepeatJoined } from './contained.js';
import { readMissingCause } from './read-missing.js';
import { findStoredDowns, type StoredDowns } from './stored-downs.js';

/** The database state while a plan is made. */
export interface DatabaseState {
  session: Session;
  ledger: Ledger;
  /** Ids, oldest first. */
  applied: readonly string[];
  /** The log's data about these, by id, if it was read. */
  logged?: ReadonlyMap<string, RememberedFacts>;
  /** Which migrations stopped between their statements, by id, if that was read. */
  halfDone?: ReadonlyMap<string, Stop>;
}

/** Where a migration stopped. */
export interface Stop {
  direction: Direction;
  /** How many of its statements are done. */
  finished: number;
}

/** What a plan is made from. @param ledger as it was found. */
export async function readState(session: Session, ledger: Ledger): Promise<DatabaseState> {
  const [applied, halfDone] = await Promise.all([
    readAppliedIds(session, ledger),
    ledger.hasLog ? readHalfDone(session, logTableOf(ledger)) : new Map(),
  ]);
  return { session, ledger, applied, halfDone };
}

export interface PlannedMove extends StoredDowns {
  /** With applied migrations that have no folder, where the move may meet them. */
  graph: Graph;
  plan: Plan;
  /** How the server reads plain string literals. */
  literals: Literals;
  /** Whether the SQL is SQLite's and not PostgreSQL's. */
  isSqlite: boolean;
}

/**
 * @param folder the migrations folder.
 * @throws KatError USAGE for a reference that means nothing; MIGRATIONS_MISSING when a step has no folder, and the log does not
 *   have its SQL either; MIGRATIONS_CHANGED as `refuseContained` and `refuseToRepeatJoined` do.
 */
export async function planRun(folder: Graph, before: DatabaseState, move: Move): Promise<PlannedMove> {
  const state = { ...before, applied: withoutReplaced(folder, before.applied) };
  const { session, ledger, applied } = state;
  const graph = move.kind === 'up' ? folder : await withMissing(folder, state);
  const followsEdits = 'modified' in move && move.modified;
  const changed = followsEdits ? await findChanged(folder, state) : [];
  const missing = await readMissingCause(folder, state);
  const planned = planMove({ folder, graph, applied, changed, missing }, move);
  refuseHalfReplaced(folder, planned, applied);
  await refuseContained(folder, state, planned);
  await refuseToRepeatJoined(folder, state, planned);
  const stored = await findStoredDowns({ session, ledger, graph }, planned);
  const isForward = move.kind === 'sync' || move.kind === 'up';
  const stranded = isForward ? await findStranded(folder, state) : [];
  const reading = { literals: session.literals, isSqlite: session.sqlite !== undefined };
  return { graph, ...reading, ...stored, remarks: [...stored.remarks, ...stranded] };
}

/** Finds half-done migrations without a folder: they are not applied, and this folder cannot finish them. */
async function findStranded(
  folder: Graph,
  { session, ledger, halfDone: known }: DatabaseState,
): Promise<string[]> {
  if (!ledger.hasLog) return [];
  const halfDone = known ?? (await readHalfDone(session, logTableOf(ledger)));
  return [...halfDone]
    .filter(([id, { direction }]) => direction === 'up' && !folder.has(id))
    .map(
      ([id, { finished }]) =>
        `${id} failed after statement ${finished} and its folder is missing, so its changes stay in the database`,
    );
}

/**
 * The folder's graph with what is applied and has no folder, as far as the log knows it. Folders that followed one of these
 * when they were applied still do.
 */
export async function withMissing(
  folder: Graph,
  { session, ledger, applied }: DatabaseState,
): Promise<Graph> {
  const missing = applied.filter((id) => !folder.has(id));
  if (missing.length === 0) return folder;
  const remembered = await readRememberedFacts(session, ledger, applied);
  const unknown = (id: string) => ({ id, parents: [], noTransaction: false });
  return addMissing(
    folder,
    missing.map((id) => remembered.get(id) ?? unknown(id)),
    remembered.values(),
  );
}

/** A squashed migration makes everything anew, so nothing of what it replaces may be there when its turn comes. */
function refuseHalfReplaced(folder: Graph, { steps }: Plan, applied: readonly string[]): void {
  const ups = new Set(steps.filter(({ direction }) => direction === 'up').map(({ id }) => id));
  const downs = new Set(steps.filter(({ direction }) => direction === 'down').map(({ id }) => id));
  const left = new Set(applied.filter((id) => !downs.has(id)));
  const half = findHalfReplaced(folder, left).find(({ id }) => ups.has(id));
  if (half) throw halfReplaced(half);
}

function halfReplaced({ id, applied, unapplied }: HalfReplaced): KatError {
  return new KatError(
    'MIGRATIONS_MISSING',
    `${id} was squashed, and this database has only ${applied.length} of the ${applied.length + unapplied.length} migrations it replaces`,
    {
      problems: unapplied.map((one) => ({ message: `${one} is not applied`, migration: one })),
      help: `Check out a commit from before the squash, run \`kat up --to ${id}\` there, and return to this commit. \`kat sync\` rolls back the migrations applied here, ${losesRows}.`,
    },
  );
}

/** Applied migrations whose up.sql was edited later, by id, oldest first. */
export async function findEdits(folder: Graph, state: DatabaseState): Promise<Map<string, UpEdit>> {
  const { session, ledger, applied, logged } = state;
  const remembered = logged ?? (await readRememberedFacts(session, ledger, applied));
  const edits = applied.map((id) =>
    folder.has(id) ? findUpEdit(folder.get(id), remembered.get(id)) : undefined,
  );
  return new Map(applied.flatMap((id, index) => (edits[index] ? [[id, edits[index]] as const] : [])));
}

/** To run one again whose comments were edited would lose rows for nothing. */
export async function findChanged(folder: Graph, state: DatabaseState): Promise<string[]> {
  const edits = await findEdits(folder, state);
  return [...edits].flatMap(([id, edit]) => (edit === 'sql' ? [id] : []));
}

/** @throws KatError MIGRATIONS_MISSING when an applied migration has no folder. */
export async function refuseMissing(folder: Graph, state: DatabaseState): Promise<void> {
  const cause = await readMissingCause(folder, state);
  if (!cause) return;
  const [half] = findHalfReplaced(folder, new Set(state.applied));
  throw half ? halfReplaced(half) : withoutFolder(cause);
}

function withoutFolder(cause: MissingCause): KatError {
  return new KatError('MIGRATIONS_MISSING', summarizeMissing(cause), {
    problems: missingProblems(cause),
    help: adviseOnMissing(cause),
  });
}
