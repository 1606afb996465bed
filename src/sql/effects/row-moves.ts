/** Reads whether a migration may move rows or values, so that applying it again does not bring them back. */

import { type Parser, tryParse } from '../syntax/parse.js';
import type { Effect } from './effect.js';
import { readEffects } from './read-effects.js';

/** What one migration does with rows that were there before it. */
export interface RowMoves {
  /** It reads rows of a table while it runs, as INSERT … SELECT and UPDATE … FROM do. */
  readsRows: boolean;
  /** It deletes rows, or drops a table or column. */
  takesAway: boolean;
  /** Names of the tables and columns that it makes. */
  makes: ReadonlySet<string>;
}

/** @returns undefined for text that is no SQL. */
export function readRowMoves(parser: Parser, text: string): RowMoves | undefined {
  if (!tryParse(parser, text)) return undefined;
  const { effects, opaque } = readEffects(parser, text);
  const now = effects.filter(({ when, isImplicit }) => when !== 'later' && !isImplicit);
  const mayTake = opaque.length > 0 && /\b(?:drop|delete|truncate)\b/i.test(text);
  return {
    readsRows: mayTake || now.some(({ action }) => action === 'read'),
    takesAway: mayTake || now.some(takesRows),
    makes: new Set(now.filter(({ action }) => action === 'create').map(({ object }) => object.name)),
  };
}

const withRows: ReadonlySet<string> = new Set(['table', 'relation', 'column', 'schema', 'materialized view']);

function takesRows({ action, object, rowAccess }: Effect): boolean {
  return (
    action === 'delete' || rowAccess === 'truncation' || (action === 'drop' && withRows.has(object.kind))
  );
}
