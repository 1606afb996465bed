/** Plans a move without executing it, from the database or from assumed applied migrations. */

import type { Driver, Session } from '../../connections/driver.js';
import { KatError, type Problem } from '../../errors.js';
import { type ExplainedStep, explainPlan } from '../../graph/explain.js';
import { buildGraph, type Graph } from '../../graph/graph.js';
import { isRollback, type Move, type Position } from '../../graph/move.js';
import { present } from '../../present.js';
import type { ChecksumPolicy } from '../../project/config/config-names.js';
import { loadMigrations } from '../../project/folder/load.js';
import type { KatEvent } from '../events.js';
import { findLedger } from '../ledger/find-ledger.js';
import { refuseFormerTable } from '../ledger/former-table.js';
import type { Ledger } from '../ledger/ledger.js';
import { shapeForNew } from '../ledger/ledger-shape.js';
import { refuseLostRows } from '../ledger/lost-rows.js';
import { parseTableName } from '../ledger/table-name.js';
import type { WaitPolicy } from '../policy/waits.js';
import { type ShortSessionOptions, withSession } from '../session/connect.js';
import { lookWithoutLock } from '../session/during-run.js';
import { noSession, noSqliteSession } from '../session/no-session.js';
import { readAssumedApplied } from './assumed-applied.js';
import { checkAsServerReads } from './check-as-server-reads.js';
import { checkEdits } from './check-edits.js';
import { type CheckedPlan, stepKey } from './checked-plan.js';
import { refuseHalfUndone } from './half-undone.js';
import type { Loss } from './loss.js';
import { lossesOf } from './losses-of.js';
import type { MovePlan, PlanRequest } from './move-plan.js';
import { planIdOf } from './plan-id.js';
import {
  type DatabaseState,
  findChanged,
  type PlannedMove,
  planRun,
  readState,
  refuseMissing,
} from './plan-run.js';

export interface PlanSetting extends ShortSessionOptions {
  /** Notes about migrations that were edited after they were applied. */
  checksums: ChecksumPolicy;
  /** Opened only when the database is to be asked. */
  getDriver(): Promise<Driver>;
  directory: string;
  tableName: string;
  /** Its plan ids are its own. */
  environment: string | undefined;
  /** Whether the SQL is SQLite's. */
  isSqlite: boolean;
  waits: WaitPolicy;
}

/** A move that is planned and checked, with all that it was planned from. */
export interface CheckedMove {
  move: Move;
  planned: PlannedMove;
  checked: CheckedPlan;
  steps: readonly ExplainedStep[];
  /** Hints for improvements that do not stop the run. */
  hints: readonly Problem[];
  /** Ids, oldest first. */
  applied: readonly string[];
  ledger: Ledger;
  /** Undefined without a query of the database. */
  session: Session | undefined;
  /** Likewise. */
  planId?: string;
  losses: readonly Loss[];
}

/** @throws KatError as `withCheckedMove` does. */
export async function makePlan(setting: PlanSetting, request: PlanRequest): Promise<MovePlan> {
  return withCheckedMove(setting, request, async (checkedMove) => describePlan(checkedMove));
}

/**
 * Makes the plan, and hands it over while the session is open.
 * @throws KatError for everything that `up`, `down`, `redo` or `sync` would find before they begin.
 */
export async function withCheckedMove<T>(
  setting: PlanSetting,
  request: PlanRequest,
  work: (checkedMove: CheckedMove) => Promise<T>,
): Promise<T> {
  const folder = buildGraph(await loadMigrations(setting.directory));
  const told = readAssumedApplied(folder, request);
  if (told) {
    refuseModified(request.move);
    const session = setting.isSqlite ? noSqliteSession : noSession;
    const state = { session, ledger: promisedLedger(setting), applied: told };
    const move = await checkMove({ setting, request, folder }, state);
    return work({ ...move, losses: [], session: undefined });
  }
  return withSession(await setting.getDriver(), 'kat plan', setting, async (session) => {
    const ledger = await findLedger(session, setting.tableName);
    const state = await readState(session, ledger);
    const checked = await lookWithoutLock(session, ledger, () =>
      checkMove({ setting, request, folder }, state),
    );
    return work(await identify(setting, state, checked));
  });
}

async function identify(
  { environment }: PlanSetting,
  state: DatabaseState,
  checkedMove: Omit<CheckedMove, 'planId' | 'losses'>,
): Promise<CheckedMove> {
  const { planned, checked } = checkedMove;
  const losses = await lossesOf(state, planned, checked);
  return { ...checkedMove, losses, planId: await planIdOf({ environment, state, ...checkedMove, losses }) };
}

/** The public part of it, for the library's users and the screen. */
export function describePlan(checkedMove: CheckedMove): MovePlan {
  const { move, planned, checked, steps, applied, hints, planId, losses } = checkedMove;
  return {
    move: move.kind,
    ...present({ planId }),
    steps: steps.map((step) => ({
      ...step,
      file: planned.graph.get(step.id).files[step.direction],
      checksum: checked.steps.get(stepKey(step))?.checksum ?? '',
      ...(isStored(planned, step) ? { isStored: true } : {}),
    })),
    appliedCount: applied.length,
    losses,
    hints,
  };
}

interface MoveInput {
  setting: PlanSetting;
  request: PlanRequest;
  folder: Graph;
}

async function checkMove(
  { setting, request, folder }: MoveInput,
  state: DatabaseState,
): Promise<Omit<CheckedMove, 'planId' | 'losses'>> {
  const { applied } = state;
  const { move, allowMissing } = request;
  const edits: Problem[] = [];
  await refuseFormerTable(state.session, state.ledger, folder);
  if (!isRollback(move)) await refuseLostRows(state.session, state.ledger, { ...state, folder });
  if (move.kind === 'up') {
    if (!allowMissing) await refuseMissing(folder, state);
    await checkEdits(
      { checksums: setting.checksums, onEvent: (event) => edits.push(...toHint(event)) },
      folder,
      state,
    );
  }
  const planned = await planRun(folder, state, move);
  const changed = 'modified' in move && move.modified ? await findChanged(folder, state) : [];
  const position: Position = { folder, graph: planned.graph, applied, changed };
  const checked = await checkAsServerReads(state.session, planned, checkSteps);
  const halfDone = await refuseHalfUndone(state, { move, planned, checked, isFitted: false });
  const remarks = planned.remarks.map((message) => ({ message }));
  const steps = explainPlan(position, move, planned.plan);
  return {
    ...state,
    move,
    planned,
    checked,
    steps,
    hints: [...edits, ...halfDone, ...remarks, ...checked.hints],
  };
}

/** Most plans have no steps, and the checks of SQL are long to load. */
async function checkSteps(planned: PlannedMove): Promise<CheckedPlan> {
  const { plan, literals } = planned;
  if (plan.steps.length === 0) return { literals, steps: new Map(), hints: [] };
  const { checkPlan } = await import('./check-plan.js');
  return checkPlan(planned, plan.steps);
}

function toHint(event: KatEvent): Problem[] {
  if (event.type !== 'warning') return [];
  const { message, help } = event;
  return [{ message, ...present({ help }) }];
}

function isStored({ storedDowns }: PlannedMove, { id, direction }: ExplainedStep): boolean {
  return direction === 'down' && storedDowns.has(id);
}

/** Only the log knows what was applied. */
function refuseModified(move: Move): void {
  if (!('modified' in move && move.modified)) return;
  throw new KatError('USAGE', '`--modified` needs a database connection', {
    help: 'Remove `--modified`, or remove `--applied` and `--applied-from`.',
  });
}

/** As Kat would create it; the script checks that it is so. */
function promisedLedger({ tableName, directory }: PlanSetting): Ledger {
  const { schema = 'public', table } = parseTableName(tableName);
  return { name: { schema, table }, shape: shapeForNew(directory), hasLog: false };
}
