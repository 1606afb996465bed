/** Takes an up.sql apart into statements with the comments around them, some of which are replaced by pieces. */

import type { Statement } from '../../parse.js';
import type { Draft } from './draft.js';
import type { Piece, StatementFix } from './statement-fix.js';

/** One statement of the fixed history. */
export interface Unit {
  /** Whether it is part of what replaces a statement. */
  isNew: boolean;
  /** With its semicolon and the comments before it. */
  text: string;
  isTransactional: boolean;
  isApart: boolean;
  label: string;
  undo?: string;
  alwaysUndo?: string;
}

/**
 * @param statements those of the draft's up.sql
 * @param fixed index of the statement that is replaced
 */
export function takeApart(
  { up, isTransactional }: Draft,
  statements: readonly Statement[],
  [fixed, fix]: readonly [fixed: number, fix: StatementFix],
): Unit[] {
  const units: Unit[] = [];
  let from = 0;
  for (const [index, { start, end }] of statements.entries()) {
    const next = index === statements.length - 1 ? up.length : behind(up, end);
    const kept = { isNew: false, isTransactional, isApart: false, label: 'continued' };
    if (index === fixed) units.push(...replace(up.slice(from, start), fix, isTransactional));
    else units.push({ ...kept, text: up.slice(from, next) });
    from = next;
  }
  return units;
}

/** Behind the semicolon and what else stands on its line. */
function behind(text: string, end: number): number {
  const semicolon = text.indexOf(';', end) + 1;
  const rest = /^[ \t]*(--[^\n]*)?\r?\n?/.exec(text.slice(semicolon))?.[0] ?? '';
  return semicolon + rest.length;
}

/** Where each statement runs alone anyway, nothing needs a migration of its own. */
function replace(before: string, fix: StatementFix, isTransactional: boolean): Unit[] {
  return fix.map((piece: Piece, index) => ({
    ...piece,
    isNew: true,
    text: `${index === 0 ? before : ''}${piece.sql};\n`,
    isTransactional: isTransactional && piece.isTransactional,
    isApart: isTransactional && piece.isApart,
  }));
}

/** Neighbours that may share a migration. */
export function groupUnits(units: readonly Unit[]): Unit[][] {
  const groups: Unit[][] = [];
  for (const unit of units) {
    const last = groups.at(-1);
    const fits = last && !unit.isApart && last[0]?.isTransactional === unit.isTransactional;
    if (fits) last.push(unit);
    else groups.push([unit]);
  }
  return groups;
}
