/** Replaces a statement of an up.sql by pieces, and forms migrations of what can share one. */

import { readDirectives } from '../../effects/directives.js';
import type { Statement } from '../../syntax/parse.js';
import { createPlacer } from '../../syntax/text-places.js';
import { readIgnoreComments } from '../ignored.js';
import type { Draft } from './draft.js';
import { cutSlices, type Slice } from './slices.js';
import type { FixPart, StatementFix } from './statement-fix.js';

/** One statement of the fixed history. */
export interface Unit extends Omit<FixPart, 'sql'> {
  /** Whether it is part of what replaces a statement. */
  isNew: boolean;
  /** With its semicolon and the comments before it. */
  text: string;
  /** The statement alone, where it changes how those behind it are read: every migration that follows needs it, too. */
  setting?: string;
}

/** The parts of a split up.sql. */
export interface Units {
  units: readonly Unit[];
  /** Comments about the file as a whole, which every migration that comes of it needs. */
  about: readonly string[];
}

/**
 * @param statements those of the draft's up.sql
 * @param fixed index of the statement that is replaced
 * @returns undefined where the file controls transactions
 */
export function takeApart(
  { up, isTransactional }: Draft,
  statements: readonly Statement[],
  [fixed, fix]: readonly [fixed: number, fix: StatementFix],
): Units | undefined {
  const slices = cutSlices(up, statements, { isTransactional });
  const comments = readIgnoreComments(up, readDirectives(up, createPlacer(up)), statements).map(
    ({ start, about }) => ({ about, text: /^.*/.exec(up.slice(start))?.[0] ?? '' }),
  );
  const ownComments = comments.filter(({ about }) => about === statements[fixed]).map(({ text }) => text);
  const units = slices?.flatMap((slice) =>
    slice.statement === statements[fixed]
      ? replace(slice, fix, { isTransactional, comments: ownComments })
      : [keep(slice, isTransactional)],
  );
  return units && { units, about: comments.filter(({ about }) => !about).map(({ text }) => text) };
}

function keep({ lead, sql, rest, isSetting }: Slice, isTransactional: boolean): Unit {
  const text = `${lead}${sql};${rest}`;
  const setting = isSetting ? { setting: sql } : {};
  return { isNew: false, isTransactional, isApart: false, label: 'continued', text, ...setting };
}

/** If each statement runs alone anyway, no statement needs a separate migration. */
function replace(
  { lead, rest }: Slice,
  fix: StatementFix,
  { isTransactional, comments }: { isTransactional: boolean; comments: readonly string[] },
): Unit[] {
  return fix.map(({ sql, ...piece }, index) => ({
    ...piece,
    isNew: true,
    text: index === 0 ? `${lead}${sql};${rest}` : `${comments.map((line) => `${line}\n`).join('')}${sql};\n`,
    isTransactional: isTransactional && piece.isTransactional,
    isApart: isTransactional && piece.isApart,
  }));
}

/** Neighbours that may share a migration. */
export interface Group {
  /** Of the migration; of the first unit that is no setting. */
  label: string;
  isTransactional: boolean;
  units: Unit[];
  /** Settings of earlier groups, in their order. */
  settings: readonly string[];
}

/** Whether each of its statements has a transaction of its own. */
export function isByStatement({ isTransactional }: Group): boolean {
  return !isTransactional;
}

/** Settings go along with what is behind them. */
export function groupUnits(units: readonly Unit[]): Group[] {
  const groups: Group[] = [];
  const settings: string[] = [];
  let waiting: Unit[] = [];
  for (const unit of units) {
    const last = groups.at(-1);
    if (unit.setting !== undefined) waiting.push(unit);
    else {
      const { label, isTransactional, isApart } = unit;
      if (last && !isApart && last.isTransactional === isTransactional) last.units.push(...waiting, unit);
      else groups.push({ label, isTransactional, settings: [...settings], units: [...waiting, unit] });
      settings.push(...waiting.flatMap(({ setting = [] }) => setting));
      waiting = [];
    }
  }
  groups.at(-1)?.units.push(...waiting);
  return groups;
}
