/** Finds work of this run that the server has lost since it answered: migrations, and statements of the one under way. */

import type { FinishedStep } from '../../errors.js';
import { listIds } from '../../graph/list-ids.js';
import type { Step } from '../../graph/plan.js';
import { readAppliedIds } from '../ledger/ledger.js';
import { readSettled } from '../ledger/log.js';
import { failStep } from './failure.js';
import { findDone, unknownOutcome } from './find-done.js';
import type { RunContext } from './run-context.js';
import { modeOf, readOwnJournal, type StatementRun } from './statement-run.js';

/**
 * A server that crashes loses commits that it has not written to disk, and a standby that takes over may not have received all: in both
 * cases the last ones.
 * @param lost the error of the connection.
 * @param unflushed reported steps that a crash may have taken back, in order.
 * @throws MigrationError for the first that is lost; KatError STATE_UNKNOWN when the database does not say.
 */
export async function refuseTakenBack(
  context: RunContext,
  lost: unknown,
  unflushed: readonly Step[] = [],
): Promise<void> {
  const [reported] = context.reporter.finished;
  if (!reported) return;
  const takenBack = await findTakenBack(context, unflushed).catch((reason: unknown) => {
    throw unknownOutcome(reported, lost, reason);
  });
  const [first] = takenBack;
  if (!first) return;
  context.reporter.takeBack(takenBack);
  const cause = unflushed.some((step) => isSame(step, first))
    ? 'the server crashed before it had written these migrations to disk, so they are'
    : 'the server has lost what this run had committed, so these migrations are';
  const state = first.direction === 'up' ? 'not applied' : 'still applied';
  const ids = listIds(takenBack.map(({ id }) => id));
  context.setting.onEvent({ type: 'warning', message: `${cause} ${state}: ${ids}` });
  const step = await context.prepare({ id: first.id, direction: first.direction, mode: 'transaction' });
  throw await failStep(context, { step, cause: lost });
}

/**
 * How many statements the journal has as finished, after a connection was lost.
 * @param known the number of the last statement that the server has answered.
 * @throws MigrationError when the server has lost some of these.
 */
export async function readFinished(work: StatementRun, known: number, lost: unknown): Promise<number> {
  const { context, step, statements } = work;
  const { finished } = await readOwnJournal(work);
  const missing = statements.findIndex(
    (statement, index) => index >= finished && index < known && modeOf(work, statement) !== 'setting',
  );
  if (missing < 0) return finished;
  const message = `the server has lost finished statements of ${step.step.id}: the next run starts at statement ${finished + 1}`;
  context.setting.onEvent({ type: 'warning', message });
  throw await failStep(context, { step, cause: lost, statement: finished + 1 });
}

/** In the order in which they were reported. */
async function findTakenBack(
  { lockedSession, reporter }: RunContext,
  unflushed: readonly Step[],
): Promise<FinishedStep[]> {
  const { session, ledger } = lockedSession;
  const { done } = await findDone(lockedSession, unflushed);
  const crashed = unflushed.slice(done.length);
  const applied = new Set(await readAppliedIds(session, ledger));
  const latest = [...new Map(reporter.finished.map((step) => [step.id, step])).values()];
  const undone = latest.filter(({ id, direction }) => applied.has(id) !== (direction === 'up'));
  if (undone.length === 0 && crashed.length === 0) return [];
  const settled = await readSettled(
    session,
    ledger,
    undone.map(({ id }) => id),
  );
  // Another run that had undone a step would have left the step's own entry in the log.
  const isLost = crashed.length > 0 || undone.some(({ id, direction }) => !settled.has(`${direction} ${id}`));
  if (!isLost) return [];
  const lost = [...undone, ...crashed];
  return reporter.finished.filter((step) => lost.some((one) => isSame(one, step)));
}

function isSame(step: Pick<Step, 'id' | 'direction'>, other: Pick<Step, 'id' | 'direction'>): boolean {
  return step.id === other.id && step.direction === other.direction;
}
