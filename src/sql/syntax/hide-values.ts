/** Hides the values in a statement that somebody else wrote: literals, numbers and comments may hold secrets. */

import { printableLine } from '../../outside-text.js';

/** More of a statement than this is not needed to recognise it. */
const maxCharacters = 200;

const patterns = {
  blank: /(?:\s+|--[^\n]*)+/y,
  dollar: /\$(?:[A-Za-z_\u0080-\uffff][\w\u0080-\uffff]*)?\$/y,
  parameter: /\$\d+/y,
  literal: /(?:[bBnNxX]|[uU]&)?'/y,
  escapeLiteral: /[eE]'/y,
  name: /(?:[uU]&)?"(?:[^"]|"")*"/y,
  word: /[A-Za-z_\u0080-\uffff][\w$\u0080-\uffff]*/y,
  number: /(?:\d|\.\d)(?:[\w.]|(?<=[eE])[+-])*/y,
} as const;

interface Token {
  kind: keyof typeof patterns | 'other';
  /** As it is shown. */
  text: string;
  /** Undefined if its end is unknown. */
  end: number | undefined;
}

/**
 * @param sql as `pg_stat_activity` shows it: it may be cut off anywhere, and it may be of a session that reads backslashes
 *   as escapes. What can be read in two ways is hidden with all that follows.
 * @returns one printable line of some 200 characters, with `?` for each value, and `…` where something is left out.
 */
export function hideValues(sql: string): string {
  const isInSetting = followSettings();
  let shown = '';
  for (const token of readTokens(sql)) {
    if (!isInSetting(token) && !(token.kind === 'blank' && shown.endsWith(' '))) shown += token.text;
    if (shown.length > maxCharacters) break;
  }
  const cut = shown.trim();
  // Quoted names may hold any character.
  return printableLine(cut.length > maxCharacters ? `${cut.slice(0, maxCharacters)}…` : cut);
}

function* readTokens(sql: string): Generator<Token> {
  for (let position = 0; position < sql.length; ) {
    const token = readToken(sql, position);
    yield token.end === undefined ? { ...token, kind: 'other', text: '?…' } : token;
    position = token.end ?? sql.length;
  }
}

type SettingState = 'start' | 'definition' | 'set' | 'value' | 'other';

/**
 * The value of a setting may be a bare word, also behind ALTER ROLE and the like.
 * @returns whether a token is part of one, asked in their order.
 */
function followSettings(): (token: Token) => boolean {
  let place: SettingState = 'start';
  return (token) => {
    if (token.kind === 'blank') return place === 'value';
    if (place === 'value' && token.text !== ';') return true;
    place = placeBehind(token.text, place);
    if (place === 'value') token.text += ' ?';
    return false;
  };
}

function placeBehind(token: string, place: SettingState): SettingState {
  if (token === ';') return 'start';
  if (place === 'other') return 'other';
  if (/^set$/i.test(token)) return 'set';
  if (place === 'start') return /^(?:alter|create)$/i.test(token) ? 'definition' : 'other';
  return place === 'set' && /^(?:=|to)$/i.test(token) ? 'value' : place;
}

function readToken(sql: string, start: number): Token {
  const comment = sql.startsWith('/*', start) ? endOfComment(sql, start) : start;
  if (comment !== start) return { kind: 'blank', text: ' ', end: comment };
  for (const [kind, pattern] of Object.entries(patterns) as [keyof typeof patterns, RegExp][]) {
    pattern.lastIndex = start;
    const text = pattern.exec(sql)?.[0];
    if (text !== undefined) return describe(sql, start, { kind, text });
  }
  return { kind: 'other', text: sql[start] as string, end: sql[start] === '"' ? undefined : start + 1 };
}

function describe(sql: string, start: number, { kind, text }: Omit<Token, 'end'>): Token {
  const behind = start + text.length;
  switch (kind) {
    case 'blank':
      return { kind, text: ' ', end: behind };
    case 'dollar':
      return { kind, text: '?', end: endBehind(sql, text, behind) };
    case 'literal':
      return { kind, text: '?', end: endOfLiteral(sql, behind) };
    case 'escapeLiteral':
      return { kind, text: '?', end: endOfEscapes(sql, behind) };
    case 'number':
      return { kind, text: '?', end: behind };
    default:
      return { kind, text, end: behind };
  }
}

function endBehind(sql: string, closing: string, from: number): number | undefined {
  const found = sql.indexOf(closing, from);
  return found < 0 ? undefined : found + closing.length;
}

/** Whether a backslash before a quote escapes it depends on `standard_conforming_strings` of that session. */
function endOfLiteral(sql: string, from: number): number | undefined {
  const end = endOfEscapes(sql, from);
  return end !== undefined && end === endOfPlain(sql, from) ? end : undefined;
}

function endOfPlain(sql: string, from: number): number | undefined {
  return matchEnd(/(?:[^']|'')*'(?!')/y, sql, from);
}

function endOfEscapes(sql: string, from: number): number | undefined {
  return matchEnd(/(?:[^'\\]|''|\\[\s\S])*'(?!')/y, sql, from);
}

function matchEnd(pattern: RegExp, sql: string, from: number): number | undefined {
  pattern.lastIndex = from;
  return pattern.test(sql) ? pattern.lastIndex : undefined;
}

/** Comments nest. */
function endOfComment(sql: string, start: number): number | undefined {
  const edges = /\/\*|\*\//g;
  edges.lastIndex = start;
  let depth = 0;
  for (let edge = edges.exec(sql); edge; edge = edges.exec(sql)) {
    depth += edge[0] === '/*' ? 1 : -1;
    if (depth === 0) return edges.lastIndex;
  }
  return undefined;
}
