/** The replacement of a statement that a rule reports. */

import type { LintedStatement } from '../rule.js';

/** One statement, without its semicolon. */
export interface FixPart {
  sql: string;
  /** Whether it belongs into a transaction. */
  isTransactional: boolean;
  /** Whether what is before it must have been committed. */
  isApart: boolean;
  /** The name suffix of a new migration that begins with it. */
  label: string;
  /** Takes the piece back, where nothing in the down.sql does. */
  undo?: string;
  /** Takes it back, whatever the down.sql does. */
  alwaysUndo?: string;
}

/** The pieces run in this order. */
export type StatementFix = readonly FixPart[];

/**
 * Rewrites the statement for one rule.
 * @param at UTF-16 index into the up.sql of what the rule found
 * @returns undefined where that takes somebody who knows more
 */
export type Fixer = (statement: LintedStatement, at: number) => StatementFix | undefined;

/** A piece that stays in its transaction. */
export function together(sql: string, words: Pick<FixPart, 'undo' | 'alwaysUndo'> = {}): FixPart {
  return { sql, isTransactional: true, isApart: false, label: 'continued', ...words };
}

/** A piece for a transaction of its own. */
export function apart(sql: string, label: string, words: Pick<FixPart, 'undo' | 'alwaysUndo'> = {}): FixPart {
  return { sql, isTransactional: true, isApart: true, label, ...words };
}

/** A piece that no transaction takes. */
export function alone(sql: string, words: Pick<FixPart, 'undo' | 'alwaysUndo'> = {}): FixPart {
  return { sql, isTransactional: false, isApart: false, label: 'concurrently', ...words };
}
