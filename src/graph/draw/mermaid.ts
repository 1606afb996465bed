/** Writes the graph as a Mermaid flowchart, which code hosts draw in Markdown. */

import { visible } from '../../outside-text.js';
import type { DrawnGraph, DrawnMigration } from './drawn-graph.js';

/**
 * A `flowchart` with one node for every migration, labelled with its name, and an edge from every parent to its child.
 * Stable: the order is that of `graph.migrations`, and a node is named after its migration's timestamp. Ends with a line break.
 */
export function drawMermaid(graph: DrawnGraph): string {
  return drawStyled(graph, []);
}

/**
 * The same with two kinds of nodes: those that a branch adds or edits stand out.
 * @param changed ids.
 */
export function drawMermaidBranch(graph: DrawnGraph, changed: ReadonlySet<string>): string {
  const ids = graph.migrations.filter(({ id }) => changed.has(id)).map(nodeName);
  const styles = ['  classDef changed stroke:#1a7f37,stroke-width:3px', `  class ${ids.join(',')} changed`];
  return drawStyled(graph, ids.length > 0 ? styles : []);
}

function drawStyled({ migrations, get }: DrawnGraph, styles: readonly string[]): string {
  const nodes = migrations.map((migration) => `  ${nodeName(migration)}["${escapeLabel(migration.name)}"]`);
  const edges = migrations.flatMap((migration) =>
    migration.parents.map((parent) => `  ${nodeName(get(parent))} --> ${nodeName(migration)}`),
  );
  return ['flowchart LR', ...nodes, ...edges, ...styles, ''].join('\n');
}

function nodeName({ timestamp }: DrawnMigration): string {
  return `m${timestamp}`;
}

/** Mermaid reads quotes, Markdown and HTML in labels, and `#NUMBER;` as a character by its code point. */
function escapeLabel(text: string): string {
  return visible(text).replace(/[^\p{L}\p{M}\p{N}_ .-]/gu, (character) => `#${character.codePointAt(0)};`);
}
