/** Reads SQL as a server does whose plain string literals take backslashes as escapes (`standard_conforming_strings = off`). */

/**
 * How plain string literals are read: `'it\'s'` is one literal with `backslashes`, and ends behind the backslash without. With `other
 * syntax` as without, and clauses of other servers are read, too.
 */
export type Literals = 'standard' | 'backslashes' | 'other syntax';

/** A parser that knows only standard literals is shown a quote that is escaped by a quote; every place stays where it is. */
export function withBackslashes<P extends TextParser>(parser: P): P {
  return {
    ...parser,
    parseSync: (text: string) => parser.parseSync(escapeByQuotes(text)),
    scanSync: (text: string) => parser.scanSync(escapeByQuotes(text)),
  };
}

interface TextParser {
  parseSync(text: string): unknown;
  scanSync(text: string): unknown;
}

const tokens =
  /--[^\n]*|\/\*|"[^"]*"|(?<![\w$\u0080-\uffff])\$([A-Za-z_\u0080-\uffff][\w\u0080-\uffff]*)?\$|(?<![\w$\u0080-\uffff])[eE]'(?:[^'\\]|\\[\s\S]|'')*'|'(?:[^'\\]|\\[\s\S]|'')*'/g;

/** Of the same length, with `''` for each `\'` in a plain literal. */
export function escapeByQuotes(text: string): string {
  let result = '';
  let end = 0;
  const pattern = new RegExp(tokens);
  for (let match = pattern.exec(text); match; match = pattern.exec(text)) {
    const [token] = match;
    const behind = endOf(text, match.index, token);
    const isPlain = token.startsWith("'");
    result += text.slice(end, match.index);
    result += isPlain ? escapeLiteral(token) : text.slice(match.index, behind);
    end = behind;
    pattern.lastIndex = behind;
  }
  return result + text.slice(end);
}

function escapeLiteral(literal: string): string {
  const escaped = literal
    .slice(1, -1)
    .replace(/\\([\s\S])/g, (pair, character) => (character === "'" ? "''" : pair));
  return `'${escaped}'`;
}

function endOf(text: string, start: number, token: string): number {
  if (token === '/*') return endOfComment(text, start);
  const behind = start + token.length;
  if (!token.startsWith('$')) return behind;
  const found = text.indexOf(token, behind);
  return found < 0 ? text.length : found + token.length;
}

/** Comments nest. */
function endOfComment(text: string, start: number): number {
  const edges = /\/\*|\*\//g;
  edges.lastIndex = start;
  let depth = 0;
  for (let edge = edges.exec(text); edge; edge = edges.exec(text)) {
    depth += edge[0] === '/*' ? 1 : -1;
    if (depth === 0) return edges.lastIndex;
  }
  return text.length;
}
