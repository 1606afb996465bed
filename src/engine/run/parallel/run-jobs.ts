/** Runs the steps of `up` in several sessions at the same time, as far as their SQL and the graph allow it. */

import type { Graph } from '../../../graph/graph.js';
import type { Step } from '../../../graph/plan.js';
import { createReadyQueue } from '../../../graph/ready-queue.js';
import { simulateRun } from '../../../graph/schedule.js';
import { readDurations } from '../../schedule/read-durations.js';
import { readVerdicts, type StepVerdicts } from '../../schedule/read-verdicts.js';
import { stepOrder } from '../../schedule/step-order.js';
import { closeLockedSession, type LockedSession } from '../../session/locked-session.js';
import type { RunContext } from '../run-context.js';
import type { OnFailure } from '../run-result.js';
import { runSteps } from '../run-steps.js';
import { openSessions } from './open-sessions.js';
import { runMembers } from './run-members.js';

interface PlannedSteps {
  graph: Graph;
  /** All of direction `up`. */
  steps: readonly Step[];
}

/**
 * With one session, whatever the reason, the steps go in the order of the plan, unless failures are to be passed over.
 * @throws MigrationError with the steps that were not finished; KatError as `runSteps` throws it.
 */
export async function runJobs(
  context: RunContext,
  planned: PlannedSteps,
  { jobs, onFailure }: { jobs: number; onFailure: OnFailure },
): Promise<void> {
  const asked = countSessions(context, jobs);
  const { graph, steps } = planned;
  const verdicts = asked > 1 ? await readVerdicts(graph, steps, serverVersion(context)) : undefined;
  const { session, ledger } = context.lockedSession;
  const ids = steps.map(({ id }) => id);
  const order = stepOrder(graph, steps, await readDurations(session, ledger, ids));
  const useful = verdicts ? simulateRun(order, { sessions: asked, ...verdicts }).lanes.length : 1;
  if (useful === 1 && onFailure !== 'continue') return runSteps(context, steps);
  const further = useful > 1 ? await openSessions(context, useful) : [];
  try {
    const work = { steps, order, queue: createReadyQueue(order), verdicts: verdictsFor(further, verdicts) };
    await runMembers(context, further, { ...work, onFailure });
  } finally {
    await Promise.all(further.map(closeLockedSession));
  }
}

function verdictsFor(further: readonly LockedSession[], verdicts: StepVerdicts | undefined) {
  return further.length > 0 ? verdicts : undefined;
}

function serverVersion({ lockedSession }: RunContext): number {
  return Math.floor(lockedSession.session.server.versionNumber / 10_000);
}

/** Says so where only one session can be used. */
function countSessions({ setting, lockedSession, isSingleTransaction }: RunContext, jobs: number): number {
  if (jobs === 1) return 1;
  const why = isSingleTransaction
    ? 'the migrations share one transaction'
    : lockedSession.lock.session
      ? undefined
      : 'no second connection to this database is available';
  if (why === undefined) return jobs;
  setting.onEvent({ type: 'warning', message: `the run uses one session instead of ${jobs}: ${why}` });
  return 1;
}
