/** Finds the table of which a SQLite statement deletes some rows, by name or because others take their place. */

import type { SqliteToken } from '../../../connections/sqlite/tokens.js';
import { isWord, meansEveryRow, outerTokens } from './emptied-by.js';
import { deletedFrom, replacedIn } from './statement-names.js';

export interface ThinnedTable {
  name: string;
  /** As `FoundName` has it. */
  schema?: string;
  /** The rows that go, as SQL; undefined where any row may go. */
  rows?: {
    /** The table with its alias. */
    from: string;
    condition: string;
  };
}

/** @returns undefined for a statement that deletes no rows, or all. */
export function thinnedBy(text: string, tokens: readonly SqliteToken[]): ThinnedTable | undefined {
  const outer = outerTokens(tokens, 'DELETE');
  const deleted = deletedFrom(outer);
  if (!deleted) return replacedIn(tokens);
  const where = outer.findIndex((token) => isWord(token, 'WHERE'));
  if (where < 0 || meansEveryRow(outer.slice(where + 1))) return undefined;
  // The condition may name the queries of WITH.
  if (outer[0] !== tokens[0]) return deleted;
  const end = outer.find(({ kind, value }) => value === ';' || (kind === 'word' && behind.has(value)));
  const from = text.slice(outer[2]?.start, outer[where]?.start);
  return { ...deleted, rows: { from, condition: text.slice(outer[where]?.end, end?.start) } };
}

/** Words behind a condition. */
const behind: ReadonlySet<string> = new Set(['RETURNING', 'ORDER', 'LIMIT']);
