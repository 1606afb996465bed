/** Speaks PostgreSQL's simple protocol with PGlite. */

import { SqlError } from '../../errors.js';
import { countCommittedStatements } from '../committed-statements.js';
import type { SqlText, StatementResult } from '../driver.js';
import { KeptRows } from '../kept-rows.js';
import { encodeMessage } from '../query-message.js';
import { type ServerMessage, toServerReport } from '../server-message.js';

/** One message of the server as PGlite decodes it; which fields there are depends on the name. */
export interface DecodedMessage extends ServerMessage {
  name: string;
  /** Of a `parameterStatus`. */
  parameterName?: string;
  parameterValue?: string;
}

/**
 * Builds a Query message and, behind it, a CopyFail: PGlite ends for good when COPY FROM STDIN finds no answer to its
 * request for data. PostgreSQL ignores a CopyFail that it has not asked for (postgres.c, "Accept but ignore").
 */
export function encodeQuery(sql: SqlText): Uint8Array {
  return Buffer.concat([encodeMessage('Q', sql), encodeMessage('f', 'Kat has no data to send')]);
}

/**
 * Puts the server's messages together, one result a statement.
 * @throws SqlError when one of them is an error.
 */
export function readResults(messages: readonly DecodedMessage[], keptRows = Infinity): StatementResult[] {
  const results: StatementResult[] = [];
  let columns: string[] = [];
  const rows = new KeptRows(keptRows);
  for (const message of messages) {
    if (message.name === 'rowDescription') {
      columns = fieldsOf<{ name: string }>(message).map(({ name }) => name);
    } else if (message.name === 'dataRow') {
      rows.add(columns, fieldsOf<string | null>(message));
    } else if (message.name === 'commandComplete') {
      results.push(rows.complete((message as { text?: string }).text ?? ''));
    } else if (message.name === 'error') {
      throw toSqlError(message, results);
    }
  }
  return results;
}

function fieldsOf<T>(message: DecodedMessage): T[] {
  return (message as { fields?: T[] }).fields ?? [];
}

function toSqlError(message: DecodedMessage, results: readonly StatementResult[]): SqlError {
  return new SqlError(toServerReport(message), {
    completedStatements: results.length,
    committedStatements: countCommittedStatements(results),
    isSessionLost: message.severity === 'FATAL' || message.severity === 'PANIC',
    cause: message,
  });
}
