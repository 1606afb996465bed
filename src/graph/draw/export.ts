/** Writes the graph in the formats of `kat export` that need nothing else. */

import { printableJson } from '../../outside-text.js';
import type { Graph } from '../graph.js';
import { drawDot } from './dot.js';
import type { GraphFormat } from './export-formats.js';
import { drawMermaid } from './mermaid.js';
import { plainGraph } from './plain-graph.js';
import { drawSvg } from './svg.js';

/** Ends with a line break. */
export function exportText(graph: Graph, format: GraphFormat): string {
  switch (format) {
    case 'dot':
      return drawDot(graph);
    case 'mermaid':
      return drawMermaid(graph);
    case 'svg':
      return drawSvg(graph);
    case 'json':
      return `${printableJson(JSON.stringify(plainGraph(graph), null, 2))}\n`;
  }
}
