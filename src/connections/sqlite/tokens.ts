/** Reads SQLite's SQL as tokens (https://www.sqlite.org/lang_keywords.html, tokenize.c). */

/** A word, a quoted name, a literal, or one character of punctuation. */
export interface SqliteToken {
  kind: 'word' | 'name' | 'literal' | 'symbol';
  /** A word in upper case, a quoted name without its quotes, and anything else as written. */
  value: string;
  /** As written. */
  text: string;
  /** Where it begins and ends in the text. */
  start: number;
  end: number;
}

/** The tokens of a text without blanks and comments, one after the other. */
export function* readTokens(text: string): Generator<SqliteToken> {
  for (let start = 0; start < text.length; ) {
    const end = endOfBlank(text, start);
    if (end > start) {
      start = end;
      continue;
    }
    const token = readToken(text, start);
    yield token;
    start = token.end;
  }
}

/** An unfinished comment ends with the text: SQLite itself reports it. @returns `start` where there is neither. */
function endOfBlank(text: string, start: number): number {
  const first = text.charCodeAt(start);
  if (first <= space || first === byteOrderMark) return start + 1;
  if (text.startsWith('--', start)) return indexOrEnd(text, '\n', start);
  if (text.startsWith('/*', start)) return behind(text, '*/', start + 2);
  return start;
}

const space = 0x20;
const byteOrderMark = 0xfeff;

/** Each kind of quote with the character that ends it. */
const closing: Readonly<Record<string, string>> = { "'": "'", '"': '"', '`': '`', '[': ']' };

function readToken(text: string, start: number): SqliteToken {
  const first = text.charAt(start);
  const close = closing[first];
  if (close !== undefined) return quoted(text, start, close);
  if (!isWordCharacter(text.charCodeAt(start))) {
    return { kind: 'symbol', value: first, text: first, start, end: start + 1 };
  }
  let end = start + 1;
  while (end < text.length && isWordCharacter(text.charCodeAt(end))) end += 1;
  const word = text.slice(start, end);
  const isNumber = first >= '0' && first <= '9';
  return {
    kind: isNumber ? 'literal' : 'word',
    value: isNumber ? word : word.toUpperCase(),
    text: word,
    start,
    end,
  };
}

/** A doubled quote is one of the text; a bracket is not. Unfinished, it ends with the text. */
function quoted(text: string, start: number, close: string): SqliteToken {
  let end = behind(text, close, start + 1);
  while (close !== ']' && text.charAt(end) === close) end = behind(text, close, end + 1);
  const whole = text.slice(start, end);
  const inner = whole.slice(1, -1);
  if (close === "'") return { kind: 'literal', value: whole, text: whole, start, end };
  const value = close === ']' ? inner : inner.replaceAll(close + close, close);
  return { kind: 'name', value, text: whole, start, end };
}

/** Letters, digits, `_`, `$`, and everything beyond ASCII (`IdChar` of tokenize.c). */
function isWordCharacter(code: number): boolean {
  return (
    (code >= 0x61 && code <= 0x7a) ||
    (code >= 0x41 && code <= 0x5a) ||
    (code >= 0x30 && code <= 0x39) ||
    code === 0x5f ||
    code === 0x24 ||
    code > 0x7f
  );
}

function behind(text: string, end: string, from: number): number {
  const found = text.indexOf(end, from);
  return found < 0 ? text.length : found + end.length;
}

function indexOrEnd(text: string, end: string, from: number): number {
  const found = text.indexOf(end, from);
  return found < 0 ? text.length : found;
}
