/** Proves that no other run worked on the database while this run had lost its lock together with its connection. */

import { MigrationError } from '../../errors.js';
import { listIds } from '../../graph/list-ids.js';
import { quoteLiteral } from '../../quote.js';
import { readAppliedIds, tableOf } from '../ledger/ledger.js';
import { eq } from '../ledger/operators.js';
import { assertion, readUnproven } from '../ledger/proof.js';
import type { PreparedStep } from './read-step.js';
import type { RunContext } from './run-context.js';
import type { StatementRun } from './statement-run.js';

const recordedByOther = 'another run has recorded this migration';

/** A statement that fails if the tracking table shows that the migration is done. */
export function expectUnrecorded({ context: { lockedSession }, step }: StatementRun): string {
  const { id, direction } = step.step;
  const row = `EXISTS (SELECT FROM ${tableOf(lockedSession.ledger)} WHERE name ${eq} ${quoteLiteral(id)})`;
  return assertion(direction === 'up' ? `NOT ${row}` : row, recordedByOther);
}

/** Whether `expectUnrecorded` failed. */
export function isRecordedByOther(error: unknown): boolean {
  return readUnproven(error) === recordedByOther;
}

const afterLoss = 'while this run had lost its connection';

/** Reports the error that ends this run. The log stays as the other run left it. @param when the other run did it. */
export function refuseOtherRun(
  context: RunContext,
  prepared: PreparedStep,
  when: typeof afterLoss | 'during this run' = afterLoss,
): MigrationError {
  const { id, direction } = prepared.step;
  return endRun(context, prepared, { [direction === 'up' ? 'applied' : 'rolledBack']: [id], when });
}

/**
 * Compares the whole tracking table with what this run found and did: the rest of its plan rests on that.
 * @param step whose outcome is known by now, or is not compared.
 * @throws MigrationError PLAN_CHANGED
 */
export async function refuseOthersWork(context: RunContext, prepared: PreparedStep): Promise<void> {
  const { session, ledger } = context.lockedSession;
  const now = new Set(await readAppliedIds(session, ledger));
  const expected = expectedIds(context);
  const underWay = new Set([prepared.step.id, ...(context.worker?.takenByOthers() ?? [])]);
  const isCompared = (id: string) => context.found.isOfGraph(id) && !underWay.has(id);
  const changes = {
    applied: [...now].filter((id) => !expected.has(id) && isCompared(id)),
    rolledBack: [...expected].filter((id) => !now.has(id) && isCompared(id)),
  };
  if (changes.applied.length + changes.rolledBack.length > 0) throw endRun(context, prepared, changes);
}

function expectedIds({ found, reporter }: RunContext): Set<string> {
  const expected = new Set(found.applied);
  for (const { id, direction } of reporter.finished) {
    if (direction === 'up') expected.add(id);
    else expected.delete(id);
  }
  return expected;
}

interface OthersWork {
  applied?: readonly string[];
  rolledBack?: readonly string[];
  when?: string;
}

function endRun(
  { reporter }: RunContext,
  { step }: PreparedStep,
  { applied = [], rolledBack = [], when = afterLoss }: OthersWork,
): MigrationError {
  const done = [
    ...(applied.length > 0 ? [`applied ${listIds(applied)}`] : []),
    ...(rolledBack.length > 0 ? [`rolled back ${listIds(rolledBack)}`] : []),
  ];
  const message = `another run has ${done.join(' and ')} ${when}`;
  const [migration = step.id] = [...applied, ...rolledBack];
  const error = new MigrationError('PLAN_CHANGED', message, {
    ...{ migration, direction: step.direction, finished: reporter.finished },
    problems: [{ message, migration }],
    help: 'Run `kat status` to see what is applied. Run the command again to continue.',
  });
  const isDone = reporter.finished.some((one) => one.id === step.id && one.direction === step.direction);
  if (!isDone) reporter.fail(step, error);
  return error;
}
