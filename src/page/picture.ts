/** Draws the rows and lanes of the page. */

import { type LaneRow, layOutLanes } from '../graph/draw/lanes.js';
import { textWidth } from '../graph/draw/text-width.js';
import type { PageConflict, PageMark, PageMigration } from './page-data.js';
import { type DrawnElement, shape } from './shape.js';

/**
 * In pixels: the height of a row, the distance of two lanes, the margin, the room for arcs of conflicts at the left, the radius of a
 * bend and of a mark, the width of a character.
 */
const sizes = { row: 26, lane: 16, margin: 24, arc: 24, bend: 8, mark: 5, character: 7.8 } as const;

/** More lines beside each other could not be followed with the eyes. */
const maxLines = 16;

/** In characters: longer names and notes are cut in the picture. */
const longest = { name: 60, notes: 60 } as const;

const colours = 6;

/** A migration in the picture. Its parents are those to which edges are drawn. */
export type PictureRow = Pick<PageMigration, 'id' | 'name' | 'mark' | 'parents'> & {
  /** Such as `head`. */
  notes: readonly string[];
};

export interface Point {
  x: number;
  y: number;
}

export interface Picture {
  width: number;
  height: number;
  /** Of each migration's mark, by id. */
  places: ReadonlyMap<string, Point>;
  /** In the order of drawing. */
  edges: readonly PictureEdge[];
  shape: DrawnElement;
}

interface PictureEdge {
  parent: string;
  child: string;
  path: string;
}

/** @param rows parents before children. */
export function drawPicture(
  rows: readonly PictureRow[],
  conflicts: readonly Pick<PageConflict, 'ids'>[],
): Picture {
  const lanes = layOutLanes(rows, maxLines);
  const margin = sizes.margin + (conflicts.length > 0 ? sizes.arc : 0);
  const places = new Map(lanes.map(({ id, lane }, index) => [id, placeOf(lane, index, margin)]));
  const laneOf = new Map(lanes.map(({ id, lane }) => [id, lane]));
  const left = margin + (1 + Math.max(-1, ...lanes.map(({ lane }) => lane))) * sizes.lane + 8;
  const edges = lanes.flatMap((row, index) => edgesOf(row, rows[index] as PictureRow, places));
  const width = left + widestText(rows) * sizes.character + sizes.margin;
  const height = rows.length * sizes.row + 2 * sizes.margin;
  const nameOf = new Map(rows.map(({ id, name }) => [id, name]));
  const drawn = lanes.map(({ id, unlinked }, index) => {
    const after =
      unlinked.length > 0 ? [`after ${unlinked.map((parent) => nameOf.get(parent)).join(', ')}`] : [];
    const row = rows[index] as PictureRow;
    return drawRow(
      { ...row, notes: [...after, ...row.notes] },
      { index, left, width },
      places.get(id) as Point,
    );
  });
  const shapes = [
    shape(
      'g',
      { id: 'edges' },
      edges.map(({ parent, path }) => drawEdge(path, laneOf.get(parent) ?? 0)),
    ),
    shape('g', { id: 'marked' }),
    shape(
      'g',
      { id: 'conflicts' },
      conflicts.flatMap(({ ids }, index) => drawConflict(ids, index, places)),
    ),
    shape('g', { id: 'rows' }, drawn),
  ];
  const attributes = { id: 'picture', width, height, viewBox: `0 0 ${width} ${height}` };
  return {
    width,
    height,
    places,
    edges,
    shape: shape('svg', { ...attributes, role: 'presentation' }, shapes),
  };
}

function placeOf(lane: number, index: number, margin: number): Point {
  return { x: margin + lane * sizes.lane, y: sizes.margin + (index + 0.5) * sizes.row };
}

function edgesOf(
  { id, unlinked }: LaneRow,
  { parents }: PictureRow,
  places: ReadonlyMap<string, Point>,
): PictureEdge[] {
  const linked = parents.filter((parent) => !unlinked.includes(parent));
  const child = places.get(id) as Point;
  return linked.map((parent) => ({ parent, child: id, path: edgePath(places.get(parent) as Point, child) }));
}

/** Down the parent's lane, and in the child's row to the child. */
export function edgePath(parent: Point, child: Point): string {
  const side = Math.sign(child.x - parent.x) * sizes.bend;
  if (side === 0) return `M${parent.x} ${parent.y}V${child.y}`;
  const bend = `Q${parent.x} ${child.y} ${parent.x + side} ${child.y}`;
  return `M${parent.x} ${parent.y}V${child.y - sizes.bend}${bend}H${child.x}`;
}

function drawEdge(path: string, lane: number): DrawnElement {
  return shape('path', { class: `edge c${lane % colours}`, d: path });
}

/** An arc at the left of both. */
function drawConflict(
  [one, other]: readonly [string, string],
  index: number,
  places: ReadonlyMap<string, Point>,
): DrawnElement[] {
  const [a, b] = [places.get(one), places.get(other)];
  if (!a || !b) return [];
  const reach = Math.min(a.x, b.x) - 6 - Math.min(48, 8 + Math.abs(a.y - b.y) / 4);
  const path = `M${a.x} ${a.y}C${reach} ${a.y} ${reach} ${b.y} ${b.x} ${b.y}`;
  return [shape('path', { class: 'conflict', d: path, 'data-index': index })];
}

const glyphs: Readonly<Record<PageMark, (radius: number) => string>> = {
  applied: circle,
  changed: (r) => `M${-r} ${-r}H${r}V${r}H${-r}Z`,
  missing: (r) => `M${-r} ${-r}L${r} ${r}M${-r} ${r}L${r} ${-r}`,
  running: (r) => `M${-r} ${-r}L${r} 0L${-r} ${r}Z`,
  pending: circle,
  unknown: circle,
};

function circle(radius: number): string {
  const arc = `a${radius} ${radius} 0 1 0`;
  return `M${-radius} 0${arc} ${2 * radius} 0${arc} ${-2 * radius} 0Z`;
}

function drawRow(
  { id, name, mark, notes }: PictureRow,
  { index, left, width }: { index: number; left: number; width: number },
  { x, y }: Point,
): DrawnElement {
  const title = [id, ...(mark === 'unknown' ? [] : [mark]), ...notes].join(', ');
  const note = shape('tspan', { class: 'note', dx: 10 }, [shorten(notes.join(' · '), longest.notes)]);
  const texts = [
    shape('tspan', { class: 'name' }, [shorten(name, longest.name)]),
    ...(notes.length > 0 ? [note] : []),
  ];
  return shape('g', { class: `row ${mark}`, role: 'option', id: `row-${index}`, 'aria-label': title }, [
    shape('title', {}, [title]),
    shape('rect', { class: 'hit', x: 0, y: y - sizes.row / 2, width, height: sizes.row }),
    shape('path', { class: 'mark', d: glyphs[mark](sizes.mark), transform: `translate(${x} ${y})` }),
    shape('text', { x: left, y }, texts),
  ]);
}

function shorten(text: string, most: number): string {
  const characters = [...text];
  return characters.length > most ? `${characters.slice(0, most - 1).join('')}…` : text;
}

/** In characters. */
function widestText(rows: readonly PictureRow[]): number {
  const widthOf = ({ name, notes }: PictureRow) =>
    textWidth(shorten(name, longest.name)) + textWidth(shorten(notes.join(' · '), longest.notes)) + 2;
  return rows.reduce((widest, row) => Math.max(widest, widthOf(row)), 20);
}
