/** Records migrations as applied, or as not applied, without running them. */

import { type FinishedStep, KatError } from '../../errors.js';
import { buildGraph, type Graph } from '../../graph/graph.js';
import type { Direction } from '../../graph/migration.js';
import { planDown, planDownOf } from '../../graph/plan.js';
import { replacedBy, withoutReplaced } from '../../graph/replaced.js';
import { findMigrations, namesHeads } from '../../graph/select.js';
import { loadMigrations } from '../../project/folder/load.js';
import { stampOf } from '../ledger/record.js';
import { notRecordable, refuseBelowHalfApplied } from '../plan/half-applied.js';
import { type DatabaseState, withMissing } from '../plan/plan-run.js';
import type { RunSetting } from '../session/run-setting.js';
import { type ConfirmRecords, type RecordPlan, recordChanges } from './change-records.js';
import { refuseEmpty } from './refuse-empty.js';
import { refuseHalfDone } from './refuse-half-done.js';

export interface StampOptions {
  /**
   * Which ones: references as on the command line. They come with their ancestors; with `remove` with their applied
   * descendants, and `base` means everything.
   */
  of: readonly string[];
  /** Record them as not applied. */
  remove?: boolean | undefined;
  /** Only the named ones, without ancestors or descendants. */
  only?: boolean | undefined;
  /** Change nothing. */
  dryRun?: boolean | undefined;
  /** Called before anything is recorded; `false` ends the call with CANCELLED. Default: no confirmation. */
  confirm?: ConfirmRecords<StampPlan> | undefined;
}

/** The migrations to record. */
export interface StampPlan {
  direction: Direction;
  /** In the order of `up`, or of `down`. */
  migrations: readonly FinishedStep[];
  /** Ids that are recorded so already. */
  skipped: readonly string[];
}

export interface StampResult extends StampPlan {
  isDryRun: boolean;
}

/** @throws KatError USAGE for a reference that means nothing; MIGRATION_HALF_DONE; FILES_INVALID; what recording throws. */
export async function stamp(setting: RunSetting, options: StampOptions): Promise<StampResult> {
  const { of, remove = false, dryRun: isDryRun = false, confirm } = options;
  if (of.length === 0) {
    throw new KatError('USAGE', 'no migration is named', {
      help: 'Name the migrations to record, such as `kat stamp heads`.',
    });
  }
  const folder = buildGraph(await loadMigrations(setting.directory));
  const plan = (state: DatabaseState) =>
    remove ? planRemoval(folder, state, options) : planRecording(folder, state, options);
  const { recordings: _recordings, ...done } = await recordChanges(setting, {
    purpose: 'stamp',
    isDryRun,
    confirm,
    plan,
  });
  return { ...done, isDryRun };
}

type FullPlan = StampPlan & RecordPlan;

async function planRecording(
  folder: Graph,
  state: DatabaseState,
  { of, only }: StampOptions,
): Promise<FullPlan> {
  const { applied } = state;
  const named = findAll(folder, of, applied);
  const wanted = new Set(only ? named : [...named, ...folder.ancestors(named)]);
  const done = new Set(applied);
  const chosen = folder.migrations.filter(({ id }) => wanted.has(id));
  const fresh = chosen.filter(({ id }) => !done.has(id));
  refuseEmpty(fresh);
  const byName = findByName(folder, of, applied);
  // Nothing is recorded of an applied one, so that a half rolled back one stays so, also where it is named.
  await refuseHalfDone(
    state,
    chosen.flatMap(({ id }) => (byName.has(id) && !done.has(id) ? [] : [id])),
  );
  return {
    direction: 'up',
    migrations: fresh.map(({ id }) => ({ id, direction: 'up' })),
    skipped: chosen.filter(({ id }) => done.has(id)).map(({ id }) => id),
    recordings: fresh.map(stampOf),
  };
}

async function planRemoval(
  folder: Graph,
  state: DatabaseState,
  { of, only }: StampOptions,
): Promise<FullPlan> {
  const applied = withoutReplaced(folder, state.applied);
  const isApplied = new Set(state.applied);
  const graph = await withMissing(folder, { ...state, applied });
  const named = of.includes('base') ? [...applied] : findAll(graph, of, applied);
  const isNamed = new Set(named);
  const { steps } = only
    ? planDown(graph, applied, { count: applied.length })
    : planDownOf(graph, applied, named);
  const ids = steps.map(({ id }) => id).filter((id) => !only || isNamed.has(id));
  const byName = findByName(graph, of, applied);
  await refuseHalfDone(
    state,
    ids.filter((id) => !byName.has(id)),
  );
  await refuseBelowHalfApplied(state, { graph, ids, ...notRecordable });
  const done = new Set(applied);
  return {
    direction: 'down',
    migrations: ids.map((id) => ({ id, direction: 'down' })),
    skipped: named.filter((id) => !done.has(id)),
    recordings: ids
      .flatMap((id) => [...replacedBy(folder, id, isApplied), id])
      .map((id) => ({ id, direction: 'down', outcome: 'stamped' })),
  };
}

function findAll(graph: Graph, references: readonly string[], applied: readonly string[]): string[] {
  const found = references.flatMap((reference) => findMigrations(graph, reference, { applied }));
  return [...new Set(found.map(({ id }) => id))];
}

/** Those that somebody names one by one: not with `heads` or `base`, and not as ancestors or descendants. */
function findByName(graph: Graph, references: readonly string[], applied: readonly string[]): Set<string> {
  const names = references.filter((reference) => reference !== 'base' && !namesHeads(reference));
  return new Set(findAll(graph, names, applied));
}
