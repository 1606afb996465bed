/** Corrects the database's records where they disagree with the migrations folder. */

import { KatError } from '../../errors.js';
import { buildGraph, type Graph } from '../../graph/graph.js';
import { findMigrations } from '../../graph/select.js';
import { present } from '../../present.js';
import { loadMigrations } from '../../project/folder/load.js';
import { entryFactsOf, type Recording } from '../ledger/record.js';
import { type Fault, type Faults, findFaults } from '../plan/find-faults.js';
import { notRecordable, refuseBelowHalfApplied } from '../plan/half-applied.js';
import type { DatabaseState } from '../plan/plan-run.js';
import type { RunSetting } from '../session/run-setting.js';
import { type ConfirmRecords, type RecordPlan, recordChanges } from './change-records.js';
import { finishFolder } from './recorded-change.js';

export interface RepairOptions {
  /** Only these, named as on the command line; default everything that is out of line. */
  of?: readonly string[] | undefined;
  /** Delete the records of applied migrations without folders, without undoing their changes. */
  dropMissing?: boolean | undefined;
  /** Half-done ones of which nothing more is to run. Without `of`, nothing else is looked at. */
  done?: readonly string[] | undefined;
  /** Half-done ones that are to begin anew. Without `of`, nothing else is looked at. */
  undone?: readonly string[] | undefined;
  /** Half-done ones whose interrupted statement may run from its beginning once more. Without `of`, nothing else is looked at. */
  retry?: readonly string[] | undefined;
  /** Change nothing. */
  dryRun?: boolean | undefined;
  /** Called before anything is recorded; `false` ends the call with CANCELLED. Default: no confirmation. */
  confirm?: ConfirmRecords<RepairPlan> | undefined;
}

/**
 * `accept edit`: the file counts as what was applied. `drop`: it counts as not applied. `finish`: the half-done direction counts
 * as done. `restart`: as not begun. `retry`: only the statement in which it stopped counts as not begun.
 */
export type Repair = 'accept edit' | 'drop' | 'finish' | 'restart' | 'retry';

/** Something out of line, and what becomes of it; without `repair` it is left, because somebody must decide. */
export type RepairFinding = Fault & { repair?: Repair };

export interface RepairPlan {
  findings: readonly RepairFinding[];
}

export interface RepairResult extends RepairPlan {
  isDryRun: boolean;
}

/** @throws KatError USAGE for a reference that means nothing, or what is to be settled and is not half done; FILES_INVALID. */
export async function repair(setting: RunSetting, options: RepairOptions): Promise<RepairResult> {
  const { dryRun: isDryRun = false, confirm } = options;
  if (!isDryRun) await finishFolder(setting, 'repair');
  const folder = buildGraph(await loadMigrations(setting.directory));
  const plan = (state: DatabaseState) => planRepair(folder, state, options);
  const { findings } = await recordChanges(setting, { purpose: 'repair', isDryRun, confirm, plan });
  return { isDryRun, findings };
}

async function planRepair(
  folder: Graph,
  state: DatabaseState,
  options: RepairOptions,
): Promise<RepairPlan & RecordPlan> {
  const found = await findFaults(folder, state);
  const choices = readChoices(found, state.applied, options);
  const findings = found.faults
    .filter(({ id }) => choices.isInScope(id))
    .map((fault) => decide(fault, choices));
  await refuseToDrop(state, { graph: found.graph, findings });
  return {
    findings,
    hasHalfDone: findings.some(({ problem }) => problem === 'half done'),
    recordings: findings.flatMap((finding) => recordingOf(finding, found) ?? []),
  };
}

/** A half-done descendant that is settled by the same repair does not go on behind its finished statements. */
async function refuseToDrop(
  state: DatabaseState,
  { graph, findings }: { graph: Graph; findings: readonly RepairFinding[] },
): Promise<void> {
  const idsOf = (chosen: readonly (Repair | undefined)[]) =>
    findings.filter(({ repair: one }) => chosen.includes(one)).map(({ id }) => id);
  const settled = new Set(idsOf(['finish', 'restart']));
  await refuseBelowHalfApplied(state, { graph, ids: idsOf(['drop']), settled, ...notRecordable });
}

interface Choices {
  isInScope(id: string): boolean;
  isNamed(id: string): boolean;
  dropMissing: boolean;
  done: ReadonlySet<string>;
  undone: ReadonlySet<string>;
  retry: ReadonlySet<string>;
}

function readChoices(
  { graph, faults }: Faults,
  applied: readonly string[],
  { of = [], done = [], undone = [], retry = [], dropMissing = false }: RepairOptions,
): Choices {
  const find = (references: readonly string[]) =>
    new Set(
      references.flatMap((reference) => findMigrations(graph, reference, { applied }).map(({ id }) => id)),
    );
  const choices = { done: find(done), undone: find(undone), retry: find(retry) };
  const scope = new Set([...find(of), ...choices.done, ...choices.undone, ...choices.retry]);
  refuseUnfitting(faults, choices);
  const isNamed = (id: string) => scope.has(id);
  return { ...choices, dropMissing, isNamed, isInScope: (id) => scope.size === 0 || isNamed(id) };
}

function refuseUnfitting(
  faults: readonly Fault[],
  { done, undone, retry }: Pick<Choices, 'done' | 'undone' | 'retry'>,
): void {
  const halfDone = new Set(faults.filter(({ problem }) => problem === 'half done').map(({ id }) => id));
  const chosen = [...done, ...undone, ...retry];
  for (const id of chosen) {
    if (halfDone.has(id)) continue;
    throw new KatError('USAGE', `${id} is not half done, so there is nothing to record`, {
      help: 'Run `kat repair` without options to see the differences.',
    });
  }
  const twice = chosen.find((id, index) => chosen.indexOf(id) !== index);
  if (twice === undefined) return;
  throw new KatError('USAGE', `${twice} is named in more than one of --done, --undone and --retry`, {
    help: 'Name it in only one of them.',
  });
}

/** Behind an accepted edit or a dropped record, `up` may run SQL again that a squash joined: only for who names it. */
function decide(fault: Fault, { isNamed, dropMissing, done, undone, retry }: Choices): RepairFinding {
  const { id, problem } = fault;
  if (problem === 'changed')
    return fault.mayContain && !isNamed(id) ? fault : { ...fault, repair: 'accept edit' };
  if (problem === 'missing')
    return dropMissing && (!fault.replacedBy || isNamed(id)) ? { ...fault, repair: 'drop' } : fault;
  if (done.has(id)) return { ...fault, repair: 'finish' };
  if (retry.has(id)) return { ...fault, repair: 'retry' };
  return undone.has(id) ? { ...fault, repair: 'restart' } : fault;
}

function recordingOf(finding: RepairFinding, found: Faults): Recording | undefined {
  const { id, repair: chosen } = finding;
  const outcome = 'repaired';
  if (chosen === undefined) return undefined;
  if (chosen === 'accept edit') {
    return { id, direction: 'up', outcome, isLogOnly: true, ...entryFactsOf(found.graph.get(id)) };
  }
  if (finding.problem !== 'half done') return { id, direction: 'down', outcome };
  const { direction, number } = finding.stop;
  if (chosen === 'retry')
    return { id, direction, outcome: 'statement undone', statement: number, isLogOnly: true };
  const isUp = direction === 'up';
  if (chosen === 'finish') {
    return isUp
      ? { id, direction: 'up', outcome, ...currentFacts(found, id) }
      : { id, direction: 'down', outcome };
  }
  return isUp
    ? { id, direction: 'down', outcome, isLogOnly: true }
    : { id, direction: 'up', outcome, isLogOnly: true, ...pastFacts(found, id) };
}

/** Of a migration without a folder, only the id is known. */
function currentFacts({ graph }: Faults, id: string) {
  const migration = graph.get(id);
  return migration.isMissing ? {} : entryFactsOf(migration);
}

/** Its logged version at the time of applying stays unchanged. */
function pastFacts({ remembered }: Faults, id: string) {
  const { checksum, bareChecksum, parents, noTransaction, downSql } = remembered.get(id) ?? {};
  return {
    ...present({ checksum, statementHash: bareChecksum, parents, noTransaction, downSql }),
  };
}
