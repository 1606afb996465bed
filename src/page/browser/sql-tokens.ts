/** Cuts SQL into parts of one colour each. */

import { visitTokens } from '../../sql/syntax/tokens.js';

export interface ColouredPart {
  kind: 'plain' | 'comment' | 'keyword' | 'string' | 'name' | 'number';
  text: string;
}

const keywords = new Set(
  `add all alter and any array as asc begin between by cascade case cast check collate column comment commit concurrently
  conflict constraint create cross current database default deferrable deferred delete desc distinct do domain drop else end
  enum except exclude execute exists extension false for foreign from full function generated grant group having identity if
  immutable in index inner insert into is join key language lateral left like limit lock materialized natural not nothing null
  of off offset on only or order out outer over owner partition perform policy primary privileges procedure publication raise
  references refresh rename replace restrict return returning returns revoke right role rollback row rows schema security select
  sequence set stable strict table temp temporary then to trigger true truncate type union unique update using valid validate
  values view volatile when where window with without`.split(/\s+/),
);

/** All parts of the text, in order. */
export function colourSql(sql: string): ColouredPart[] {
  const parts: ColouredPart[] = [];
  let at = 0;
  const between = (end: number) => {
    const text = sql.slice(at, end);
    if (text !== '') parts.push({ kind: text.trim() === '' ? 'plain' : 'comment', text });
  };
  visitTokens(sql, (start, end) => {
    between(start);
    const text = sql.slice(start, end);
    parts.push({ kind: kindOf(text), text });
    at = end;
  });
  between(sql.length);
  return parts;
}

function kindOf(token: string): ColouredPart['kind'] {
  if (keywords.has(token.toLowerCase())) return 'keyword';
  if (/^[eE]?'|^\$.*\$$/s.test(token)) return 'string';
  if (token.startsWith('"')) return 'name';
  return /^\d/.test(token) ? 'number' : 'plain';
}
