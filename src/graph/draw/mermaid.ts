/** Writes the graph as a Mermaid flowchart, which code hosts draw in Markdown. */

import type { Graph } from '../graph.js';

/**
 * A `flowchart` with one node for every migration, labelled with its name, and an edge from every parent to its child.
 * Stable: the order is that of `graph.migrations`, and a node is named after its migration's timestamp. Ends with a line break.
 */
export function drawMermaid({ migrations, get }: Graph): string {
  const nodes = migrations.map(({ timestamp, name }) => `  m${timestamp}["${escapeLabel(name)}"]`);
  const edges = migrations.flatMap(({ timestamp, parents }) =>
    parents.map((parent) => `  m${get(parent).timestamp} --> m${timestamp}`),
  );
  return ['flowchart LR', ...nodes, ...edges, ''].join('\n');
}

/** Mermaid reads quotes, Markdown and HTML in labels, and `#NUMBER;` as a character by its code point. */
function escapeLabel(text: string): string {
  return text.replace(/[^\p{L}\p{M}\p{N}_ .-]/gu, (character) => `#${character.codePointAt(0)};`);
}
