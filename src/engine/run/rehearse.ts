/** Executes a plan for real in one transaction and rolls it back: a dry run that also finds what only the data can tell. */

import type { StatementResult } from '../../connections/driver.js';
import { type FinishedStep, MigrationError, SqlError } from '../../errors.js';
import type { Graph } from '../../graph/graph.js';
import type { Step } from '../../graph/plan.js';
import { type UntriedStep, whyUntried } from '../../graph/untried.js';
import { checkDeferred, immediateNames } from '../../sql/join/constraint-modes.js';
import type { Statement } from '../../sql/syntax/parse.js';
import { setsTransaction } from '../../sql/transactions/transaction-control.js';
import { beginWithLedger } from '../ledger/create-ledger.js';
import { elapsedSince, tableOf } from '../ledger/ledger.js';
import { shapeForNew } from '../ledger/ledger-shape.js';
import { claimSameLedger, noteLedger } from '../ledger/proof.js';
import { waitsOf } from '../policy/waits.js';
import { isLockTaken } from '../session/lock-taken.js';
import type { LockedSession } from '../session/locked-session.js';
import { timeoutStatements } from '../session/timeout-statements.js';
import { locateInMessage, migrationError } from './failure.js';
import { noteStart, startOf } from './migration-clock.js';
import { beginSequential, trySequentially } from './other-server/sequential-mode.js';
import { type PreparedStep, parsePrepared } from './read-step.js';
import { checkCancelled, explainError, type RunContext } from './run-context.js';
import { sendStep } from './send-migration.js';
import { countCommitted, type Message, readDuration, rollbackMessage } from './transaction-message.js';
import { watchSession } from './watch.js';

/** The result of a rehearsal. */
export interface Rehearsal {
  /** The executed steps, in order. */
  migrations: readonly FinishedStep[];
  untried: readonly UntriedStep[];
}

/** As `rehearseOnce`, with one connection for each node once Citus asks for it: that holds for the whole transaction. */
export async function rehearse(
  context: RunContext,
  graph: Graph,
  steps: readonly Step[],
): Promise<Rehearsal> {
  try {
    return await rehearseOnce(context, graph, steps);
  } catch (error) {
    const failed = steps.find(({ id }) => error instanceof MigrationError && error.migration === id);
    const whole = { ...context, isSingleTransaction: true };
    if (!failed || !trySequentially(whole, failed, (error as Error).cause)) throw error;
    return rehearseOnce(context, graph, steps);
  }
}

/**
 * Nothing of it stays but the values that were drawn from sequences: Kat's own tables are created only inside the transaction,
 * and rows are not written into those that exist, as that would draw from theirs.
 * @throws MigrationError for the first migration that fails; KatError FILES_INVALID, CANCELLED.
 */
async function rehearseOnce(context: RunContext, graph: Graph, steps: readonly Step[]): Promise<Rehearsal> {
  const { lockedSession, setting } = context;
  const migrations: FinishedStep[] = [];
  const untried: UntriedStep[] = [];
  try {
    // A migration may look at Kat's tables.
    await beginWithLedger(lockedSession.session, lockedSession.ledger, () => shapeForNew(setting.directory));
    for (const step of steps) {
      checkCancelled(context);
      const { id, direction } = step;
      const outcome = whyUntried(graph, untried, step) ?? (await tryStep({ context, untried }, step));
      if ('reason' in outcome) {
        untried.push(outcome);
        setting.onEvent({ type: 'not-tried', ...outcome });
      } else {
        migrations.push({ id, direction, ...outcome });
        setting.onEvent({ type: 'rehearsed', id, direction, ...outcome });
      }
    }
    return { migrations, untried };
  } finally {
    // A session that was lost has rolled back by itself.
    await lockedSession.session.execute(rollbackMessage(lockedSession)).catch(() => undefined);
  }
}

async function tryStep(
  { context, untried }: { context: RunContext; untried: readonly UntriedStep[] },
  planned: Step,
): Promise<{ durationMs: number } | UntriedStep> {
  const { lockedSession, setting } = context;
  const { id, direction } = planned;
  const step = await context.prepare(planned);
  const message = rehearsalMessage(lockedSession, step, context);
  setting.onEvent({ type: 'started', id, direction });
  const stopWatching = watchSession(context, { step });
  try {
    const results = await sendStep(context, { step, message }, (notice) =>
      setting.onEvent({ type: 'notice', id, direction, notice }),
    );
    await restoreModes(lockedSession, results);
    return { durationMs: readDuration(results) };
  } catch (error) {
    if (isLockTaken(error)) throw error;
    const statements = await parsePrepared(step);
    const reason = reasonOf(error, statements);
    if (!reason) throw failed({ context, untried }, { step, message, statements }, error);
    await lockedSession.session.execute(takeBack(lockedSession));
    return { id, direction, reason };
  } finally {
    await stopWatching();
  }
}

/** That it can be released proves that the migration has not ended the transaction. */
const savepoint = 'kat_rehearsal';

function rehearsalMessage(
  { ledger, sessionReset }: LockedSession,
  step: PreparedStep,
  { setting }: RunContext,
): Message {
  const { migration, sql } = step;
  const table = tableOf(ledger);
  const opening = [
    `SAVEPOINT ${savepoint}`,
    // Again for each migration: what cleans up behind one undoes it.
    ...(step.isApart ? [beginSequential] : []),
    ...timeoutStatements(waitsOf(migration, setting.waits), 'SET LOCAL'),
    ...noteStart(step),
    ...(step.setsTransaction ? [] : [noteLedger(table)]),
  ];
  const closing = [
    ...sessionReset.restoreRole,
    // As at the COMMIT of the migration's own: later ones could not change a table with checks that are still to come.
    ...checkDeferred,
    `SELECT ${elapsedSince(startOf(step))} AS duration_ms, ${claimSameLedger(table)}`,
    ...sessionReset.clean,
    `RELEASE SAVEPOINT ${savepoint}`,
    immediateNames,
  ];
  return {
    parts: [
      `${opening.join(';\n')};\n`,
      ...(typeof sql === 'string' ? [sql] : sql),
      `\n;${closing.join(';\n')}`,
    ],
    statementsBefore: opening.length,
  };
}

/** The deferred checks have happened in the message itself; what begins as immediate is so again for the next migration. */
async function restoreModes({ session }: LockedSession, results: readonly StatementResult[]): Promise<void> {
  const names = results.at(-1)?.rows[0]?.string_agg;
  if (names) await session.execute(`SET CONSTRAINTS ${names} IMMEDIATE`);
}

/** Why a real run may succeed where the rehearsal failed. */
function reasonOf(error: unknown, statements: readonly Statement[]): UntriedStep['reason'] | undefined {
  if (usesNewValue(error, statements)) return 'new value';
  return needsOwnTransaction(error, statements) ? 'transaction settings' : undefined;
}

/** 25001; a migration that has a query before them fails in a real run, too. */
function needsOwnTransaction(error: unknown, statements: readonly Statement[]): boolean {
  if (!(error instanceof SqlError) || error.report.sqlstate !== '25001') return false;
  const last = statements.findLastIndex(({ node }) => setsTransaction(node));
  return last >= 0 && statements.slice(0, last).every(({ node }) => 'VariableSetStmt' in node);
}

/** 55P04; a migration that adds the value itself fails in a real run, too. */
function usesNewValue(error: unknown, statements: readonly Statement[]): boolean {
  if (!(error instanceof SqlError) || error.report.sqlstate !== '55P04') return false;
  const { message } = error.report;
  return !statements.some(
    ({ node }) => 'AlterEnumStmt' in node && message.includes(`"${node.AlterEnumStmt.newVal}"`),
  );
}

function takeBack({ sessionReset }: LockedSession): string {
  const back = [`ROLLBACK TO SAVEPOINT ${savepoint}`, `RELEASE SAVEPOINT ${savepoint}`];
  return [...back, ...sessionReset.restoreRole, ...sessionReset.clean].join(';\n');
}

interface Try {
  step: PreparedStep;
  message: Message;
  statements: readonly Statement[];
}

function failed(
  { context, untried }: { context: RunContext; untried: readonly UntriedStep[] },
  { step, message, statements }: Try,
  failure: unknown,
): MigrationError {
  const cause = explainError(context, failure);
  const location = locateInMessage(failure, step, message, statements);
  const committed = countCommitted(failure, message);
  const error = migrationError(
    { step, cause, location, committed, untried: untried.map(({ id: other }) => other) },
    context,
  );
  const { id, direction } = step.step;
  context.setting.onEvent({ type: 'failed', id, direction, error });
  return error;
}
