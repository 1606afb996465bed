/** Masks values that stand behind the word `password`: in connection strings, SQL, JSON and calls. */

const mask = '***';

/** The word, quoted or not, also at the end of another, as in `sslpassword`. */
const lead = /(["'`]?)\b\w*(?:passw(?:or)?d|pwd|passphrase)\1/gi;

/** @returns the text with `***` in place of the values of `password=…`, `PASSWORD '…'`, `"password": "…"` and the like. */
export function maskNamed(text: string): string {
  let masked = '';
  let done = 0;
  for (const { 0: word, index } of text.matchAll(lead)) {
    if (index < done) continue;
    const value = findValue(text, index + word.length);
    if (!value || (value.start === index + word.length && !isKeyword(text, index, value.start))) continue;
    masked += text.slice(done, value.start) + value.shown;
    done = value.end;
  }
  return masked + text.slice(done);
}

/** Whether `PASSWORD'…'` stands there: the quote behind `"/etc/passwd"` ends something. */
function isKeyword(text: string, start: number, end: number): boolean {
  return text[end] === "'" && /^(?:\s|$)/.test(text.slice(start - 1, start));
}

interface Value {
  start: number;
  end: number;
  /** In its place. */
  shown: string;
}

const assignment = /=(?!>)|%3D/iy;
const bareValue = /[^\s&;'",)]+/y;
const blank = /(?:\s+|\/\*[\s\S]*?\*\/)*/y;
const operator = /=>?|:=?/y;

/** Without blanks around `=` any text may be the value; elsewhere it must be quoted, as the word is one of sentences, too. */
function findValue(text: string, from: number): Value | undefined {
  const assigned = matchEnd(assignment, text, from);
  if (assigned !== from) {
    const end = endOfQuoted(text, assigned) ?? matchEnd(bareValue, text, assigned);
    return end > assigned ? { start: assigned, end, shown: mask } : undefined;
  }
  const start = matchEnd(blank, text, matchEnd(operator, text, matchEnd(blank, text, from)));
  const end = endOfQuoted(text, start);
  const quote = text[start] === '"' ? '"' : "'";
  return end === undefined ? undefined : { start, end, shown: quote + mask + quote };
}

const dollarQuote = /\$\w*\$/y;
const quotes = /(?:[EN]|U&)?('+|")/iy;
const longText = /(?:[^"\\]|\\.)*"?/sy;

/**
 * Where the quoted text ends that begins here: the end of the text if it was cut off.
 * @returns undefined where nothing quoted begins.
 */
function endOfQuoted(text: string, start: number): number | undefined {
  const inside = matchEnd(dollarQuote, text, start);
  if (inside > start) return behind(text, text.slice(start, inside), inside);
  quotes.lastIndex = start;
  const [whole = '', run = ''] = quotes.exec(text) ?? [];
  if (run === '') return undefined;
  const open = start + whole.length;
  return run === '"' ? matchEnd(longText, text, open) : endOfLiteral(text, { open, run: run.length });
}

/**
 * A literal inside of literals has its quotes doubled as often: it ends where so many quotes stand alone.
 * @param run how many quotes stand before `open`.
 */
function endOfLiteral(text: string, { open, run }: { open: number; run: number }): number {
  const level = run & -run;
  if (run === level && level > 1 && /^(?:[\s;,)]|$)/.test(text.slice(open, open + 1))) return open;
  const parts = /\\.|'+/gs;
  parts.lastIndex = open;
  for (let part = parts.exec(text); part; part = parts.exec(text)) {
    const surplus = part[0].startsWith("'") ? part[0].length % (2 * level) : 0;
    if (surplus >= level) return parts.lastIndex - surplus + level;
  }
  return text.length;
}

function behind(text: string, end: string, from: number): number {
  const found = text.indexOf(end, from);
  return found < 0 ? text.length : found + end.length;
}

/** @returns `from` where the pattern does not match there. */
function matchEnd(pattern: RegExp, text: string, from: number): number {
  pattern.lastIndex = from;
  return pattern.test(text) ? pattern.lastIndex : from;
}
