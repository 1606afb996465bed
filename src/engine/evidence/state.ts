/** Names the state in which migrations were executed: any edit of them or of an ancestor gives another name. */

import { createHash } from 'node:crypto';
import type { Graph } from '../../graph/graph.js';
import { downFingerprint, fingerprint } from '../ledger/edited.js';

/** Names of states; undefined where a migration is not in the folder. All throw KatError FILES_INVALID for unreadable files. */
export interface StateNames {
  /** Of what the up.sql of these migrations and of all their ancestors make. */
  ofUp(ids: readonly string[]): string | undefined;
  /** The same of one migration, with its down.sql. */
  ofWayBack(id: string): string | undefined;
}

/** Short enough for a line, long enough that no two states share it. */
const nameLength = 20;

/** @param isInFolder whether the files of a migration of the graph are there. */
export function stateNames(graph: Graph, isInFolder: (id: string) => boolean): StateNames {
  const known = new Map<string, string>();
  const describe = (id: string) => {
    const found = known.get(id) ?? describeMigration(graph, id);
    known.set(id, found);
    return found;
  };
  const name = (ids: readonly string[], more: readonly string[]) => {
    if (!ids.every((id) => graph.has(id))) return undefined;
    const all = [...new Set(ids.flatMap((id) => [id, ...graph.ancestors(id)]))].sort();
    if (!all.every(isInFolder)) return undefined;
    const hash = createHash('sha256').update([...all.map(describe), ...more].join('\n'));
    return hash.digest('hex').slice(0, nameLength);
  };
  return {
    ofUp: (ids) => name(ids, []),
    ofWayBack: (id) =>
      graph.has(id) && isInFolder(id) ? name([id], [downFingerprint(graph.get(id)) ?? '']) : undefined,
  };
}

/** Edges count, too: they decide the order of the ancestors. */
function describeMigration(graph: Graph, id: string): string {
  const migration = graph.get(id);
  return [id, fingerprint(migration), migration.noTransaction, ...migration.parents].join(' ');
}
