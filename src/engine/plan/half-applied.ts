/** Refuses to take back an ancestor of a migration that is half applied. */

import { KatError } from '../../errors.js';
import { type Graph, reachable } from '../../graph/graph.js';
import { describeStop, readAppliedSince, readHalfDone, readParentsAtStart } from '../ledger/journal.js';
import { logTableOf } from '../ledger/ledger.js';
import { readRememberedFacts } from '../ledger/logged-migrations.js';
import type { DatabaseState, Stop } from './plan-run.js';

type State = Pick<DatabaseState, 'session' | 'ledger' | 'applied' | 'halfDone'>;

/** What is to count as not applied, and how. */
export interface TakenBack {
  /** With applied migrations that have no folder. */
  graph: Graph;
  ids: readonly string[];
  /** Half-done migrations that are recorded as finished or as not begun at the same time. */
  settled?: ReadonlySet<string>;
  /** Of an ancestor, in words. */
  refusal: string;
  /** What became of the command, in a sentence. */
  outcome: string;
}

/** What commands say that only record. */
export const notRecordable = {
  refusal: 'cannot be recorded as not applied',
  outcome: 'Nothing was recorded.',
};

/**
 * The rollback may drop what the first statements of the half-done migration made, and `kat up` would not run these again. The
 * half-done migration may belong to another branch, or its parents may have been edited: an ancestor is what the folder or the log
 * has as one.
 * @throws KatError MIGRATION_HALF_DONE
 */
export async function refuseBelowHalfApplied(state: State, takenBack: TakenBack): Promise<void> {
  const { session, ledger } = state;
  const { graph, ids, settled, refusal, outcome } = takenBack;
  if (!ledger.hasLog || ids.length === 0) return;
  const stops = state.halfDone ?? (await readHalfDone(session, logTableOf(ledger)));
  const stopped = [...stops].filter(
    ([id, { direction, finished }]) => direction === 'up' && finished > 0 && !settled?.has(id),
  );
  if (stopped.length === 0) return;
  const findAncestor = await createSearch(state, takenBack, stopped);
  const found = await Promise.all(stopped.map(([id, stop]) => findAncestor(id, stop)));
  const problems = found.flatMap((problem) => problem ?? []);
  const [first] = problems;
  if (!first) return;
  throw new KatError('MIGRATION_HALF_DONE', `an ancestor of a half-done migration ${refusal}`, {
    problems,
    help: `${adviseOnFinishing(graph, first.migration)} Or undo its statements by hand and run \`kat repair --undone ${first.migration}\`. ${outcome}`,
  });
}

function isInFolder(graph: Graph, id: string): boolean {
  return graph.has(id) && !graph.get(id).isMissing;
}

function adviseOnFinishing(graph: Graph, id: string): string {
  const finish = `\`kat up --to ${id}\``;
  return isInFolder(graph, id)
    ? `Run ${finish} to finish it.`
    : `Its folder is missing: check out the branch that has ${id}, and run ${finish} there to finish it.`;
}

/** @returns what finds the problem of one half-done migration. */
async function createSearch(
  state: State,
  { graph, ids }: TakenBack,
  stopped: readonly (readonly [string, Stop])[],
): Promise<(id: string, stop: Stop) => Promise<{ message: string; migration: string } | undefined>> {
  const { session, ledger, applied } = state;
  const log = logTableOf(ledger);
  const begun = stopped.map(([id]) => id);
  const atStart = await readParentsAtStart(session, log, begun);
  const remembered = await readRememberedFacts(session, ledger, applied);
  const squashedInto = readSquashed(graph);
  const parentsOf = (id: string) => [
    ...(graph.has(id) ? graph.get(id).parents : []),
    ...(atStart.get(id) ?? remembered.get(id)?.parents ?? []),
    ...(squashedInto.get(id) ?? []),
  ];
  return async (id, stop) => {
    const stoppedAt = `${id} ${describeStop(stop)}`;
    if (atStart.has(id) || isInFolder(graph, id)) {
      const ancestors = reachable(id, parentsOf);
      const ancestor = ids.find((one) => ancestors.has(one));
      return ancestor === undefined
        ? undefined
        : { message: `${stoppedAt}, and ${ancestor} is its ancestor`, migration: id };
    }
    const since = await readAppliedSince(session, log, id);
    const earlier = ids.find((one) => !since.has(one));
    const unknown = `, and ${earlier} may be its ancestor: neither the folder nor the log has its parents`;
    return earlier === undefined ? undefined : { message: stoppedAt + unknown, migration: id };
  };
}

/** The squashed migrations that have the SQL of a former one, by its id. */
function readSquashed({ migrations }: Graph): Map<string, string[]> {
  return new Map(
    migrations.flatMap(({ id, replaces = [] }) => replaces.map((former) => [former, [id]] as const)),
  );
}
