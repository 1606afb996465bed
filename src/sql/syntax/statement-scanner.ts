/** Splits SQL of any length into statements, piece by piece and without parsing it, where psql would split it. */

import { TokenScanner } from './token-scanner.js';

/** A statement, and where it begins. */
export interface ScannedStatement {
  /**
   * What it says, without comments, with `''` for every string and `"x"` for every quoted name: enough to tell what kind of
   * statement it is. Undefined where that is long, or of no interest.
   */
  outline: string | undefined;
  /** UTF-16 index of its first token. */
  start: number;
  /** Counted from 1. */
  line: number;
  column: number;
  /** The text of that line. */
  sourceLine: string;
}

export interface ScanOptions {
  /** Whether a statement that begins with this word, in upper case, is of interest. */
  concerns(firstWord: string): boolean;
  onStatement(statement: ScannedStatement): void;
}

const maxOutline = 100_000;
/** Lines that are longer lose their beginning in `sourceLine`, and count as broken there. */
const maxLine = 1 << 20;

interface Current extends ScannedStatement {
  words: string[];
  /** The end of its last token. */
  end: number;
}

export class StatementScanner {
  readonly #options: ScanOptions;
  readonly #tokens: TokenScanner;
  /** The end of the text so far, from the beginning of line `#line` on; `#base` is where that is in the whole text. */
  #window = '';
  #base = 0;
  #line = 1;
  #current: Current | undefined;
  #parentheses = 0;
  /** How many BEGIN ATOMIC and CASE are open in a body that is written down as statements. */
  #blocks = 0;
  /** In upper case, of such a statement; another sign in between does not count. */
  #wordBefore = '';

  constructor(options: ScanOptions) {
    this.#options = options;
    this.#tokens = new TokenScanner({
      word: (text, start) => this.#onWord(text, start),
      sign: (text, start) => this.#onSign(text, start),
    });
  }

  /** @param piece the next part of the text. */
  push(piece: string): void {
    this.#window += piece;
    this.#tokens.push(piece);
    this.#moveTo(this.#base + this.#window.length);
  }

  /** Ends the text. */
  finish(): void {
    this.#tokens.push(undefined);
    this.#end();
  }

  #onWord(text: string, start: number): void {
    const word = text.toUpperCase();
    const isOfInterest = this.#current !== undefined || this.#options.concerns(word);
    const current = this.#add(text, start, isOfInterest);
    if (current.words.length < 4) current.words.push(word);
    this.#followBody(current.words, word);
  }

  /** BEGIN ATOMIC holds statements with semicolons of their own (psqlscan.l). Functions and arguments may be named `begin`. */
  #followBody(words: readonly string[], word: string): void {
    if (!/^CREATE (?:OR REPLACE )?(?:FUNCTION|PROCEDURE)\b/.test(words.join(' '))) return;
    const opensBody = word === 'ATOMIC' && this.#wordBefore === 'BEGIN' && this.#parentheses === 0;
    if (opensBody || (word === 'CASE' && this.#blocks > 0)) this.#blocks += 1;
    else if (word === 'END' && this.#blocks > 0) this.#blocks -= 1;
    this.#wordBefore = word;
  }

  #onSign(sign: string, start: number): void {
    if (sign === ';' && this.#parentheses === 0 && this.#blocks === 0) {
      this.#end();
      return;
    }
    // Strings that continue each other must be on different lines.
    this.#add(/'$|^\$./.test(sign) ? "\n''" : sign === '"' ? '"x"' : sign, start, false);
    if (sign === '(') this.#parentheses += 1;
    if (sign === ')' && this.#parentheses > 0) this.#parentheses -= 1;
  }

  /** Goes on with a statement, or begins one. */
  #add(token: string, start: number, isOfInterest: boolean): Current {
    this.#current ??= {
      ...this.#placeOf(start),
      start,
      outline: isOfInterest ? '' : undefined,
      words: [],
      end: start,
    };
    const current = this.#current;
    if (current.outline !== undefined) current.outline += (start === current.end ? '' : ' ') + token;
    if ((current.outline?.length ?? 0) > maxOutline) current.outline = undefined;
    current.end = start + token.length;
    return current;
  }

  #end(): void {
    if (this.#current) this.#options.onStatement(this.#current);
    this.#current = undefined;
    this.#parentheses = 0;
    this.#blocks = 0;
  }

  #placeOf(index: number): Pick<ScannedStatement, 'line' | 'column' | 'sourceLine'> {
    this.#moveTo(index);
    const before = this.#window.slice(0, Math.max(index - this.#base, 0));
    const [rest = ''] = this.#window.slice(before.length, before.length + maxLine).split(/[\r\n]/, 1);
    return { line: this.#line, column: [...before].length + 1, sourceLine: before + rest };
  }

  /** Drops the lines before the one that has `index`, and counts them. */
  #moveTo(index: number): void {
    // The line feed behind a carriage return may be the first character of the next piece.
    const before = this.#window.slice(0, Math.max(index - this.#base, 0)).replace(/\r$/, '');
    const lineStart = Math.max(before.lastIndexOf('\n'), before.lastIndexOf('\r')) + 1;
    this.#line += before.slice(0, lineStart).match(/\r\n|[\r\n]/g)?.length ?? 0;
    const dropped = Math.max(lineStart, before.length - maxLine);
    this.#base += dropped;
    this.#window = this.#window.slice(dropped);
  }
}
