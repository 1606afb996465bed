/** Applies migrations to a SQLite database: each in its own transaction, with its row. */

import type { SqliteFacts } from '../../../connections/driver.js';
import type { SqliteStatement } from '../../../connections/sqlite/split-statements.js';
import type { Step } from '../../../graph/plan.js';
import { touchesSession } from '../../plan/sqlite/check-sqlite.js';
import { findTableChanges, type TableChanges } from '../../plan/sqlite/table-changes.js';
import { findDone, unknownOutcome } from '../find-done.js';
import { createRetries, type Retries } from '../retries.js';
import { checkCancelled, type RunContext } from '../run-context.js';
import { executeStatement } from './execute-statement.js';
import { locateSqliteFailure } from './failure-place.js';
import { type ActionWatch, executeUnwatched, watchActions } from './foreign-key-actions.js';
import { guardForeignKeys, unguarded } from './foreign-keys.js';
import { keepOfRebuilt } from './kept-objects.js';
import { askAboutLosses, refuseAddedLosses } from './new-losses.js';
import {
  failSqliteStep,
  recordStep,
  rollBack,
  type SqliteRunContext,
  waitAsLongAs,
  withRows,
} from './record-step.js';
import { type SplitStep, splitStep } from './split-step.js';

/**
 * @param isRehearsal whether the database is a copy, of which nothing stays
 * @throws MigrationError when a migration fails; KatError STATE_UNKNOWN when its result is unknown.
 */
export async function runSqliteSteps(
  run: RunContext,
  steps: readonly Step[],
  { isRehearsal = false } = {},
): Promise<void> {
  const context = { ...withRows(run), isRehearsal };
  if (context.isSingleTransaction) {
    const all: SplitStep[] = [];
    for (const step of steps) all.push(await splitStep(context, step));
    return runTransaction(context, all);
  }
  for (const step of steps) {
    checkCancelled(context);
    const split = await splitStep(context, step);
    if (step.mode === 'transaction') await runTransaction(context, [split]);
    else await (await import('./run-sqlite-statements.js')).runSqliteStatements(context, split);
  }
}

/** Tries again while the database is locked. */
async function runTransaction(context: SqliteRunContext, group: readonly SplitStep[]): Promise<void> {
  const [first] = group;
  if (!first) return;
  const retries = createRetries(context, first.prepared);
  while (!(await tryTransaction(context, group, retries)));
}

interface Position {
  step: SplitStep;
  statement?: SqliteStatement;
  /** Whether BEGIN has succeeded: before it, nothing can have changed. */
  hasBegun: boolean;
}

/** @returns whether it is done; otherwise it may be tried again. */
async function tryTransaction(
  context: SqliteRunContext,
  group: readonly SplitStep[],
  retries: Retries,
): Promise<boolean> {
  const { rows } = context;
  const { session } = context.lockedSession;
  const at: Position = { step: group[0] as SplitStep, hasBegun: false };
  waitAsLongAs(context, at.step);
  const statements = group.flatMap((one) => one.statements);
  const changes = findTableChanges(statements);
  let guard = unguarded;
  try {
    guard = await guardForeignKeys(session, changes);
    await session.execute('BEGIN IMMEDIATE');
    at.hasBegun = true;
    for (const step of group) await refuseAddedLosses(context, step);
    const kept = await keepOfRebuilt(session, changes);
    const watch = guard === unguarded ? executeUnwatched(session) : watchActions(session);
    const durations: number[] = [];
    for (const step of group) {
      const apply = () => applyStep(context, step, { at, changes, watch });
      durations.push(await rows.keep([step.text], apply));
    }
    await kept.restore();
    await guard.check();
    await session.execute('COMMIT');
    for (const [index, { prepared }] of group.entries())
      context.reporter.succeed(prepared.step, durations[index] ?? 0);
    return true;
  } catch (error) {
    return await settle(context, { group, at, error, retries });
  } finally {
    await guard.restore();
    if (statements.some(touchesSession)) await (session.sqlite as SqliteFacts).renew();
  }
}

/** @returns how long its own statements took, in milliseconds. */
async function applyStep(
  context: SqliteRunContext,
  split: SplitStep,
  { at, changes, watch }: { at: Position; changes: TableChanges; watch: ActionWatch },
): Promise<number> {
  const { lockedSession, reporter } = context;
  const { step } = split.prepared;
  Object.assign(at, { step: split, statement: undefined });
  reporter.start(step);
  lockedSession.lock.announce?.({ command: context.command, migration: step.id, direction: step.direction });
  const [begun, started] = [new Date(), performance.now()];
  for (const statement of split.statements) {
    at.statement = statement;
    checkCancelled(context);
    await executeStatement(lockedSession.session, statement, { rebuilt: changes.rebuilt, watch });
  }
  await watch.end();
  delete at.statement;
  const elapsedMs = performance.now() - started;
  await recordStep(context, split, { elapsedMs, at: begun });
  return elapsedMs;
}

interface Failed {
  group: readonly SplitStep[];
  at: Position;
  error: unknown;
  retries: Retries;
}

async function settle(context: SqliteRunContext, { group, at, error, retries }: Failed): Promise<boolean> {
  if (at.hasBegun && (await isCommitted(context, { group, at, error }))) {
    for (const { prepared } of group) context.reporter.succeed(prepared.step, 0);
    return true;
  }
  if (await askAboutLosses(context, at.step, { error })) return false;
  if (await retries.waitAfter(error)) return false;
  const location = at.statement && locateSqliteFailure(at.step, at.statement, error);
  throw await failSqliteStep(context, { step: at.step.prepared, cause: error, location });
}

/** Rolls back, and asks tracking table and log what has happened: an error of COMMIT alone does not tell. */
async function isCommitted(
  { lockedSession, rows }: SqliteRunContext,
  { group, at, error }: Omit<Failed, 'retries'>,
): Promise<boolean> {
  await rollBack(lockedSession.session, rows);
  const steps = group.map(({ prepared: { step } }) => step);
  try {
    const { done } = await findDone(lockedSession, steps);
    return done.length === steps.length;
  } catch (reason) {
    throw unknownOutcome(at.step.prepared.step, error, reason);
  }
}
