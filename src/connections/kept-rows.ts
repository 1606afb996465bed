/** Collects the rows of a message's statements up to a limit, so that memory does not grow with what a server sends. */

import type { StatementResult } from './driver.js';

type Row = StatementResult['rows'][number];

const mostCharacters = 100_000_000;

/** The rows of one statement after another, all of one message. */
export class KeptRows {
  readonly #mostRows: number;
  #rows: Row[] = [];
  #characters = 0;
  #isCut = false;

  /** @param mostRows of each statement; with a finite number, also at most 100 million characters of all statements. The others are dropped. */
  constructor(mostRows: number) {
    this.#mostRows = mostRows;
  }

  add(columns: readonly string[], fields: readonly (string | null)[]): void {
    if (this.#rows.length >= this.#mostRows || this.#characters >= mostCharacters) {
      this.#isCut = true;
      return;
    }
    this.#rows.push(Object.fromEntries(columns.map((name, index) => [name, fields[index] ?? null])));
    if (Number.isFinite(this.#mostRows)) for (const field of fields) this.#characters += field?.length ?? 0;
  }

  /** @returns the result of the statement, and begins with the next. */
  complete(tag: string): StatementResult {
    const result = { tag, rows: this.#rows, ...(this.#isCut ? { isCut: true } : {}) };
    this.#rows = [];
    this.#isCut = false;
    return result;
  }
}
