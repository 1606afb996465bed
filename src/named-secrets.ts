/** Masks values that stand behind the word `password`: in connection strings, SQL, JSON and calls. */

const mask = '***';

/** The word, quoted or not, also at the end of another, as in `sslpassword`. */
const lead = /(["'`]?)\b\w*(?:passw(?:or)?d|pwd|passphrase)\1/gi;

/** A value as it stands in a text. */
export interface NamedSecret {
  start: number;
  end: number;
  /** In its place. */
  shown: string;
}

/** @returns the text with `***` in place of the values of `password=…`, `PASSWORD '…'`, `"password": "…"` and the like. */
export function maskNamed(text: string): string {
  let masked = '';
  let done = 0;
  for (const { start, end, shown } of findNamed(text)) {
    masked += text.slice(done, start) + shown;
    done = end;
  }
  return masked + text.slice(done);
}

/** @returns the values from the first to the last. None overlaps another. */
export function findNamed(text: string): NamedSecret[] {
  const found: NamedSecret[] = [];
  let done = 0;
  for (const { 0: word, index } of text.matchAll(lead)) {
    const value = index < done ? undefined : findValue(text, { start: index, end: index + word.length });
    if (!value) continue;
    found.push(value);
    done = value.end;
  }
  return found;
}

interface Word {
  start: number;
  end: number;
}

const assignment = /=(?!>)|%3D/iy;
const blank = /(?:\s+|\/\*[\s\S]*?\*\/)*/y;
const operator = /=>?|:=?/y;
/** The quote ends the text that the word is in. */
const continuation = /'+(?:\s*\|\||,[\s'])/y;
/** Of `format`, quoted or not. The rest of its text follows. */
const placeholder = /'*%(?:\d+\$)?[sLI][^']*'+/y;

function findValue(text: string, word: Word): NamedSecret | undefined {
  const assigned = matchEnd(assignment, text, word.end);
  const isAssigned = assigned > word.end;
  const start = isAssigned
    ? assigned
    : matchEnd(blank, text, matchEnd(operator, text, matchEnd(blank, text, word.end)));
  if (start === word.end && !isKeyword(text, word)) return undefined;
  const joined = matchEnd(continuation, text, start);
  const quoted = joined > start ? endOfLiterals(text, joined - 1) : endOfText(text, start);
  const end = quoted ?? endOfBare(text, word, start);
  const quote = isAssigned || quoted === undefined ? '' : text[start] === '"' ? '"' : "'";
  return end === undefined ? undefined : { start, end, shown: quote + mask + quote };
}

/** Whether `PASSWORD'…'` stands there: the quote behind `"/etc/passwd"` and `'wrong password'` ends something. */
function isKeyword(text: string, { start, end }: Word): boolean {
  if (!/^(?:\s|$)/.test(text.slice(start - 1, start)) || text[end] !== "'") return false;
  return matchEnd(continuation, text, end) > end || /[^\s;:,)]/.test(text.charAt(end + 1));
}

function endOfText(text: string, start: number): number | undefined {
  const formatted = matchEnd(placeholder, text, start);
  const replaced = formatted > start ? endOfLiterals(text, formatted) : undefined;
  return replaced ?? endOfQuoted(text, start);
}

const bareValue = /(?:\\.|[^\s'"])+/sy;
const urlValue = /[^\s'"&]+/y;
/** A connection string begins there, or another of its parameters ends. */
const connectionString = /(?:['"$]|\w\s*=\s*(?:'+[^']*'+|[^\s,;'=]+)\s+)$/;

/** With blanks around `=` it must be in a connection string, as SQL compares columns in this way. */
function endOfBare(text: string, word: Word, start: number): number | undefined {
  const before = text.slice(Math.max(0, word.start - 200), word.start);
  const between = text.slice(word.end, start);
  const isPossible = /\s/.test(between)
    ? /^\s*=\s*$/.test(between) && connectionString.test(before)
    : /^(?:=|%3D)$/i.test(between);
  const end = isPossible ? matchEnd(/[?&]$/.test(before) ? urlValue : bareValue, text, start) : start;
  return end > start ? end : undefined;
}

const untilLiteral = /[^;'$]*/y;

/** @returns where the last of the literals ends that follow before a semicolon; undefined where none does. */
function endOfLiterals(text: string, from: number): number | undefined {
  let end: number | undefined;
  let at = matchEnd(untilLiteral, text, from);
  while (at < text.length && text[at] !== ';') {
    const behindLiteral = endOfQuoted(text, at);
    end = behindLiteral ?? end;
    at = matchEnd(untilLiteral, text, behindLiteral ?? at + 1);
  }
  return end;
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
