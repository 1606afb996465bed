/** Draws the graph as an SVG picture that stands alone: one row for each migration, with the lanes of the terminal's drawing. */

import { visible } from '../../outside-text.js';
import type { DrawnGraph } from './drawn-graph.js';
import { type LaneRow, layOutLanes } from './lanes.js';
import { textWidth } from './text-width.js';

/** In pixels: distances between rows and lanes, the radius of a node and of a bend, and the width of a character. */
const sizes = { row: 24, lane: 16, margin: 16, node: 5, bend: 8, character: 8 } as const;

const colours = 6;

const styles = `
  text { font: 13px ui-monospace, monospace; fill: #1f2328; dominant-baseline: central; }
  rect { fill: #ffffff; } path { fill: none; stroke-width: 2; } circle { stroke: #ffffff; stroke-width: 1; }
  .c0 { stroke: #0969da; } .c1 { stroke: #1a7f37; } .c2 { stroke: #9a6700; } .c3 { stroke: #cf222e; } .c4 { stroke: #8250df; } .c5 { stroke: #57606a; }
  @media (prefers-color-scheme: dark) { text { fill: #e6edf3; } rect { fill: #0d1117; } circle { fill: #e6edf3; stroke: #0d1117; } }
`;

/** One path for each edge, coloured by the parent's lane, and one node with the name of each migration; its title is the id. */
export function drawSvg({ migrations, get }: DrawnGraph): string {
  const rows = layOutLanes(migrations, Number.POSITIVE_INFINITY);
  const placeOf = new Map(rows.map((row, index) => [row.id, centre(row, index)]));
  const lanes = Math.max(0, ...rows.map(({ cells }) => cells.length));
  const textLeft = sizes.margin + lanes * sizes.lane;
  const longest = Math.max(0, ...migrations.map(({ name }) => textWidth(visible(name))));
  const width = textLeft + longest * sizes.character + sizes.margin;
  const height = migrations.length * sizes.row + 2 * sizes.margin;
  const edges = migrations.flatMap(({ id, parents }) =>
    parents.map((parent) => drawEdge(placeOf.get(parent) as Place, placeOf.get(id) as Place)),
  );
  const nodes = rows.map(({ id }) => drawNode(get(id), placeOf.get(id) as Place, textLeft));
  return `${[
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}">`,
    `<style>${styles}</style>`,
    '<rect width="100%" height="100%"/>',
    ...edges,
    ...nodes,
    '</svg>',
  ].join('\n')}\n`;
}

interface Place {
  x: number;
  y: number;
  lane: number;
}

function centre({ lane }: LaneRow, index: number): Place {
  return {
    x: sizes.margin + lane * sizes.lane + sizes.node,
    y: sizes.margin + index * sizes.row + sizes.row / 2,
    lane,
  };
}

/** Down the parent's lane, and in the child's row to the child. */
function drawEdge(parent: Place, child: Place): string {
  const side = Math.sign(child.x - parent.x) * sizes.bend;
  const turn =
    side === 0
      ? `V${child.y}`
      : `V${child.y - sizes.bend}Q${parent.x} ${child.y} ${parent.x + side} ${child.y}H${child.x}`;
  return `<path class="c${parent.lane % colours}" d="M${parent.x} ${parent.y}${turn}"/>`;
}

function drawNode({ id, name }: { id: string; name: string }, { x, y }: Place, textLeft: number): string {
  const node = `<circle cx="${x}" cy="${y}" r="${sizes.node}"/><text x="${textLeft}" y="${y}">${escapeText(name)}</text>`;
  return `<g><title>${escapeText(id)}</title>${node}</g>`;
}

/** XML has no control characters, not even escaped. */
function escapeText(text: string): string {
  return visible(text)
    .replace(/[\t\n\ufffe\uffff]/g, ' ')
    .replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
