/** Turns what a verification has shown into evidence that can be committed. */

import type { Graph } from '../../graph/graph.js';
import { type EvidenceEntry, evidenceMethod, type PairEnds } from '../evidence/entry.js';
import { writeEvidence } from '../evidence/evidence-file.js';
import { type StateNames, stateNames } from '../evidence/state.js';
import type { VerifyFinding } from './findings.js';

const schemaCodes: ReadonlySet<string> = new Set(['down-leaves', 'down-takes', 'down-changes']);

/**
 * @param migration whose way back was tried.
 * @returns the names, as lint writes them, of what differs behind its down.sql; `*` where that fails, or where only up.sql fails behind it:
 *   roles and tablespaces are no part of the schemas that are compared.
 */
export function wayBackDifferences(migration: string, findings: readonly VerifyFinding[]): string[] {
  const own = findings.filter((finding) => finding.migration === migration);
  const fails = (direction: string) => own.some(({ code }) => code === `${direction}-fails`);
  if (fails('down')) return ['*'];
  const objects = own.flatMap(({ code, object }) => (object && schemaCodes.has(code) ? [object] : []));
  const names = objects.flatMap(({ name, of }) => [name, of ?? '']).map(baseName);
  const found = [...new Set(names.filter((name) => name !== ''))].sort();
  return found.length === 0 && fails('up') ? ['*'] : found;
}

/** Without quotes and argument types. */
function baseName(name: string): string {
  return name.replace(/\(.*$/s, '').replaceAll('"', '');
}

/** What was seen. */
export interface Seen {
  /** By id. */
  wayBacks: ReadonlyMap<string, readonly string[]>;
  pairs: readonly { ids: readonly [string, string]; ends: PairEnds }[];
}

/** @param server its version, such as `18.4`. @returns the file. @throws KatError FILES_INVALID. */
export function saveEvidence(
  { directory, graph }: { directory: string; graph: Graph },
  { wayBacks, pairs }: Seen,
  server: string,
): string {
  const states = stateNames(graph, () => true);
  const circumstances = { postgres: Number.parseInt(server, 10), method: evidenceMethod };
  const entries: EvidenceEntry[] = [
    ...pairs.map(({ ids, ends }) => {
      const [first, second] = [...ids].sort() as [string, string];
      const pair = [first, second] as const;
      return { pair, ends, ...circumstances, state: states.ofUp(pair) ?? '' };
    }),
    ...[...wayBacks].map(([migration, differs]) => {
      return { migration, differs, ...circumstances, state: states.ofWayBack(migration) ?? '' };
    }),
  ];
  return writeEvidence(directory, entries, (entry) => isCurrent(entry, states));
}

function isCurrent(entry: EvidenceEntry, states: StateNames): boolean {
  const state = 'pair' in entry ? states.ofUp(entry.pair) : states.ofWayBack(entry.migration);
  return entry.method === evidenceMethod && entry.state === state;
}
