/** Writes the graph in the language of Graphviz, for `dot -Tsvg` and its likes. */

import type { Graph } from '../graph.js';

/**
 * A `digraph` with one node for every migration, labelled with its name, and an edge from every parent to its child.
 * Stable: nodes and edges stand in the order of `graph.migrations`. Ends with a line break.
 */
export function drawDot(graph: Graph): string {
  const nodes = graph.migrations.map(({ id, name }) => `  ${quote(id)} [label=${quote(name)}];`);
  const edges = graph.migrations.flatMap(({ id, parents }) =>
    parents.map((parent) => `  ${quote(parent)} -> ${quote(id)};`),
  );
  return ['strict digraph kat {', '  rankdir=LR;', '  node [shape=box];', ...nodes, ...edges, '}', ''].join(
    '\n',
  );
}

/** A double-quoted DOT string. Backslashes are doubled because labels read them as escapes. */
function quote(text: string): string {
  const escaped = text.replaceAll('\\', '\\\\').replaceAll('"', '\\"');
  return `"${escaped}"`;
}
