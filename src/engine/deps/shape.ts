/** Measures a graph: how much of it could happen side by side, against how long it is as a chain. */

export interface GraphShape {
  migrations: number;
  edges: number;
  /** How many migrations the longest path has. */
  criticalPath: number;
  /** How many migrations the widest level has; a migration's level is the length of the longest path to it. */
  widestLevel: number;
}

/** @param nodes parents before their children. */
export function measureGraph(nodes: readonly { id: string; parents: readonly string[] }[]): GraphShape {
  const levels = new Map<string, number>();
  const widths = new Map<number, number>();
  for (const { id, parents } of nodes) {
    const level = 1 + parents.reduce((deepest, parent) => Math.max(deepest, levels.get(parent) ?? 0), 0);
    levels.set(id, level);
    widths.set(level, (widths.get(level) ?? 0) + 1);
  }
  return {
    migrations: nodes.length,
    edges: nodes.reduce((sum, { parents }) => sum + parents.length, 0),
    criticalPath: widths.size,
    widestLevel: [...widths.values()].reduce((widest, width) => Math.max(widest, width), 0),
  };
}
