/** The screen of `graph`: lanes, marks, names and notes. */

import { type GraphMark, markOf } from '../../../engine/ledger/state-names.js';
import { counted } from '../../../graph/counted.js';
import { type FoldedRow, foldChains } from '../../../graph/draw/fold.js';
import { asciiGlyphs, boxGlyphs, drawGap, drawRow, type Glyphs } from '../../../graph/draw/glyphs.js';
import { type LaneRow, layOutLanes } from '../../../graph/draw/lanes.js';
import { padText, textWidth } from '../../../graph/draw/text-width.js';
import type { GraphDescription, GraphMigration } from '../../../index.js';
import { printableLine } from '../../../outside-text.js';
import { shortPath } from '../excerpt.js';
import type { Style } from '../style.js';
import { fitPieces, type Piece, widthOf } from './fit-pieces.js';
import { markGlyph, marks } from './marks.js';
import { graphNotes } from './notes.js';

/** How the graph is drawn. */
export interface GraphScreen {
  /** The folder that file names are shown relative to. */
  cwd: string;
  style: Style;
  /** The terminal's width; undefined if stdout is none. */
  columns: number | undefined;
  isAscii: boolean;
  /** Long chains are shown whole. */
  isUnfolded: boolean;
  /** All reasons of an edge are shown. */
  isVerbose: boolean;
}

/** One row for each migration or folded chain, then the counts. */
export function formatGraph(description: GraphDescription, screen: GraphScreen): string {
  const { migrations } = description;
  const byId = new Map(migrations.map((migration) => [migration.id, migration]));
  const nodes = migrations.map(({ id, shownParents }) => ({ id, parents: shownParents }));
  const rows = layOutLanes(nodes, maxLines(screen.columns));
  const hasReasons = migrations.some(({ reasons }) => reasons);
  const find = (id: string) => byId.get(id) as GraphMigration;
  const groupOf = (id: string) => groupKey(find(id));
  const shown: FoldedRow[] =
    screen.isUnfolded || hasReasons ? rows.map((row) => ({ row })) : foldChains(rows, groupOf);
  const drawing: Drawing = {
    byId,
    nameOf: namer(migrations),
    glyphs: screen.isAscii ? asciiGlyphs : boxGlyphs,
    width: Math.max(0, ...rows.map((row) => laneWidth(row))),
    nameWidth: nameWidth(shown.filter(({ folded }) => folded === undefined).map(({ row }) => find(row.id))),
    screen,
  };
  const lines = shown.flatMap((row) => formatRow(row, drawing));
  return [...lines, ...(lines.length > 0 ? [''] : []), ...formatCounts(description, screen), ''].join('\n');
}

interface Drawing {
  byId: ReadonlyMap<string, GraphMigration>;
  nameOf: (id: string) => string;
  glyphs: Glyphs;
  /** Of the lanes, in characters. */
  width: number;
  nameWidth: number;
  screen: GraphScreen;
}

/** A name is padded up to this length, so that one long name does not push all notes away. */
const maxNameWidth = 40;

function nameWidth(migrations: readonly GraphMigration[]): number {
  return Math.min(maxNameWidth, Math.max(0, ...migrations.map(({ name }) => textWidth(printableLine(name)))));
}

/** Lines beside each other; more of them could not be followed with the eyes. */
function maxLines(columns = 80): number {
  return Math.min(12, Math.max(3, Math.floor(columns / 10)));
}

function laneWidth({ cells }: LaneRow): number {
  return cells.length * 2 - 1;
}

/** What differs in it is not folded into one row. */
function groupKey(migration: GraphMigration): string {
  return [markOf(migration), migration.branch, migration.redundantParents?.length].join(' ');
}

/** Names, or ids where several migrations have the same name. */
function namer(migrations: readonly GraphMigration[]): (id: string) => string {
  const counts = new Map<string, number>();
  for (const { name } of migrations) counts.set(name, (counts.get(name) ?? 0) + 1);
  const names = new Map(migrations.map(({ id, name }) => [id, counts.get(name) === 1 ? name : id]));
  return (id) => printableLine(names.get(id) ?? id);
}

function formatRow({ row, folded }: FoldedRow, drawing: Drawing): string[] {
  const { glyphs, width, screen } = drawing;
  const { style } = screen;
  const { before, after } = drawRow(row, glyphs);
  const lanes = (mark: string, paint: Paint): Piece[] => [
    { text: before, paint: style.dim },
    { text: mark, paint },
    { text: after.padEnd(width - before.length - 1), paint: style.dim },
  ];
  if (folded !== undefined) {
    const pieces = [...lanes(glyphs.fold, style.dim), { text: `  ${folded} more`, paint: style.dim }];
    return [fitLine(pieces, screen)];
  }
  const migration = drawing.byId.get(row.id) as GraphMigration;
  const mark = markOf(migration);
  const pieces = [
    ...lanes(markGlyph(mark, screen), style[marks[mark].colour]),
    ...labelOf(migration, row, drawing),
  ];
  return [fitLine(pieces, screen), ...formatReasons(migration, row, drawing)];
}

type Paint = (text: string) => string;

function labelOf(migration: GraphMigration, row: LaneRow, drawing: Drawing): Piece[] {
  const { screen, width, nameWidth } = drawing;
  const { style, columns = Number.POSITIVE_INFINITY } = screen;
  const { timestamp, name, isHead } = migration;
  const time: Piece = { text: `  ${timestamp} `, paint: style.dim };
  const room = columns - width - widthOf([time]);
  const whole = notesOf(migration, row, drawing);
  const isWide = Math.min(textWidth(printableLine(name)), leastNameWidth) + widthOf(whole) > room;
  const shortName = (id: string) =>
    fitLine([{ text: drawing.nameOf(id) }], { ...screen, columns: leastNameWidth });
  const notes = isWide ? notesOf(migration, row, { ...drawing, nameOf: shortName }) : whole;
  const text = fitName(printableLine(name), {
    room: room - widthOf(notes),
    padded: notes.length > 0 ? nameWidth : 0,
    screen,
  });
  return [time, { text, ...(isHead ? { paint: style.bold } : {}) }, ...notes];
}

function notesOf(migration: GraphMigration, { unlinked }: LaneRow, { nameOf, screen }: Drawing): Piece[] {
  const { style } = screen;
  const notes = graphNotes(migration, { unlinked, nameOf, style });
  return notes.flatMap((note, index) => [{ text: index === 0 ? '  ' : ' · ', paint: style.dim }, note]);
}

/** Names are not cut below this length: the end of the line is cut then. */
const leastNameWidth = 24;

interface NameSetting {
  /** The width that the rest of the row leaves. */
  room: number;
  /** The width of the names of all rows; 0 without notes. */
  padded: number;
  screen: GraphScreen;
}

/** The name, padded like the others, or so short that its notes fit beside it. */
function fitName(name: string, { room, padded, screen }: NameSetting): string {
  if (textWidth(name) <= room) return padText(name, Math.min(padded, room));
  return fitLine([{ text: name }], { ...screen, columns: Math.max(leastNameWidth, room) });
}

function fitLine(pieces: readonly Piece[], { columns, isAscii }: GraphScreen): string {
  return fitPieces(pieces, columns, isAscii ? '...' : undefined);
}

function formatReasons(migration: GraphMigration, row: LaneRow, drawing: Drawing): string[] {
  const { glyphs, width, screen, nameOf } = drawing;
  const gap = drawGap(row, glyphs).padEnd(width);
  const line = (text: string) =>
    fitLine(
      [
        { text: gap, paint: screen.style.dim },
        { text: `      ${text}`, paint: screen.style.dim },
      ],
      screen,
    );
  return (migration.reasons ?? []).flatMap(({ id, reasons }) => {
    if (reasons.length === 0) return [line(`no need for ${nameOf(id)} was found in its SQL`)];
    return reasons
      .slice(0, screen.isVerbose ? reasons.length : 1)
      .map(({ location, message }) =>
        line(`${shortPath(location.file, screen.cwd)}:${location.line}:${location.column} ${message}`),
      );
  });
}

function formatCounts({ isOffline, total, migrations }: GraphDescription, screen: GraphScreen): string[] {
  const shown = migrations.length === total ? '' : `${migrations.length} of `;
  const count = (mark: GraphMark) => migrations.filter((migration) => markOf(migration) === mark).length;
  const states = (Object.keys(marks) as GraphMark[])
    .filter((mark) => mark !== 'unknown' && count(mark) > 0)
    .map((mark) => `${count(mark)} ${screen.style[marks[mark].colour](markGlyph(mark, screen))} ${mark}`);
  const rest = isOffline ? ', states unknown' : states.length > 0 ? `: ${states.join(', ')}` : '';
  return [`${shown}${counted(total, 'migration')}${rest}`];
}
