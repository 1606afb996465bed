/** Reads the SQL of a history, and decides which steps of a plan may run at the same time. */

import { setImmediate as nextTurn } from 'node:timers/promises';
import type { SourceLocation } from '../../errors.js';
import type { Graph } from '../../graph/graph.js';
import type { Step } from '../../graph/plan.js';
import type { Apart, Verdicts } from '../../sql/concurrency/compare-footprints.js';
import type { Footprint, PlacedWords } from '../../sql/concurrency/footprint.js';
import type { SourcePosition } from '../../sql/syntax/object-id.js';
import { ancestorSets, has } from '../deps/number-set.js';
import { type ReadMigration, readSql } from '../deps/read-sql.js';

/** The verdicts about the steps of a plan, by their numbers in it. */
export interface StepVerdicts extends Verdicts {
  mayRunTogether(one: number, other: number): boolean;
  locate(step: number, place: SourcePosition): SourceLocation;
}

/**
 * @param graph the folder: also applied migrations are read, as they tell which tables there are.
 * @param steps all of direction `up`.
 * @param serverVersion major version of the server, or of an older one.
 * @throws KatError FILES_INVALID when a file cannot be read.
 */
export async function readVerdicts(
  graph: Graph,
  steps: readonly Pick<Step, 'id'>[],
  serverVersion: number,
): Promise<StepVerdicts> {
  const history = await readSql(graph);
  const numbers = new Map(graph.migrations.map(({ id }, number) => [id, number]));
  const inGraph = steps.map(({ id }) => numbers.get(id) as number);
  const [footprints, conflicts] = [
    await readFootprints(history, new Set(inGraph), serverVersion),
    await readConflicts(graph, history, new Set(inGraph)),
  ];
  const { judgeFootprints } = await import('../../sql/concurrency/compare-footprints.js');
  return byStep(judgeFootprints(footprints, conflicts), { history, inGraph });
}

const migrationsATurn = 32;

async function readFootprints(
  history: readonly ReadMigration[],
  asked: ReadonlySet<number>,
  serverVersion: number,
): Promise<(Footprint | undefined)[]> {
  const [{ createFootprintReader }, { loadParser }] = await Promise.all([
    import('../../sql/concurrency/read-footprints.js'),
    import('../../sql/syntax/parse.js'),
  ]);
  const reader = createFootprintReader(await loadParser(), serverVersion);
  const footprints: (Footprint | undefined)[] = [];
  for (const [number, migration] of history.entries()) {
    if (number % migrationsATurn === migrationsATurn - 1) await nextTurn();
    const footprint = reader.read(migration);
    footprints.push(asked.has(number) ? footprint : undefined);
  }
  return footprints;
}

async function readConflicts(graph: Graph, history: readonly ReadMigration[], asked: ReadonlySet<number>) {
  const { findConflicts } = await import('../../sql/conflicts/find-conflicts.js');
  const numbers = new Map(graph.migrations.map(({ id }, number) => [id, number]));
  const sets = ancestorSets(
    graph.migrations.map(({ parents }) => parents.map((id) => numbers.get(id) as number)),
  );
  return findConflicts(history, {
    isAncestor: (one, other) => has(sets[other] as (typeof sets)[number], one),
    isAsked: (one, other) => asked.has(one) && asked.has(other),
  });
}

function byStep(
  { whyAlone, whyApart, isLong }: Verdicts,
  { history, inGraph }: { history: readonly ReadMigration[]; inGraph: readonly number[] },
): StepVerdicts {
  const numberOf = (step: number) => inGraph[step] as number;
  const alone = inGraph.map((number) => whyAlone(number));
  const verdicts = {
    whyAlone: (step: number): PlacedWords | undefined => alone[step],
    whyApart: (one: number, other: number): Apart | undefined => whyApart(numberOf(one), numberOf(other)),
    isLong: (step: number) => isLong(numberOf(step)),
    locate: (step: number, place: SourcePosition) => (history[numberOf(step)] as ReadMigration).locate(place),
  };
  const isAlone = (step: number) => alone[step] !== undefined;
  return {
    ...verdicts,
    mayRunTogether: (one, other) => !isAlone(one) && !isAlone(other) && !verdicts.whyApart(one, other),
  };
}
