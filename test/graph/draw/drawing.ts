/** Draws a graph as `kat graph` does, without states, and reads a drawing back. */

import { foldChains } from '../../../src/graph/draw/fold.js';
import { boxGlyphs, drawRow, type Glyphs } from '../../../src/graph/draw/glyphs.js';
import { layOutLanes } from '../../../src/graph/draw/lanes.js';
import type { Graph } from '../../../src/graph/graph.js';

interface DrawingOptions {
  maxLines?: number;
  glyphs?: Glyphs;
  groupOf?: (id: string) => string;
}

/** One line for each row, with the name behind the lanes. */
export function drawGraph(
  graph: Graph,
  { maxLines = 12, glyphs = boxGlyphs, groupOf = () => '' }: DrawingOptions = {},
): string {
  const rows = layOutLanes(graph.migrations, maxLines);
  const width = Math.max(0, ...rows.map(({ cells }) => cells.length * 2));
  const lines = foldChains(rows, groupOf).map(({ row, folded }) => {
    const { before, after } = drawRow(row, glyphs);
    const cut = row.unlinked.length > 0 ? `  after ${row.unlinked.join(', ')}` : '';
    const label = folded === undefined ? `${graph.get(row.id).name}${cut}` : `${folded} more`;
    return `${`${before}${folded === undefined ? '●' : glyphs.fold}${after}`.padEnd(width)} ${label}`;
  });
  return lines.join('\n');
}

/** The nodes whose lines run below a row, by lane. */
type Lines = readonly (string | undefined)[];

/**
 * The edges that the lanes of an unfolded drawing show, each as `parent child`, in no order.
 * @throws Error for a line that begins or breaks off anywhere.
 */
export function readDrawing(rows: readonly string[], ids: readonly string[]): string[] {
  let above: Lines = [];
  return rows.flatMap((text, row) => {
    const id = ids[row] as string;
    const edges = readEdges(text, above).map((parent) => `${parent} ${id}`);
    const cells = [...text].filter((_, index) => index % 2 === 0);
    refuseLooseEnds(cells, above, ids[row - 1]);
    above = cells.map((cell, lane) => (cell === '●' ? id : '│├┤┼'.includes(cell) ? above[lane] : undefined));
    return edges;
  });
}

/** The parents that a row's horizontal line leads to, and the one above the node. */
function readEdges(text: string, above: Lines): string[] {
  const node = text.indexOf('●');
  const [left = ''] = /[^ ]*$/.exec(text.slice(0, node)) ?? [];
  const [right = ''] = /^[^ ]*/.exec(text.slice(node + 1)) ?? [];
  const start = node - left.length;
  const linked = [...`${left}●${right}`].flatMap((cell, index) =>
    '│─'.includes(cell) ? [] : [(start + index) / 2],
  );
  return linked.flatMap((lane) => above[lane] ?? (lane === node / 2 ? [] : [`nothing in lane ${lane}`]));
}

function refuseLooseEnds(cells: readonly string[], above: Lines, idAbove: string | undefined): void {
  const width = Math.max(cells.length, above.length);
  for (let lane = 0; lane < width; lane += 1) {
    const [cell = ' ', owner] = [cells[lane], above[lane]];
    if (owner === undefined && '│├┤┼╰╯┴'.includes(cell)) throw new Error(`a line begins at ${cell}`);
    if (owner !== undefined && owner !== idAbove && ' ─'.includes(cell)) {
      throw new Error(`the line of ${owner} breaks off`);
    }
  }
}
