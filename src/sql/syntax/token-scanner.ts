/** Cuts SQL of any length into words and signs, piece by piece. Comments are left out (PostgreSQL's scan.l has the rules). */

/** Receives the tokens of the text in order. Indices are UTF-16, into the whole text. */
export interface TokenListener {
  /** A word without quotes, as it is written. */
  word(text: string, start: number): void;
  /** A single character, or the opening of a string, a quoted name or a dollar quote. */
  sign(text: string, start: number): void;
  /** A string, a quoted name or a dollar quote has ended before `end`. */
  close?(end: number): void;
}

/** Something that ends elsewhere: a comment, a string, a quoted name, a dollar quote. */
interface Enclosure {
  /** Finds its end, and what inside of it looks like its end or hides it. */
  next: RegExp;
  closes: string;
  /** Opens another one inside: only comments nest. */
  opens?: string;
  /** How many of the last characters may be the beginning of what `next` finds. */
  held: (text: string) => number;
}

const token =
  /--|\/\*|\$(?:[A-Za-z_\u0080-\uffff][\w\u0080-\uffff]*)?\$|[eE]'|[A-Za-z_\u0080-\uffff][\w$\u0080-\uffff]*|\d[\w.]*|[\s\S]/y;
/** Anything else that Unicode calls white space is part of a name. */
const blanks = /[ \t\n\r\f\v]*/y;

export class TokenScanner {
  readonly #listener: TokenListener;
  #text = '';
  /** The start of `#text` in the whole text, and the scanner's position in `#text`. */
  #base = 0;
  #at = 0;
  #inside: Enclosure | undefined;
  #depth = 0;
  /** Behind an E'' string a string that continues it has escapes, too. */
  #hadEscapes = false;

  constructor(listener: TokenListener) {
    this.#listener = listener;
  }

  /** @param piece the next part of the text; undefined at its end. */
  push(piece: string | undefined): void {
    this.#text += piece ?? '';
    const isLast = piece === undefined;
    while (this.#inside ? this.#leave(this.#inside) : this.#readToken(isLast));
    this.#base += this.#at;
    this.#text = this.#text.slice(this.#at);
    this.#at = 0;
  }

  /** @returns whether there may be more. */
  #readToken(isLast: boolean): boolean {
    blanks.lastIndex = this.#at;
    blanks.exec(this.#text);
    this.#at = blanks.lastIndex;
    token.lastIndex = this.#at;
    const found = token.exec(this.#text)?.[0];
    if (found === undefined || (!isLast && this.#mayGrow(found))) return false;
    const start = this.#base + this.#at;
    this.#at += found.length;
    this.#inside = this.#enclosureOf(found);
    if (/^[A-Za-z_\u0080-\uffff]/.test(found) && !this.#inside) this.#listener.word(found, start);
    else if (found !== '--' && found !== '/*') this.#listener.sign(found, start);
    return true;
  }

  #mayGrow(found: string): boolean {
    if (this.#at + found.length === this.#text.length) return true;
    return found === '$' && /^\$[\w\u0080-\uffff]{1,200}$/.test(this.#text.slice(this.#at));
  }

  #enclosureOf(opening: string): Enclosure | undefined {
    const hasEscapes = opening.length === 2 && opening.endsWith("'");
    const isEscaped = hasEscapes || (opening === "'" && this.#hadEscapes);
    this.#hadEscapes = isEscaped;
    if (isEscaped) return escapedString;
    if (opening === '--') return lineComment;
    if (opening === '/*') return blockComment;
    if (opening === "'" || opening === '"')
      return { next: new RegExp(opening, 'g'), closes: opening, held: none };
    return /^\$.*\$$/s.test(opening) ? dollarQuote(opening) : undefined;
  }

  /** @returns whether its end was found. */
  #leave({ next, closes, opens, held }: Enclosure): boolean {
    next.lastIndex = this.#at;
    for (let match = next.exec(this.#text); match; match = next.exec(this.#text)) {
      this.#at = next.lastIndex;
      if (match[0] === opens) this.#depth += 1;
      else if (match[0] === closes || closes === '') {
        if (this.#depth === 0) {
          this.#inside = undefined;
          if (!comments.has(closes)) this.#listener.close?.(this.#base + this.#at);
          return true;
        }
        this.#depth -= 1;
      }
    }
    const rest = this.#text.slice(this.#at);
    this.#at = this.#text.length - Math.min(held(rest), rest.length);
    return false;
  }
}

const none = (): number => 0;
const lineComment: Enclosure = { next: /[\r\n]/g, closes: '', held: none };
const blockComment: Enclosure = {
  next: /\/\*|\*\//g,
  opens: '/*',
  closes: '*/',
  held: (text) => (/[*/]$/.test(text) ? 1 : 0),
};
const escapedString: Enclosure = {
  next: /\\[\s\S]|'/g,
  closes: "'",
  held: (text) => (text.endsWith('\\') ? 1 : 0),
};

/** Their closing characters. */
const comments: ReadonlySet<string> = new Set([lineComment.closes, blockComment.closes]);

function dollarQuote(tag: string): Enclosure {
  return { next: new RegExp(tag.replaceAll('$', '\\$'), 'g'), closes: tag, held: () => tag.length - 1 };
}
