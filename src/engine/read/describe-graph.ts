/** Describes the graph, or a part of it, with the state of each migration. */

import type { Driver } from '../../connections/driver.js';
import { KatError } from '../../errors.js';
import { buildGraph, type Graph } from '../../graph/graph.js';
import { linkShown } from '../../graph/part.js';
import { withoutReplaced } from '../../graph/replaced.js';
import { present } from '../../present.js';
import { loadMigrations } from '../../project/folder/load.js';
import { findRedundantEdges } from '../deps/compare-edges.js';
import { readDependencies } from '../deps/deps.js';
import type { MigrationDependencies } from '../deps/result.js';
import { findLedger } from '../ledger/find-ledger.js';
import { type MigrationStatus, statusOf } from '../ledger/migration-status.js';
import { withMissing } from '../plan/plan-run.js';
import { type ShortSessionOptions, withSession } from '../session/connect.js';
import { readLedgerSnapshot } from '../session/ledger-snapshot.js';
import { type BranchChanges, choosePart } from './choose-part.js';
import type { GraphDescription, GraphMigration, GraphOptions } from './graph-description.js';

interface GraphSetting {
  directory: string;
  tableName: string;
  /** Opens the database's driver; not called offline. */
  getDriver(): Promise<Driver>;
}

/**
 * Applied migrations without a folder are part of the graph. Where the database cannot be reached, a warning is told, and the
 * states are left out.
 * @throws KatError USAGE for names that mean nothing, and for `pending` without a database; FILES_INVALID, GRAPH_INVALID; and
 *   whatever keeps the database from answering, beside that it cannot be reached.
 */
export async function describeGraph(
  setting: GraphSetting,
  chosen: GraphOptions,
  options: ShortSessionOptions,
): Promise<GraphDescription> {
  const raw = await loadMigrations(setting.directory);
  const folder = buildGraph(raw);
  const known = chosen.offline ? undefined : await readDatabase(setting, folder, chosen, options);
  const { graph, states } = known ?? { graph: folder, states: undefined };
  const part = await choosePart({ directory: setting.directory, raw, graph, states }, chosen);
  const facts: Facts = {
    states,
    branch: part.branch,
    redundant: chosen.reduce ? findRedundant(graph) : undefined,
    needs: chosen.reasons ? await readNeeds(setting.directory) : undefined,
  };
  const links = linkShown(graph, part.ids);
  const migrations = [...links].map(([id, shownParents]) => describe(graph, { id, shownParents }, facts));
  return { isOffline: states === undefined, total: graph.migrations.length, migrations };
}

/** By id, applied ones first, in the order in which they were applied. */
type States = ReadonlyMap<string, MigrationStatus>;

/** @returns undefined where the database cannot be reached. */
async function readDatabase(
  { getDriver, tableName }: GraphSetting,
  folder: Graph,
  { pending }: GraphOptions,
  options: ShortSessionOptions,
): Promise<{ graph: Graph; states: States } | undefined> {
  try {
    return await withSession(await getDriver(), 'kat graph', options, async (session) => {
      const ledger = await findLedger(session, tableName);
      const snapshot = await readLedgerSnapshot(session, ledger, folder);
      const applied = withoutReplaced(folder, snapshot.applied.keys());
      const graph = await withMissing(folder, { session, ledger, applied });
      const ids = [...applied, ...graph.migrations.map(({ id }) => id)];
      return { graph, states: new Map(ids.map((id) => [id, statusOf(graph, id, snapshot)])) };
    });
  } catch (error) {
    const isUnreachable = error instanceof KatError && ['CONNECTION_FAILED', 'LOCKED'].includes(error.code);
    if (!isUnreachable || pending) throw error;
    options.onEvent({ type: 'warning', message: `${error.message}; showing the graph without states` });
    return undefined;
  }
}

interface Facts {
  states: States | undefined;
  branch: BranchChanges;
  redundant: ReadonlyMap<string, readonly string[]> | undefined;
  needs: ReadonlyMap<string, MigrationDependencies> | undefined;
}

function describe(
  graph: Graph,
  { id, shownParents }: Pick<GraphMigration, 'id' | 'shownParents'>,
  { states, branch, redundant, needs }: Facts,
): GraphMigration {
  const { timestamp, name, description, parents } = graph.get(id);
  const status = states?.get(id);
  const redundantParents = redundant?.get(id) ?? [];
  const inBranch = branch.get(id);
  return {
    id,
    timestamp,
    name,
    ...present({ description }),
    parents,
    isHead: graph.children(id).length === 0,
    shownParents: shownParents.filter((parent) => !redundantParents.includes(parent)),
    ...present({ redundantParents: redundant && redundantParents, status, branch: inBranch }),
    ...(needs ? { reasons: parents.map((parent) => reasonsOf(parent, needs.get(id))) } : {}),
  };
}

function reasonsOf(parent: string, dependencies: MigrationDependencies | undefined) {
  const need = dependencies?.needs.find(({ id }) => id === parent);
  return { id: parent, reasons: need?.reasons ?? [] };
}

function findRedundant({ migrations }: Graph): Map<string, readonly string[]> {
  const numbers = new Map(migrations.map(({ id }, number) => [id, number]));
  const edges = migrations.map(({ parents }) => parents.map((id) => numbers.get(id) as number));
  const idOf = (number: number) => migrations[number]?.id as string;
  return new Map(findRedundantEdges(edges).map((redundant, number) => [idOf(number), redundant.map(idOf)]));
}

async function readNeeds(directory: string): Promise<Map<string, MigrationDependencies>> {
  const { migrations } = await readDependencies(directory, {});
  return new Map(migrations.map((migration) => [migration.id, migration]));
}
