/**
 * Builds the message of a migration that only makes new objects. It cannot reach settings, locks, tables or prepared statements
 * of Kat, so nothing of the session is reset behind it, and its records are prepared statements.
 */

import { tablesOf } from '../ledger/ledger.js';
import { claim, fireDeferred, noteChanges, readUnproven, writesAndLook } from '../ledger/proof.js';
import { flushLater } from '../session/late-flush.js';
import type { LockedSession } from '../session/locked-session.js';
import { runsNoOtherCode } from '../session/other-code.js';
import { timeoutStatements } from '../session/timeout-statements.js';
import { forgetPrepared, type PreparedStatements } from './prepared-statements.js';
import type { PreparedStep } from './read-step.js';
import {
  checkCommitted,
  checkTransaction,
  committedMark,
  committedMarkOf,
  type Envelope,
  elapsedMs,
  type Message,
  noteElapsed,
  successWrites,
  surround,
  transactionMark,
} from './transaction-message.js';

/** Whether the message of this step may be a quick one. */
export function mayBeQuick(
  { session, ledger, runsOtherCode }: LockedSession,
  { step, keepsSession, isApart }: PreparedStep,
): boolean {
  return (
    keepsSession &&
    !isApart &&
    step.direction === 'up' &&
    !session.isBorrowed &&
    !runsOtherCode &&
    ledger.fence === undefined
  );
}

const otherCode = 'the database runs code of its own beside the migration';

/** How often a run looks for such code. Quick messages make none, but another session may at any moment. */
const messagesALook = 16;

/** Whether a quick message failed because this database needs the others. */
export function isRefusedQuick(error: unknown): boolean {
  return readUnproven(error) === otherCode;
}

/**
 * As `transactionMessage`, of a step that `mayBeQuick`. It begins and commits.
 * @param context.prepared what the session has prepared.
 * @param context.isLast whether no message of this kind follows for now.
 */
export function quickMessage(
  { ledger }: LockedSession,
  step: PreparedStep,
  { label, waits, before, flushesLater }: Omit<Envelope, 'begins' | 'commits'>,
  { prepared, isLast }: { prepared: PreparedStatements; isLast: boolean },
): Message {
  const isFirst = prepared.isEmpty;
  const isLookDue = prepared.messages % messagesALook === 0;
  const { values, execute } = prepared.startMessage();
  const query = (...expressions: string[]) => execute(`SELECT ${expressions.join(',\n')}`);
  const opening = [
    'BEGIN',
    ...(isFirst ? [forgetPrepared] : []),
    ...timeoutStatements(waits, 'SET LOCAL'),
    ...(flushesLater ? [flushLater] : []),
    ...query(
      ...(before ? [checkCommitted(before, values)] : []),
      ...(isLookDue ? [claim(runsNoOtherCode(ledger), otherCode)] : []),
      `pg_catalog.set_config('${transactionMark}', ${values.text(step.step.id)}, true)`,
    ),
  ];
  const writes = successWrites(ledger, step, elapsedMs, values);
  const statements = writesAndLook(writes, values);
  const look = statements.pop() as string;
  const closing = [
    ...query(
      noteElapsed(step),
      checkTransaction(step, values),
      noteChanges(tablesOf(ledger), values),
      // A plan is kept for all migrations, and the tables may be empty when it is made.
      "pg_catalog.set_config('enable_seqscan', 'off', true)",
    ),
    ...statements.flatMap((statement) => (statement === fireDeferred ? [statement] : execute(statement))),
    ...execute(
      `${look}, pg_catalog.set_config('${committedMark}', ${values.text(committedMarkOf(step))}, false)`,
    ),
    'COMMIT',
    ...(isLast ? [forgetPrepared] : []),
  ];
  return surround(step, { label, opening, closing });
}
