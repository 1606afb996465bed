/** Sends one message of the simple protocol and reads the reply, without `pg`'s type conversion. */

import type { SqlText, StatementResult } from '../driver.js';
import { KeptRows } from '../kept-rows.js';
import { encodePieces, isLong } from '../query-message.js';
import type { CommandComplete, DataRow, RowDescription, Submittable, WireConnection } from './wire.js';

/** A message on its way. `pg` calls its `handle…` methods while it is the active one. */
export class SimpleQuery implements Submittable {
  /** The statements that have finished, in order. */
  readonly results: StatementResult[] = [];
  /** The error that ended it early, of the server or of the network. */
  failure: unknown;
  /** Whether it is the current message, which gets the server's replies. */
  isActive = false;
  /** Whether all of it was handed to the network, so that another message may be sent behind it. */
  isSent = false;
  readonly #sql: SqlText;
  readonly #onFailure: () => void;
  #isWritten = false;
  #columns: string[] = [];
  readonly #rows: KeptRows;

  /**
   * @param keptRows of each statement; the others are dropped as they come.
   * @param onFailure called when an error arrives; whether the session outlives it is then still open.
   */
  constructor(sql: SqlText, keptRows: number, onFailure: () => void) {
    this.#sql = sql;
    this.#rows = new KeptRows(keptRows);
    this.#onFailure = onFailure;
  }

  /** Puts it on the wire, before its turn if need be: the server reads one message after the other. */
  write({ stream }: WireConnection): void {
    if (!this.#isWritten) this.#pour(stream, encodePieces('Q', this.#sql));
    this.#isWritten = true;
  }

  /** Hands over what the network takes; of a long message, the next piece when it has taken the one before. */
  #pour(stream: WireConnection['stream'], pieces: Iterator<Uint8Array | string>): void {
    for (let piece = pieces.next(); !piece.done; piece = pieces.next()) {
      // A stream that has ended tells so by itself.
      const hasRoom = !stream.writable || stream.write(piece.value);
      if (hasRoom || !isLong(this.#sql)) continue;
      stream.once('drain', () => this.#pour(stream, pieces));
      return;
    }
    this.isSent = true;
  }

  submit(connection: WireConnection): null {
    this.isActive = true;
    this.write(connection);
    return null;
  }

  handleRowDescription({ fields }: RowDescription): void {
    this.#columns = fields.map(({ name }) => name);
  }

  handleDataRow({ fields }: DataRow): void {
    this.#rows.add(this.#columns, fields);
  }

  handleCommandComplete({ text }: CommandComplete): void {
    this.results.push(this.#rows.complete(text));
  }

  handleEmptyQuery(): void {}

  /** The server waits for COPY data, which Kat does not have; refusing makes it answer with an error. */
  handleCopyInResponse(connection: WireConnection): void {
    connection.sendCopyFail('Kat has no data to send');
  }

  handleCopyData(): void {}

  handleError(error: unknown): void {
    this.failure ??= error;
    this.#onFailure();
  }

  handleReadyForQuery(): void {}
}
