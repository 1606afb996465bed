/** Decides for a run which of its steps may meet: by their own texts where these show all, else by the whole history. */

import type { Session } from '../../connections/driver.js';
import type { Graph } from '../../graph/graph.js';
import type { Step } from '../../graph/plan.js';
import { areIndependent, type NameFootprint } from '../../sql/concurrency/name-footprint.js';
import { readVerdicts, type StepVerdicts } from './read-verdicts.js';

/** What a run must know of its steps, by their numbers in the plan. */
export interface RunRules {
  mayRunTogether(one: number, other: number): boolean;
  /** Whether no other step may run at the same time. */
  isAlone(step: number): boolean;
  /** Whether the step may take long. */
  isLong(step: number): boolean;
}

/** The steps of a run, all of direction `up`, and the footprints of some of them by id. */
interface RunSteps {
  graph: Graph;
  steps: readonly Pick<Step, 'id'>[];
  footprints: ReadonlyMap<string, NameFootprint>;
}

/** @throws KatError FILES_INVALID when a file cannot be read. */
export async function findRules(session: Session, { graph, steps, footprints }: RunSteps): Promise<RunRules> {
  const found = steps.flatMap(({ id }) => footprints.get(id) ?? []);
  const areKnown = found.length === steps.length;
  if (areKnown && !(found.some(({ locksExisting }) => locksExisting) && (await hasFamilies(session))))
    return rulesOf(found);
  const serverVersion = Math.floor(session.server.versionNumber / 10_000);
  const { verdicts } = await readVerdicts(graph, steps, serverVersion);
  return rulesOfVerdicts(verdicts);
}

function rulesOfVerdicts({ mayRunTogether, whyAlone, isLong }: StepVerdicts): RunRules {
  return { mayRunTogether, isLong, isAlone: (step) => whyAlone(step) !== undefined };
}

/** A lock on a table with partitions or heirs is one on all of them. */
async function hasFamilies(session: Session): Promise<boolean> {
  const [result] = await session.execute('SELECT EXISTS (SELECT FROM pg_catalog.pg_inherits) AS found');
  return result?.rows[0]?.found !== 'f';
}

function rulesOf(footprints: readonly NameFootprint[]): RunRules {
  const get = (step: number) => footprints[step] as NameFootprint;
  return {
    mayRunTogether: (one, other) => areIndependent(get(one), get(other)),
    isAlone: () => false,
    isLong: (step) => get(step).isLong || get(step).waitsForSnapshots,
  };
}
