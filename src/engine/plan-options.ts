/** The library's options of `plan` and `planSql`: those of the planned command. */

import type { Move } from '../graph/move.js';
import {
  type DownOptions,
  downMove,
  type MoveOptions,
  type RedoOptions,
  redoMove,
  type SyncOptions,
  type UpOptions,
} from './move-options.js';
import type { AssumedApplied } from './plan/assumed-applied.js';
import type { PlanRequest } from './plan/move-plan.js';
import { countJobs } from './policy/jobs.js';
import type { ScriptClient, ScriptRequest } from './script/script.js';

/** Which command, and what it would be asked. With `jobs`, the plan has a `schedule`. */
export type PlanOptions = AssumedApplied &
  (
    | ({ move?: 'up' | undefined } & Pick<UpOptions, 'count' | 'to' | 'allowMissing' | 'jobs'>)
    | ({ move: 'down' } & Omit<DownOptions, keyof MoveOptions>)
    | ({ move: 'redo' } & Omit<RedoOptions, keyof MoveOptions>)
    | ({ move: 'sync' } & Omit<SyncOptions, keyof MoveOptions>)
  );

export type PlanSqlOptions = PlanOptions & {
  /** The client of the script: `psql` (default), or `any` client that stops at the first error. */
  client?: ScriptClient | undefined;
  /** All or nothing: one transaction for the whole script. Not for migrations that run outside of one. */
  singleTransaction?: boolean | undefined;
};

/** @throws KatError USAGE when it contradicts itself. */
export function planRequest(options: PlanOptions): PlanRequest {
  const { applied, appliedIds } = options;
  const allowMissing = 'allowMissing' in options && options.allowMissing === true;
  return { move: moveOf(options), allowMissing, applied, appliedIds };
}

/** The number of sessions that the plan is to be made for; undefined where nobody asks. */
export function plannedJobs(options: PlanOptions): number | undefined {
  const jobs = 'jobs' in options ? options.jobs : undefined;
  return jobs === undefined ? undefined : countJobs(jobs);
}

/** @throws KatError USAGE when it contradicts itself. */
export function scriptRequest(options: PlanSqlOptions): ScriptRequest {
  const { client = 'psql', singleTransaction: isSingleTransaction = false } = options;
  return { ...planRequest(options), client, isSingleTransaction };
}

function moveOf(options: PlanOptions): Move {
  switch (options.move) {
    case 'down':
      return downMove(options);
    case 'redo':
      return redoMove(options);
    case 'sync':
      return { kind: 'sync', modified: options.modified ?? false };
    default:
      return { kind: 'up', count: options.count, to: options.to };
  }
}
