/** Lets the sessions of a run take steps from the queue until all are done, or the run stops. */

import { type ErrorCode, KatError, MigrationError } from '../../../errors.js';
import { listIds } from '../../../graph/list-ids.js';
import type { Step } from '../../../graph/plan.js';
import type { QueuedSteps, ReadyQueue } from '../../../graph/ready-queue.js';
import type { RunRules } from '../../schedule/run-rules.js';
import { cancellable } from '../../session/cancel.js';
import type { LockedSession } from '../../session/locked-session.js';
import { openGuard } from '../guard.js';
import { createReporter, type Reporter } from '../reporter.js';
import type { BlockGuard, RunContext } from '../run-context.js';
import type { OnFailure } from '../run-result.js';
import { runSteps } from '../run-steps.js';
import { rollbackMessage } from '../transaction-message.js';
import { chooseSteps } from './choose-steps.js';
import { createChanges, isOut, type Member, mustWait, type Team } from './team.js';
import { throwFailures } from './throw-failures.js';
import { createWorker } from './worker.js';

interface SharedWork {
  steps: readonly Step[];
  order: QueuedSteps;
  queue: ReadyQueue;
  rules: RunRules | undefined;
  onFailure: OnFailure;
}

/** @throws MigrationError, KatError: what failed first, or is worse. */
export async function runMembers(
  context: RunContext,
  further: readonly LockedSession[],
  { order, rules, ...work }: SharedWork,
): Promise<void> {
  const team: Team = {
    ...work,
    ...{ context, members: [], failures: [], changes: createChanges() },
    ...{ isStopping: false, abort: new AbortController(), alone: undefined, survivor: undefined },
  };
  const sessions = [context.lockedSession, ...further];
  for (const lockedSession of sessions) lockedSession.team = sessions;
  addMember(team, context);
  const guards: BlockGuard[] = [];
  try {
    for (const lockedSession of further) {
      const guard = context.guard && (await openGuard(context.setting, lockedSession));
      if (guard) guards.push(guard);
      addMember(team, { lockedSession, guard });
    }
    const ends = await Promise.allSettled(team.members.map((member) => runMember(team, member, rules)));
    const broken = ends.find((end) => end.status === 'rejected');
    if (broken) throw broken.reason;
  } finally {
    await Promise.all(guards.map((guard) => guard.close()));
  }
  throwFailures(team, order);
  refuseUnrun(team);
}

/** @throws KatError STATE_UNKNOWN for steps that nobody ran, although nothing failed. */
function refuseUnrun({ queue, steps }: Team): void {
  const ids = queue.waiting().map((number) => (steps[number] as Step).id);
  if (ids.length === 0) return;
  throw new KatError('STATE_UNKNOWN', `the run ended without these migrations: ${listIds(ids)}`, {
    help: 'Run `kat status` to see what is applied, then run the command again.',
  });
}

function addMember(team: Team, own: Pick<RunContext, 'lockedSession' | 'guard'>): void {
  const { setting } = team.context;
  const signals = [team.abort.signal, ...(setting.signal ? [setting.signal] : [])];
  const { lockedSession, guard } = own;
  const member: Member = {
    context: {
      ...team.context,
      ...{ lockedSession, guard },
      setting: { ...setting, signal: AbortSignal.any(signals) },
    },
    steps: new Set(),
    isWaiting: false,
  };
  member.context.worker = createWorker(team, member);
  member.context.reporter = tellDone(team, member);
  team.members.push(member);
}

/** All members add to the list of the run's own reporter. */
function tellDone(team: Team, member: Member): Reporter {
  const { setting, reporter } = team.context;
  const own = createReporter(setting.onEvent, reporter.finished);
  return {
    ...own,
    succeed: (step, durationMs) => {
      own.succeed(step, durationMs);
      const number = team.steps.indexOf(step);
      member.steps.delete(number);
      team.queue.finish(number);
      team.changes.tell();
    },
  };
}

async function runMember(team: Team, member: Member, rules: RunRules | undefined): Promise<void> {
  while (!team.isStopping && !isOut(team, member) && team.queue.waiting().length > 0) {
    const chosen = mustWait(team, member) ? [] : choose(team, rules);
    if (chosen.length > 0) await runChosen(team, member, chosen);
    else if (team.alone || team.members.some(({ steps }) => steps.size > 0)) await team.changes.next();
    else return;
  }
}

function choose({ queue, members, steps }: Team, rules: RunRules | undefined): number[] {
  return chooseSteps({
    ...{ queue, rules, sessions: members.length },
    taken: members.flatMap((member) => [...member.steps]),
    isTransaction: (step) => steps[step]?.mode === 'transaction',
  });
}

/** What did not begin is given back to the queue. */
async function runChosen(team: Team, member: Member, chosen: readonly number[]): Promise<void> {
  const { context } = member;
  member.steps = new Set(chosen);
  const place = {
    get session() {
      return context.lockedSession.session;
    },
  };
  const steps = chosen.map((number) => team.steps[number] as Step);
  try {
    await cancellable(place, context.setting.signal, () => runSteps(context, steps));
  } catch (error) {
    await fail(team, member, error);
  } finally {
    for (const number of member.steps) team.queue.putBack(number);
    member.steps.clear();
    if (team.alone === member) team.alone = undefined;
    team.changes.tell();
  }
}

const endsRun: ReadonlySet<ErrorCode> = new Set(['CANCELLED', 'PLAN_CHANGED']);

/** What is not known to have failed alone ends the run, whatever is asked for. */
async function fail(team: Team, member: Member, error: unknown): Promise<void> {
  if (!(error instanceof KatError)) {
    team.isStopping = true;
    throw error;
  }
  team.failures.push(error);
  const isOwn = error instanceof MigrationError && endStep(team, member, error.migration);
  const isOne = isOwn && !endsRun.has(error.code);
  if (team.onFailure === 'continue' && isOne && (await resetSession(member))) return;
  team.isStopping = true;
  if (team.onFailure === 'cancel') team.abort.abort();
}

/** @returns whether the member was at work on the step. */
function endStep(team: Team, member: Member, id: string): boolean {
  const number = team.steps.findIndex((step) => step.id === id);
  team.queue.holdBack(number);
  return member.steps.delete(number);
}

/** Undoes what a failed migration has set. @returns whether the session is fit for other migrations. */
async function resetSession({ context: { lockedSession } }: Member): Promise<boolean> {
  const reset = lockedSession.session.execute(rollbackMessage(lockedSession), () => undefined);
  return reset.then(
    () => true,
    () => false,
  );
}
