/**
 * Reads clauses that CockroachDB, YugabyteDB and Aurora DSQL have and PostgreSQL's grammar has not: blanks, or words of PostgreSQL, stand
 * in their place while the text is parsed. What is sent is the text itself.
 */

import { visitTokens } from './tokens.js';

interface TextParser {
  parseSync(text: string): unknown;
}

/** A text whose clauses of others cannot be replaced is parsed as it is, so that an error is about what is written there. */
export function withOtherSyntax<P extends TextParser>(parser: P): P {
  const parseSync = (text: string) => {
    const masked = maskOtherSyntax(text);
    if (masked === text) return parser.parseSync(text);
    try {
      return parser.parseSync(masked);
    } catch {
      return parser.parseSync(text);
    }
  };
  return { ...parser, parseSync };
}

interface Token {
  start: number;
  end: number;
  /** In capitals where it is a word. */
  word: string;
}

/** What stands in the place of a part of the text. */
interface Mask {
  start: number;
  end: number;
  /** Not longer than the part; blanks fill the rest. */
  by: string;
}

/** @returns a text in which each place is as many bytes of UTF-8 from the beginning as in the original. */
export function maskOtherSyntax(text: string): string {
  const masks = statementsOf(text).flatMap(findMasks);
  let result = '';
  let behind = 0;
  for (const { start, end, by } of masks) {
    const part = text.slice(start, end);
    // A comment may be in the middle of the clause.
    if (!/^[ -~\s]*$/.test(part.slice(0, by.length)) || part.length < by.length) continue;
    result += text.slice(behind, start) + by + blank(part.slice(by.length));
    behind = end;
  }
  return result + text.slice(behind);
}

/** Lines stay lines, so that places in them stay. */
function blank(part: string): string {
  return part.replace(/[^\r\n]+/g, (line) => ' '.repeat(new TextEncoder().encode(line).length));
}

/** The tokens of each statement. */
function statementsOf(text: string): Token[][] {
  const statements: Token[][] = [[]];
  visitTokens(text, (start, end) => {
    const word = text.slice(start, end).toUpperCase();
    if (word === ';') statements.push([]);
    else statements.at(-1)?.push({ start, end, word });
  });
  return statements;
}

/** The masks of one statement that is about a table or an index, in their order. */
function findMasks(tokens: Token[]): Mask[] {
  const verb = tokens[0]?.word;
  if (verb !== 'CREATE' && verb !== 'ALTER') return [];
  const masks: Mask[] = [];
  for (let index = 0; index < tokens.length; ) {
    const found = findClause(tokens, index, verb);
    masks.push(...found.masks);
    index = found.next;
  }
  return masks;
}

interface Clause {
  masks: Mask[];
  /** The index of the token behind it. */
  next: number;
}

function findClause(tokens: Token[], index: number, verb: 'CREATE' | 'ALTER'): Clause {
  const words = (...expected: string[]) => expected.every((word, at) => tokens[index + at]?.word === word);
  const hide = (next: number, by = ''): Clause => ({ masks: [maskOf(tokens, index, next, by)], next });
  const end = tokens.length;
  // A place where PostgreSQL wants an action gets one that changes nothing of tables and columns.
  if (verb === 'ALTER' && (words('SPLIT', 'AT') || words('SET', 'LOCALITY'))) return hide(end, 'SET (k=1)');
  if (words('SPLIT', 'AT') || words('SPLIT', 'INTO')) return hide(end);
  if (words('LOCALITY', 'GLOBAL') || words('LOCALITY', 'REGIONAL')) return hide(end);
  if (words('INDEX', 'ASYNC')) return { masks: [maskOf(tokens, index + 1, index + 2, '')], next: index + 2 };
  if (words('STORING', '(')) return hide(index + 1, 'INCLUDE');
  if (words('USING', 'HASH') && tokens[index - 1]?.word === ')') return hide(index + 2);
  if (words('HASH', 'SHARDED')) return hide(index + 2);
  if (words('PRIMARY', 'KEY', '(')) return hidePartition(tokens, index + 2);
  return { masks: [], next: index + 1 };
}

/** `((a, b) HASH, c ASC)`: how YugabyteDB places rows by their key. @param open the index of the first parenthesis. */
function hidePartition(tokens: Token[], open: number): Clause {
  const masks: Mask[] = [];
  let depth = 1;
  let index = open + 1;
  for (; index < tokens.length && depth > 0; index += 1) {
    const { word } = tokens[index] as Token;
    if (word === '(') depth += 1;
    const isInner = depth > 1 && (word === '(' || word === ')');
    if (word === ')') depth -= 1;
    const [before, next] = [tokens[index - 1]?.word ?? '', tokens[index + 1]?.word ?? ''];
    const isOrder = ['HASH', 'ASC', 'DESC'].includes(word) && !'(,'.includes(before) && '),'.includes(next);
    if (isInner || isOrder) masks.push(maskOf(tokens, index, index + 1, ''));
  }
  return { masks, next: index };
}

function maskOf(tokens: Token[], from: number, next: number, by: string): Mask {
  return { start: (tokens[from] as Token).start, end: (tokens[next - 1] as Token).end, by };
}
