/** Compares declared parents with the dependencies of the SQL, and corrects the parents on request. */

import { KatError } from '../../errors.js';
import { countFindings, type Finding, isPassed } from '../../findings.js';
import { buildGraph, type Graph } from '../../graph/graph.js';
import type { RawMigration } from '../../graph/migration.js';
import { findMigrations } from '../../graph/select.js';
import { loadMigrations } from '../../project/folder/load.js';
import { type EvidenceSetting, loadEvidence } from '../evidence/judge.js';
import { stateNames } from '../evidence/state.js';
import { changeParents, sortIds, withParents } from './change-parents.js';
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
 *   Then nothing is written.
 * @param evidenceSetting where executions of pairs are written down; undefined means that none counts.
 */
export async function readDependencies(
  directory: string,
  options: DepsOptions,
  evidenceSetting?: EvidenceSetting,
): Promise<DepsResult> {
  refuseContradictions(options);
  const work = await readWork({ directory, evidenceSetting }, await loadMigrations(directory), options);
  if (options.infer) return infer(work, options);
  const { result, changes } = await check(work, options);
  return options.fix ? fix(work, options, { result, changes }) : result;
}

interface Place {
  directory: string;
  evidenceSetting: EvidenceSetting | undefined;
}

interface Work extends Comparison, Place {
  /** Ids of those that were named, or all. */
  chosen: ReadonlySet<string>;
}

async function readWork(place: Place, raw: readonly RawMigration[], options: DepsOptions): Promise<Work> {
  const graph = buildGraph(raw);
  const chosen = chooseIds(graph, options.of ?? []);
  const history = await readEffectsHistory(graph);
  const isConservative = options.conservative === true;
  const migrations = reportMigrations(graph, history, { isConservative });
  const states = stateNames(graph, () => true);
  const evidence = loadEvidence(place.evidenceSetting, states);
  return { ...place, raw, graph, history, migrations, chosen, isConservative, evidence };
}

interface Checked {
  result: DepsResult;
  /** What would add the missing parents. */
  changes: ParentsChange[];
}

async function check(work: Work, options: DepsOptions): Promise<Checked> {
  const { findings: compared, missing, migrations: needs } = await compare(work);
  const findings = [...(await findUnreadable(work.graph, work.history.migrations)), ...compared];
  const isChosen = (id: string | undefined) => id !== undefined && work.chosen.has(id);
  const migrations = needs.filter(({ id }) => isChosen(id));
  const result = resultOf(
    migrations,
    findings.filter(({ migration }) => isChosen(migration)),
    options,
  );
  const after = ({ id, parents }: MigrationDependencies) => [...parents, ...(missing.get(id) ?? [])];
  return { result, changes: changesOf(work, migrations, after) };
}

/** New edges imply others, and change the order, so that more may be missing; this ends, as edges are only added. */
async function fix(work: Work, options: DepsOptions, { result, changes }: Checked): Promise<DepsResult> {
  let all = changes;
  for (let added = changes; added.length > 0; ) {
    const next = await readWork(work, withParents(work.raw, all), options);
    added = (await check(next, options)).changes;
    all = joinChanges(all, added);
  }
  if (result.isDryRun || all.length === 0) return { ...result, changes: all };
  await changeParents({ ...work, command: 'deps --fix' }, all);
  const fixed = await readDependencies(work.directory, { ...options, fix: false }, work.evidenceSetting);
  return { ...fixed, changes: all };
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
  const changes = changesOf(work, migrations, ({ inferredParents }) => inferredParents);
  await changeParents({ ...work, command: 'deps --infer --write', isDryRun: result.isDryRun }, changes);
  return { ...result, changes };
}

function changesOf(
  { graph }: Work,
  migrations: readonly MigrationDependencies[],
  after: (migration: MigrationDependencies) => readonly string[],
): ParentsChange[] {
  return migrations
    .map((migration) => ({
      id: migration.id,
      file: graph.get(migration.id).files.metadata,
      before: sortIds(migration.parents),
      after: sortIds(after(migration)),
    }))
    .filter((one) => one.before.join('\n') !== one.after.join('\n'));
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
