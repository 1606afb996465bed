/** Finds pending migrations that `up` refuses because of what the database has applied. */

import type { Graph } from '../../graph/graph.js';
import { findHalfReplaced, withoutReplaced } from '../../graph/replaced.js';
import type { LedgerSnapshot } from '../ledger/migration-status.js';
import { findContained } from './contained.js';

/**
 * Uses the rules of `planRun`, for all pending migrations at once.
 * @returns why, in a few words, by id.
 * @throws KatError FILES_INVALID when an up.sql can't be read.
 */
export function findBlocked(folder: Graph, state: LedgerSnapshot): Map<string, string> {
  return new Map([...findHalfSquashed(folder, state), ...findInOthers(folder, state)]);
}

function findHalfSquashed(folder: Graph, { applied }: LedgerSnapshot): [string, string][] {
  return findHalfReplaced(folder, new Set(applied.keys())).map((half) => {
    const all = half.applied.length + half.unapplied.length;
    return [half.id, `it was squashed, and only ${half.applied.length} of its ${all} migrations are applied`];
  });
}

function findInOthers(folder: Graph, { applied, lastSuccesses }: LedgerSnapshot): [string, string][] {
  const rows = new Set(withoutReplaced(folder, applied.keys()));
  const isApplied = (id: string) => rows.has(id);
  const suspects = [...rows].filter((id) => folder.has(id) && !folder.get(id).parents.every(isApplied));
  return suspects.flatMap((id) => {
    const ran = lastSuccesses.get(id);
    const contained = findContained(folder, id, {
      isApplied,
      ran: ran?.direction === 'up' ? ran : undefined,
    });
    return contained.map((one): [string, string] => [
      one,
      `${id} was applied with other SQL, which may contain it`,
    ]);
  });
}
