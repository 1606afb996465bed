/** Finds out what a move comes to: where the database stands, which steps are left, and which SQL each of them runs. */

import type { Session } from '../drivers/driver.js';
import { KatError } from '../errors.js';
import type { Graph } from '../graph/graph.js';
import { addMissing } from '../graph/missing.js';
import { type Move, planMove } from '../graph/move.js';
import type { Plan } from '../graph/plan.js';
import { findSqlFile } from '../project/load.js';
import { isEdited } from './edited.js';
import type { EventListener } from './events.js';
import type { Ledger } from './ledger.js';
import { type Remembered, readRemembered } from './remembered.js';

/** What the database says while a plan is made. */
export interface Standing {
  session: Session;
  ledger: Ledger;
  /** Ids, oldest first. */
  applied: readonly string[];
}

export interface PlannedMove {
  /** With applied migrations that have no folder, where the move may meet them. */
  graph: Graph;
  plan: Plan;
  /** The SQL that goes back by the migration's id, where the log's is meant and not that of the folder. */
  storedDowns: ReadonlyMap<string, string>;
}

/**
 * @param folder the migrations folder.
 * @throws KatError USAGE for a reference that means nothing; MIGRATIONS_MISSING when a step has no folder, and the log does not
 *   have its SQL either.
 */
export async function planRun(folder: Graph, standing: Standing, move: Move): Promise<PlannedMove> {
  const { session, ledger, applied } = standing;
  const graph = move.kind === 'up' ? folder : await withMissing(folder, standing);
  const edited = move.kind !== 'up' && 'modified' in move && move.modified;
  const changed = edited ? await findChanged(folder, standing) : [];
  const plan = planMove({ graph, applied, changed }, move);
  const downs = plan.steps.filter(({ direction }) => direction === 'down').map(({ id }) => id);
  const storedDowns = findStoredDowns(graph, downs, await readRemembered(session, ledger, downs));
  return { graph, plan, storedDowns };
}

async function withMissing(folder: Graph, { session, ledger, applied }: Standing): Promise<Graph> {
  const missing = applied.filter((id) => !folder.has(id));
  const remembered = await readRemembered(session, ledger, missing);
  const unknown = (id: string) => ({ id, parents: [], noTransaction: false });
  return addMissing(
    folder,
    missing.map((id) => remembered.get(id) ?? unknown(id)),
  );
}

/** Ids of what was edited since it was applied, oldest first. */
async function findChanged(folder: Graph, { session, ledger, applied }: Standing): Promise<string[]> {
  const remembered = await readRemembered(session, ledger, applied);
  return applied.filter((id) => folder.has(id) && isEdited(folder.get(id), remembered.get(id)?.checksum));
}

/** What was edited goes back as it went up: its new down.sql undoes what its new up.sql would do. */
function findStoredDowns(
  graph: Graph,
  ids: readonly string[],
  remembered: ReadonlyMap<string, Remembered>,
): Map<string, string> {
  const stored = new Map<string, string>();
  const lost: string[] = [];
  for (const id of ids) {
    const migration = graph.get(id);
    const { checksum, downSql } = remembered.get(id) ?? {};
    const isStored = migration.isMissing || isEdited(migration, checksum);
    if (isStored && downSql !== undefined) stored.set(id, downSql);
    else if (migration.isMissing) lost.push(id);
  }
  if (lost.length > 0) throw missingError(lost, 'take back fewer migrations');
  return stored;
}

/** Tells which edited migrations go back by SQL that their folder does not have any more. */
export function tellStoredDowns({ graph, storedDowns }: PlannedMove, onEvent: EventListener): void {
  for (const [id, sql] of storedDowns) {
    const migration = graph.get(id);
    if (migration.isMissing || findSqlFile(migration.files.down) === sql) continue;
    onEvent({
      type: 'warning',
      message: `${id} was edited since it was applied, so it goes back by the down.sql that it had then`,
    });
  }
}

/** @throws KatError MIGRATIONS_MISSING when one of `ids` has no folder. */
export function refuseMissing(folder: Graph, ids: readonly string[]): void {
  const missing = ids.filter((id) => !folder.has(id));
  if (missing.length > 0) throw missingError(missing, 'run `kat up --allow-missing`');
}

function missingError(missing: readonly string[], otherwise: string): KatError {
  return new KatError(
    'MIGRATIONS_MISSING',
    `${missing.length} applied migration(s) are not in the migrations folder`,
    {
      problems: missing.map((id) => ({ message: `${id} is applied, but it has no folder`, migration: id })),
      help: `Check out the branch that has them, or ${otherwise} if you know that nothing here depends on them.`,
    },
  );
}
