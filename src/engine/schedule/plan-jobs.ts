/** Plans `up` with several sessions: the predicted lanes, and what keeps steps apart. */

import type { Graph } from '../../graph/graph.js';
import { ancestorSets, has } from '../../graph/number-set.js';
import type { Step } from '../../graph/plan.js';
import { criticalPath, simulateRun } from '../../graph/schedule.js';
import type { PlacedWords } from '../../sql/concurrency/footprint.js';
import { describePlan, type PlanSetting, withCheckedMove } from '../plan/make-plan.js';
import type { MovePlan, PlanRequest } from '../plan/move-plan.js';
import type { PlacedDeed, PlanSchedule, StepApart } from '../plan/plan-schedule.js';
import { type Durations, readDurations } from './read-durations.js';
import { type PlacedVerdicts, readVerdicts } from './read-verdicts.js';
import { stepOrder } from './step-order.js';

/** The oldest major version that Kat knows. */
const oldestServer = 12;

/** @throws KatError as `withCheckedMove` does. */
export async function planWithJobs(
  setting: PlanSetting,
  request: PlanRequest,
  jobs: number,
): Promise<MovePlan & { schedule: PlanSchedule }> {
  return withCheckedMove(setting, request, async (checkedMove) => {
    const { planned, session, ledger } = checkedMove;
    const ids = planned.plan.steps.map(({ id }) => id);
    const schedule = await predictSchedule(planned.graph, planned.plan.steps, {
      jobs,
      durations: session ? await readDurations(session, ledger, ids) : new Map(),
      serverVersion: session ? Math.floor(session.server.versionNumber / 10_000) : oldestServer,
    });
    return { ...describePlan(checkedMove), schedule };
  });
}

/** Counting further would take long, and a server takes a hundred sessions by default. */
const mostSessions = 64;

async function predictSchedule(
  graph: Graph,
  steps: readonly Step[],
  { jobs, durations, serverVersion }: { jobs: number; durations: Durations; serverVersion: number },
): Promise<PlanSchedule> {
  const { verdicts, locate } = await readVerdicts(graph, steps, serverVersion);
  const order = stepOrder(graph, steps, durations);
  const { mayRunTogether } = verdicts;
  const idOf = (step: number) => (steps[step] as Step).id;
  const apartness = { verdicts, locate, idOf, areRelated: relatives(order.parents), count: steps.length };
  const { lanes } = simulateRun(order, { sessions: jobs, mayRunTogether });
  return {
    jobs,
    width: simulateRun(order, { sessions: mostSessions, mayRunTogether }).lanes.length,
    lanes: lanes.map((lane) => lane.map(({ step }) => idOf(step))),
    criticalPath: criticalPath(order).map(idOf),
    apart: steps.flatMap((_, step) => describeApart(step, apartness)),
  };
}

interface Apartness extends PlacedVerdicts {
  idOf(step: number): string;
  /** Whether one of two steps descends from the other. */
  areRelated(one: number, other: number): boolean;
  count: number;
}

function relatives(parents: readonly (readonly number[])[]): Apartness['areRelated'] {
  const sets = ancestorSets(parents);
  return (one, other) => has(sets[Math.max(one, other)] as (typeof sets)[number], Math.min(one, other));
}

/** A step that runs alone is no reason for the others: it is listed itself. */
function describeApart(step: number, { verdicts, locate, idOf, areRelated, count }: Apartness): StepApart[] {
  const place = (number: number, { words, place }: PlacedWords): PlacedDeed => ({
    id: idOf(number),
    words,
    location: locate(number, place),
  });
  const alone = verdicts.whyAlone(step);
  if (alone) return [{ reason: 'alone', own: place(step, alone), others: 0 }];
  let first: StepApart | undefined;
  let others = 0;
  for (let other = 0; other < count; other += 1) {
    if (other === step || areRelated(step, other) || verdicts.whyAlone(other)) continue;
    const apart = verdicts.whyApart(step, other);
    if (!apart) continue;
    if (first) others += 1;
    const { reason, one } = apart;
    first ??= { reason, own: place(step, one), other: place(other, apart.other), others };
  }
  return first ? [{ ...first, others }] : [];
}
