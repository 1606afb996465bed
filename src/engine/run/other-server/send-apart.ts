/** Sends a migration whose statements must each be a message of their own, in the transaction that the first message opens. */

import type { NoticeListener, Session, StatementResult } from '../../../connections/driver.js';
import { SqlError } from '../../../errors.js';
import type { Statement } from '../../../sql/syntax/parse.js';
import { joinSql, type PreparedStep, parsePrepared } from '../read-step.js';
import type { Message } from '../transaction-message.js';

/**
 * @returns the results of all messages, as of one.
 * @throws what `Session.execute` throws, with places and counts as if it had been one message.
 */
export async function sendApart(
  session: Session,
  { step, message }: { step: PreparedStep; message: Message },
  onNotice: NoticeListener,
): Promise<StatementResult[]> {
  const results: StatementResult[] = [];
  const send = async (sql: string) => void results.push(...(await session.execute(sql, onNotice, 1)));
  const statements = await parsePrepared(step);
  // What cannot be taken apart goes as one message, and the server says what it thinks of it.
  if (statements.length === 0) return session.execute(message.parts, onNotice, 1);
  const [head] = message.parts;
  await send(head);
  for (const statement of statements) {
    try {
      await send(statement.text);
    } catch (error) {
      throw asOfOneMessage(error, { head, step, statement, finished: results.length });
    }
  }
  try {
    await send(message.parts.at(-1) ?? '');
  } catch (error) {
    throw asOfOneMessage(error, { finished: results.length });
  }
  return results;
}

interface PlaceInMessage {
  /** How many statements have finished in the messages before. */
  finished: number;
  head?: string;
  step?: PreparedStep;
  statement?: Statement;
}

function asOfOneMessage(error: unknown, { finished, head = '', step, statement }: PlaceInMessage): unknown {
  if (!(error instanceof SqlError)) return error;
  const { position, ...report } = error.report;
  const before =
    step && statement ? [...head, ...joinSql(step.sql).slice(0, statement.start)].length : undefined;
  const place = before === undefined || position === undefined ? {} : { position: before + position };
  return new SqlError(
    { ...report, ...place },
    {
      completedStatements: finished + error.completedStatements,
      committedStatements: error.committedStatements === 0 ? 0 : finished + error.committedStatements,
      isSessionLost: error.isSessionLost,
      cause: error.cause,
    },
  );
}
