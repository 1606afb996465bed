/** Compares heads that a new migration is to join. */

import type { Finding } from '../../findings.js';
import type { Graph } from '../../graph/graph.js';

/**
 * Conflicts between heads, as `kat check` finds them.
 * @param heads ids
 * @throws KatError FILES_INVALID.
 */
export async function findHeadConflicts(graph: Graph, heads: readonly string[]): Promise<readonly Finding[]> {
  if (heads.length < 2) return [];
  const { checkHeads } = await import('../check/check.js');
  return checkHeads(graph, heads);
}
