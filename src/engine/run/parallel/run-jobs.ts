/** Runs the steps of `up` in several sessions at the same time, as far as their SQL and the graph allow it. */

import type { Graph } from '../../../graph/graph.js';
import type { Step } from '../../../graph/plan.js';
import { createReadyQueue } from '../../../graph/ready-queue.js';
import { simulateRun } from '../../../graph/schedule.js';
import type { NameFootprints } from '../../../sql/concurrency/read-name-footprint.js';
import { readDurations } from '../../schedule/read-durations.js';
import { findRules } from '../../schedule/run-rules.js';
import { stepOrder } from '../../schedule/step-order.js';
import { closeLockedSession } from '../../session/locked-session.js';
import type { RunContext } from '../run-context.js';
import type { OnFailure } from '../run-result.js';
import { runSteps } from '../run-steps.js';
import { openSessions } from './open-sessions.js';
import { runMembers } from './run-members.js';

interface PlannedSteps {
  graph: Graph;
  /** All of direction `up`. */
  steps: readonly Step[];
  footprints: NameFootprints | undefined;
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
  const { session, ledger } = context.lockedSession;
  const rules = asked > 1 ? await findRules(session, planned) : undefined;
  const ids = steps.map(({ id }) => id);
  const order = stepOrder(graph, steps, await readDurations(session, ledger, ids));
  const useful = rules ? simulateRun(order, { sessions: asked, ...rules }).lanes.length : 1;
  if (useful === 1 && onFailure !== 'continue') return runSteps(context, steps);
  const further = useful > 1 ? await openSessions(context, useful) : [];
  try {
    const work = {
      steps,
      order,
      queue: createReadyQueue(order),
      rules: further.length > 0 ? rules : undefined,
    };
    await runMembers(context, further, { ...work, onFailure });
  } finally {
    await Promise.all(further.map(closeLockedSession));
  }
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
