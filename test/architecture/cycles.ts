/** Finds files that import each other in a circle. */

/** Tarjan's numbers of one file, and whether its circle is still open. */
interface Visit {
  index: number;
  lowest: number;
  isOpen: boolean;
}

/**
 * @param targets for each file those that it imports
 * @returns the groups of files that reach each other, each sorted
 */
export function findCycles(targets: ReadonlyMap<string, readonly string[]>): string[][] {
  const visits = new Map<string, Visit>();
  const open: string[] = [];
  const cycles: string[][] = [];
  const visit = (file: string): Visit => {
    const own: Visit = { index: visits.size, lowest: visits.size, isOpen: true };
    visits.set(file, own);
    open.push(file);
    for (const target of targets.get(file) ?? []) {
      const other = visits.get(target);
      if (!other) own.lowest = Math.min(own.lowest, visit(target).lowest);
      else if (other.isOpen) own.lowest = Math.min(own.lowest, other.index);
    }
    if (own.lowest === own.index) close(file);
    return own;
  };
  const close = (file: string) => {
    const group = open.splice(open.indexOf(file));
    for (const member of group) (visits.get(member) as Visit).isOpen = false;
    if (group.length > 1) cycles.push(group.sort());
  };
  for (const file of targets.keys()) if (!visits.has(file)) visit(file);
  return cycles;
}
