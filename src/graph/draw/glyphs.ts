/** Writes a row of lanes in box drawing characters, or in ASCII. */

import type { LaneCell, LaneRow } from './lanes.js';

/** The characters of a drawing, by what they connect. */
export interface Glyphs {
  pass: string;
  across: string;
  fold: string;
  /** A line that passes, with an edge to the left, to the right, or to both. */
  branch: Sides;
  /** A line that ends. */
  end: Sides;
}

interface Sides {
  left: string;
  right: string;
  both: string;
}

export const boxGlyphs: Glyphs = {
  pass: '│',
  across: '─',
  fold: '⋮',
  branch: { left: '┤', right: '├', both: '┼' },
  end: { left: '╯', right: '╰', both: '┴' },
};

export const asciiGlyphs: Glyphs = {
  pass: '|',
  across: '-',
  fold: ':',
  branch: { left: '+', right: '+', both: '+' },
  end: { left: "'", right: '`', both: "'" },
};

/** A row's text left and right of its node, which is one character wide. */
export interface DrawnRow {
  before: string;
  after: string;
}

/** A line that passes an edge is not interrupted: `│` stands in it, where a branch has `├`. */
export function drawRow(row: LaneRow, glyphs: Glyphs): DrawnRow {
  const text = row.cells
    .map((cell, lane) => `${drawCell(cell, sideOf(row, lane), glyphs)}${gapBehind(row, lane, glyphs)}`)
    .join('');
  return { before: text.slice(0, 2 * row.lane), after: text.slice(2 * row.lane + 1).trimEnd() };
}

/** The lines that pass between a row and the next. */
export function drawGap(row: LaneRow, { pass }: Glyphs): string {
  const isLine = (cell: LaneCell) => cell === 'pass' || cell === 'branch' || (cell === 'node' && row.isOpen);
  return row.cells
    .map((cell) => (isLine(cell) ? `${pass} ` : '  '))
    .join('')
    .trimEnd();
}

function sideOf({ span: [first, last] }: LaneRow, lane: number): keyof Sides {
  if (lane > first && lane < last) return 'both';
  return lane === first ? 'right' : 'left';
}

function drawCell(cell: LaneCell, side: keyof Sides, glyphs: Glyphs): string {
  switch (cell) {
    case 'pass':
      return glyphs.pass;
    case 'across':
      return glyphs.across;
    case 'branch':
      return glyphs.branch[side];
    case 'end':
      return glyphs.end[side];
    case 'node':
    case 'empty':
      return ' ';
  }
}

function gapBehind({ span: [first, last] }: LaneRow, lane: number, { across }: Glyphs): string {
  return lane >= first && lane < last ? across : ' ';
}
