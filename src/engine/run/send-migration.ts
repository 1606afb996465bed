/** Sends a migration's own SQL, which may return any number of rows and notices, or runs its program. */

import type { Notice, NoticeListener, Session, SqlText, StatementResult } from '../../connections/driver.js';
import { waitsOf } from '../policy/waits.js';
import { hasSeveralMessages } from './migration-clock.js';
import type { PreparedStep } from './read-step.js';
import { labelOf, type RunContext } from './run-context.js';
import type { Message } from './transaction-message.js';

/** Of each kind, in one message. */
const mostNotices = 1_000;

/**
 * As `Session.execute`. Of the rows of each statement one is kept, for what Kat itself asks in the same message. Of
 * notices it reports the first thousand, of warnings as many, and at the end the number of the others.
 */
export async function sendMigration(
  session: Session,
  sql: SqlText,
  onNotice: NoticeListener,
): Promise<StatementResult[]> {
  const limit = limitNotices(onNotice);
  try {
    return await session.execute(sql, limit.add, 1);
  } finally {
    limit.end();
  }
}

/**
 * Sends the message of a migration. A program runs between the statements before and after it.
 * @returns the results of the message; of a program, those of the statements after it.
 * @throws what `Session.execute` and `runProgram` throw.
 */
export async function sendStep(
  context: RunContext,
  { step, message }: { step: PreparedStep; message: Message },
  onNotice: NoticeListener,
): Promise<StatementResult[]> {
  const { session } = context.lockedSession;
  if (!hasSeveralMessages(step)) return sendMigration(session, message.parts, onNotice);
  const limit = limitNotices(onNotice);
  try {
    if (step.isApart && !step.isProgram) {
      const { sendApart } = await import('./other-server/send-apart.js');
      return await sendApart(session, { step, message }, limit.add);
    }
    const { runProgram } = await import('../program/run-program.js');
    return await runProgram({
      ...{ session, file: step.file, checksum: step.checksum, label: labelOf(context, step.step) },
      ...{ id: step.step.id, direction: step.step.direction, signal: context.setting.signal },
      touches: step.migration.touches,
      statementTimeoutMs: waitsOf(step.migration, context.setting.waits).statementTimeoutMs,
      head: message.parts[0],
      tail: message.parts.at(-1) ?? '',
      onNotice: limit.add,
    });
  } finally {
    limit.end();
  }
}

function limitNotices(listener: NoticeListener): { add: NoticeListener; end(): void } {
  const counts = { WARNING: 0, NOTICE: 0 };
  let isRaised = false;
  const kindOf = ({ severity }: Notice) => (severity === 'WARNING' ? 'WARNING' : 'NOTICE');
  return {
    add: (notice) => {
      counts[kindOf(notice)] += 1;
      if (counts[kindOf(notice)] <= mostNotices) listener(notice);
      else isRaised ||= notice.isRaised;
    },
    end: () => {
      for (const severity of ['WARNING', 'NOTICE'] as const) {
        const left = counts[severity] - mostNotices;
        if (left > 0)
          listener({
            severity,
            sqlstate: '00000',
            message: `${left} more messages of this severity are not shown`,
            isRaised,
          });
      }
    },
  };
}
