/** Decides how far the line of each node is drawn, so that never too many run beside each other. */

/** A migration to be drawn. */
export interface DrawnNode {
  id: string;
  /** Ids of earlier nodes. */
  parents: readonly string[];
}

/**
 * @param maxLines how many lines may pass a row, at least 1.
 * @returns for each node the row in which its line ends: that of its last child with a line to it, or its own.
 */
export function findDrawnEnds(nodes: readonly DrawnNode[], maxLines: number): ReadonlyMap<string, number> {
  const uses = findUses(nodes);
  const ends = new Map([...uses].map(([id, rows]) => [id, rows.at(-1) as number]));
  const open = new Set<string>();
  for (const [row, { id }] of nodes.entries()) {
    for (const other of open) if ((ends.get(other) as number) < row) open.delete(other);
    while (open.size > maxLines) {
      const cut = findLatest(open, uses, row);
      const rows = uses.get(cut) as readonly number[];
      ends.set(cut, rows.findLast((use) => use < row) as number);
      open.delete(cut);
    }
    open.add(id);
  }
  return ends;
}

/** For each node its own row, then those of its children. */
function findUses(nodes: readonly DrawnNode[]): Map<string, number[]> {
  const uses = new Map(nodes.map(({ id }, row) => [id, [row]]));
  for (const [row, { parents }] of nodes.entries()) {
    for (const parent of parents) uses.get(parent)?.push(row);
  }
  return uses;
}

/** The one whose next child is the farthest away. */
function findLatest(
  open: ReadonlySet<string>,
  uses: ReadonlyMap<string, readonly number[]>,
  row: number,
): string {
  const nextUse = (id: string) => uses.get(id)?.find((use) => use >= row) ?? row;
  return [...open].reduce((latest, id) => (nextUse(id) > nextUse(latest) ? id : latest));
}
