/** Chooses the migrations that `kat graph` shows. */

import { KatError } from '../../errors.js';
import type { Graph } from '../../graph/graph.js';
import type { RawMigration } from '../../graph/migration.js';
import { findBetween, findNeighbourhood } from '../../graph/part.js';
import { findMigrations } from '../../graph/select.js';
import { findChangers } from '../blame/blame.js';
import { readBaseBranch } from '../check/base-branch.js';
import type { MigrationStatus } from '../ledger/migration-status.js';
import type { GraphMigration, GraphOptions } from './graph-description.js';

/** What a git branch did to migrations, by id. */
export type BranchChanges = ReadonlyMap<string, NonNullable<GraphMigration['branch']>>;

/** What a part is chosen from. */
interface Whole {
  directory: string;
  raw: readonly RawMigration[];
  graph: Graph;
  /** By id, in the order in which they were applied; undefined where the database was not asked. */
  states: ReadonlyMap<string, MigrationStatus> | undefined;
}

const defaultGenerations = 2;

/** @throws KatError USAGE for names that mean nothing, and for options that exclude each other. */
export async function choosePart(
  whole: Whole,
  options: GraphOptions,
): Promise<{ ids: ReadonlySet<string>; branch: BranchChanges }> {
  const { directory, raw, graph } = whole;
  const { pending, around, generations = defaultGenerations, from, to, touching, gitBase } = options;
  const find = (reference: string | undefined) => reference && findIds(whole, reference);
  const near = find(around);
  const ends = { from: find(from) || undefined, to: find(to) || undefined };
  const branch = gitBase === undefined ? undefined : await readBranch({ directory, raw, gitBase });
  const sets = [
    ...(pending ? [findPending(whole)] : []),
    ...(near ? [findNeighbourhood(graph, near, generations)] : []),
    ...(ends.from || ends.to ? [findBetween(graph, ends)] : []),
    ...(touching === undefined ? [] : [await findChangers(directory, touching)]),
    ...(branch ? [withParents(graph, branch)] : []),
  ];
  const ids = graph.migrations.map(({ id }) => id).filter((id) => sets.every((set) => set.has(id)));
  return { ids: new Set(ids), branch: branch ?? new Map() };
}

function findIds({ graph, states }: Whole, reference: string): string[] {
  const applied = states && [...states.values()].filter(({ appliedAt }) => appliedAt).map(({ id }) => id);
  return findMigrations(graph, reference, applied && { applied }).map(({ id }) => id);
}

function findPending({ states }: Whole): Set<string> {
  if (!states) {
    throw new KatError('USAGE', 'only the database knows which migrations are pending', {
      help: 'Remove `--offline`.',
    });
  }
  return new Set([...states.values()].filter(({ waitsFor }) => waitsFor).map(({ id }) => id));
}

async function readBranch({
  directory,
  raw,
  gitBase,
}: Pick<Whole, 'directory' | 'raw'> & { gitBase: string }): Promise<BranchChanges> {
  const { added, edited } = await readBaseBranch(directory, raw, gitBase);
  return new Map([
    ...[...edited].map((id) => [id, 'edited'] as const),
    ...[...added].map((id) => [id, 'added'] as const),
  ]);
}

/** What a branch changed, and where it is attached. */
function withParents(graph: Graph, branch: BranchChanges): Set<string> {
  const ids = [...branch.keys()];
  return new Set([...ids, ...ids.flatMap((id) => graph.get(id).parents)]);
}
