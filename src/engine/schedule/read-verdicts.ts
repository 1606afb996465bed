/** Reads the SQL of a history, and decides which steps of a plan may run at the same time. */

import type { SourceLocation } from '../../errors.js';
import type { Graph } from '../../graph/graph.js';
import { ancestorSets, has } from '../../graph/number-set.js';
import type { Step } from '../../graph/plan.js';
import type { Verdicts } from '../../sql/concurrency/compare-footprints.js';
import type { Footprint } from '../../sql/concurrency/footprint.js';
import type { HistoryOfMigration } from '../../sql/concurrency/read-name-footprint.js';
import type { ConflictQuestion } from '../../sql/conflicts/find-conflicts.js';
import type { SourcePosition } from '../../sql/syntax/object-id.js';
import { type ReadMigration, readSql } from '../deps/read-sql.js';

/** The verdicts about the steps of a plan, by their numbers in it. */
export interface StepVerdicts extends Verdicts {
  mayRunTogether(one: number, other: number): boolean;
}

type HistoryListener = (step: number, history: HistoryOfMigration) => void;

/** The verdicts with the places in the files, for which the SQL of the whole history is kept. */
export interface PlacedVerdicts {
  verdicts: StepVerdicts;
  locate(step: number, place: SourcePosition): SourceLocation;
}

/**
 * @param graph the folder: also applied migrations are read, as they tell which tables there are.
 * @param steps all of direction `up`.
 * @param serverVersion major version of the server, or of an older one.
 * @param onRead is shown each step, by its number, with all that its history tells of it.
 * @throws KatError FILES_INVALID when a file cannot be read.
 */
export async function readVerdicts(
  graph: Graph,
  steps: readonly Pick<Step, 'id'>[],
  serverVersion: number,
  onRead: HistoryListener = () => undefined,
): Promise<PlacedVerdicts> {
  const numbers = new Map(graph.migrations.map(({ id }, number) => [id, number]));
  const inGraph = steps.map(({ id }) => numbers.get(id) as number);
  const asked = new Set(inGraph);
  const { history, footprints } = await readFootprints(graph, asked, serverVersion);
  const stepsByNumber = new Map(inGraph.map((number, step) => [number, step]));
  const conflicts = await readConflicts(graph, history, stepsByNumber, (number, accesses) =>
    onRead(stepsByNumber.get(number) as number, {
      text: (history[number] as ReadMigration).text,
      footprint: footprints[number] as Footprint,
      accesses,
    }),
  );
  const { judgeFootprints } = await import('../../sql/concurrency/compare-footprints.js');
  return {
    verdicts: byStep(judgeFootprints(footprints, conflicts), inGraph),
    locate: (step, place) => (history[inGraph[step] as number] as ReadMigration).locate(place),
  };
}

/** Each file is parsed once, and its syntax tree is dropped before the next one is read. */
async function readFootprints(graph: Graph, asked: ReadonlySet<number>, serverVersion: number) {
  const [{ createFootprintReader }, { loadParser }] = await Promise.all([
    import('../../sql/concurrency/read-footprints.js'),
    import('../../sql/syntax/parse.js'),
  ]);
  const reader = createFootprintReader(await loadParser(), serverVersion);
  const footprints: (Footprint | undefined)[] = [];
  const history = await readSql(graph, new Map(), (migration, statements) => {
    const footprint = reader.read(migration, statements);
    footprints.push(asked.has(footprints.length) ? footprint : undefined);
  });
  return { history, footprints };
}

async function readConflicts(
  graph: Graph,
  history: readonly ReadMigration[],
  asked: ReadonlyMap<number, number>,
  onRead: NonNullable<ConflictQuestion['onRead']>,
) {
  const { findConflicts } = await import('../../sql/conflicts/find-conflicts.js');
  const numbers = new Map(graph.migrations.map(({ id }, number) => [id, number]));
  const sets = ancestorSets(
    graph.migrations.map(({ parents }) => parents.map((id) => numbers.get(id) as number)),
  );
  return findConflicts(history, {
    isAncestor: (one, other) => has(sets[other] as (typeof sets)[number], one),
    isInvolved: (number) => asked.has(number),
    onRead,
    isAsked: (one, other) => asked.has(one) && asked.has(other),
  });
}

/** Keeps nothing of the history, as a run needs the verdicts until its end. */
function byStep({ whyAlone, whyApart, isLong }: Verdicts, inGraph: readonly number[]): StepVerdicts {
  const numberOf = (step: number) => inGraph[step] as number;
  const alone = inGraph.map((number) => whyAlone(number));
  const isAlone = (step: number) => alone[step] !== undefined;
  return {
    whyAlone: (step) => alone[step],
    whyApart: (one, other) => whyApart(numberOf(one), numberOf(other)),
    isLong: (step) => isLong(numberOf(step)),
    mayRunTogether: (one, other) =>
      !isAlone(one) && !isAlone(other) && !whyApart(numberOf(one), numberOf(other)),
  };
}
