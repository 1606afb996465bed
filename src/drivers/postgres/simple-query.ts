/** One message of the simple protocol and what the server answers to it, without `pg`'s guesses at types. */

import type { StatementResult } from '../driver.js';
import type { Submittable } from './wire.js';

/** A message on its way. */
export interface SimpleQuery extends Submittable {
  /** The statements that have finished, in order. */
  readonly results: StatementResult[];
  /** What ended it early: the server's error, or that of the network. */
  readonly failure: unknown;
  /** Whether it is the one that the server's messages are for. */
  readonly isActive: boolean;
  /** Sends it before its turn: the server reads one message after the other. */
  writeAhead(): void;
}

/** @param onFailure called when an error arrives; whether the session outlives it is then still open. */
export function createSimpleQuery(
  sql: string,
  connection: { query(text: string): void },
  onFailure: () => void,
): SimpleQuery {
  const results: StatementResult[] = [];
  let columns: string[] = [];
  let rows: StatementResult['rows'] = [];
  let isWritten = false;
  let isActive = false;
  let failure: unknown;
  const write = () => {
    if (!isWritten) connection.query(sql);
    isWritten = true;
  };
  return {
    results,
    get failure() {
      return failure;
    },
    get isActive() {
      return isActive;
    },
    writeAhead: write,
    submit: () => {
      isActive = true;
      write();
      return null;
    },
    handleRowDescription: ({ fields }) => {
      columns = fields.map(({ name }) => name);
    },
    handleDataRow: ({ fields }) => {
      rows.push(Object.fromEntries(columns.map((name, index) => [name, fields[index] ?? null])));
    },
    handleCommandComplete: ({ text }) => {
      results.push({ tag: text, rows });
      rows = [];
    },
    handleEmptyQuery: () => {},
    // The server waits for data that nobody has, so it is told so, and answers with an error.
    handleCopyInResponse: (wire) => wire.sendCopyFail('Kat has no data to send'),
    handleCopyData: () => {},
    handleError: (error) => {
      failure ??= error;
      onFailure();
    },
    handleReadyForQuery: () => {},
  };
}
