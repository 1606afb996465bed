/** Compares declared parents with the dependencies of the SQL, and corrects the parents on request. */

import { KatError } from '../../errors.js';
import { countFindings, type Finding, isPassed } from '../../findings.js';
import { buildGraph, type Graph } from '../../graph/graph.js';
import { findMigrations } from '../../graph/select.js';
import { loadMigrations } from '../../project/folder/load.js';
import { type EvidenceSetting, loadEvidence } from '../evidence/judge.js';
import { stateNames } from '../evidence/state.js';
import { changeParents, sortIds } from './change-parents.js';
import type { Comparison } from './comparison.js';
import { compare } from './find.js';
import { findUnknown } from './find-unknown.js';
import { findUnreadable } from './find-unreadable.js';
import { readEffectsHistory } from './read-sql.js';
import { reportMigrations } from './report.js';
import type { DepsOptions, DepsResult, MigrationDependencies, ParentsChange } from './result.js';
import { measureGraph } from './shape.js';

/**
 * Reads the folder alone.
 * @throws KatError USAGE for options that exclude each other or a migration that is not there; FILES_INVALID, GRAPH_INVALID.
 *   Then nothing is written, but for the parents that an earlier pass of `fix` has added: they are needed in any case.
 * @param evidenceSetting where executions of pairs are written down; undefined means that none counts.
 */
export async function readDependencies(
  directory: string,
  options: DepsOptions,
  evidenceSetting?: EvidenceSetting,
): Promise<DepsResult> {
  refuseContradictions(options);
  const raw = await loadMigrations(directory);
  const graph = buildGraph(raw);
  const chosen = chooseIds(graph, options.of ?? []);
  const history = await readEffectsHistory(graph);
  const migrations = reportMigrations(graph, history, {
    isConservative: options.conservative === true,
  });
  const isConservative = options.conservative === true;
  const states = stateNames(graph, () => true);
  const evidence = loadEvidence(evidenceSetting, states);
  const place = { directory, evidenceSetting };
  const work: Work = { ...place, raw, graph, history, migrations, chosen, isConservative, evidence };
  return options.infer ? infer(work, options) : check(work, options);
}

interface Work extends Comparison {
  directory: string;
  evidenceSetting: EvidenceSetting | undefined;
  /** Ids of those that were named, or all. */
  chosen: ReadonlySet<string>;
}

async function check(work: Work, options: DepsOptions): Promise<DepsResult> {
  const { findings: compared, missing, migrations: needs } = await compare(work);
  const findings = [...(await findUnreadable(work.graph, work.history.migrations)), ...compared];
  const isChosen = (id: string | undefined) => id !== undefined && work.chosen.has(id);
  const migrations = needs.filter(({ id }) => isChosen(id));
  const result = resultOf(
    migrations,
    findings.filter(({ migration }) => isChosen(migration)),
    options,
  );
  if (!options.fix) return result;
  const after = ({ id, parents }: MigrationDependencies) => [...parents, ...(missing.get(id) ?? [])];
  const changes = await change(work, migrations, { after, isDryRun: result.isDryRun });
  if (result.isDryRun || changes.length === 0) return { ...result, changes };
  // New edges imply others, and change the order, so that more may be missing; this ends, as edges are only added.
  const next = await readDependencies(work.directory, options, work.evidenceSetting);
  return { ...next, changes: joinChanges(changes, next.changes ?? []) };
}

/** One change for each migration: from what it was at first to what it is in the end. */
function joinChanges(first: readonly ParentsChange[], next: readonly ParentsChange[]): ParentsChange[] {
  const changes = new Map(first.map((change) => [change.id, change]));
  for (const change of next)
    changes.set(change.id, { ...change, before: changes.get(change.id)?.before ?? change.before });
  return [...changes.values()];
}

async function infer(work: Work, options: DepsOptions): Promise<DepsResult> {
  const { migrations } = work;
  const unreadable = await findUnreadable(work.graph, work.history.migrations);
  const findings = [...unreadable, ...findUnknown(work).flatMap((found) => found.findings)];
  const nodes = migrations.map(({ id, inferredParents }) => ({ id, parents: inferredParents }));
  const result = { ...resultOf(migrations, findings, options), shape: measureGraph(nodes) };
  if (!options.write) return result;
  const after = ({ inferredParents }: MigrationDependencies) => inferredParents;
  return { ...result, changes: await change(work, migrations, { after, isDryRun: result.isDryRun }) };
}

interface Wanted {
  after(migration: MigrationDependencies): readonly string[];
  isDryRun: boolean;
}

async function change(
  { directory, raw, graph }: Work,
  migrations: readonly MigrationDependencies[],
  { after, isDryRun }: Wanted,
): Promise<ParentsChange[]> {
  const changes = migrations
    .map((migration) => ({
      id: migration.id,
      file: graph.get(migration.id).files.metadata,
      before: sortIds(migration.parents),
      after: sortIds(after(migration)),
    }))
    .filter((one) => one.before.join('\n') !== one.after.join('\n'));
  await changeParents({ command: 'deps --fix', directory, raw, isDryRun }, changes);
  return changes;
}

function resultOf(
  migrations: readonly MigrationDependencies[],
  findings: readonly Finding[],
  { strict = false, dryRun = false }: DepsOptions,
): DepsResult {
  const counts = countFindings(findings);
  return { isValid: isPassed(counts, { strict }), findings, counts, migrations, isDryRun: dryRun };
}

function chooseIds(graph: Graph, references: readonly string[]): ReadonlySet<string> {
  if (references.length === 0) return new Set(graph.migrations.map(({ id }) => id));
  return new Set(references.flatMap((reference) => findMigrations(graph, reference).map(({ id }) => id)));
}

function refuseContradictions({ of = [], infer: isInference, fix, write, dryRun }: DepsOptions): void {
  if (isInference && fix)
    throw contradiction(
      '`--fix` and `--infer` cannot be combined',
      'To save the inferred graph, use `--infer --write`',
    );
  if (isInference && of.length > 0) {
    throw contradiction('`--infer` reads the whole history and takes no migrations', 'Remove the migrations');
  }
  if (write && !isInference) {
    throw contradiction('`--write` requires `--infer`', 'To add single edges, use `--fix`');
  }
  if (dryRun && !fix && !write) {
    throw contradiction('`--dry-run` requires `--fix` or `--write`', 'Remove `--dry-run`');
  }
}

function contradiction(message: string, help: string): KatError {
  return new KatError('USAGE', message, { help: `${help}.` });
}
