/** Asks again when others add data, between the confirmation and the rollback that would destroy it. */

import { KatError, SqlError, UnconfirmedError } from '../../errors.js';
import { mayNeedConfirmation } from '../../graph/move.js';
import type { Plan, Step } from '../../graph/plan.js';
import { findSqlFile } from '../../project/folder/load.js';
import { type CheckedPlan, type CheckedStep, stepKey } from '../plan/checked-plan.js';
import { describeLoss, type Loss } from '../plan/loss.js';
import { type GuardStatements, guardStatements, isGuardRefusal, type LossGuard } from '../plan/loss-guard.js';
import { type FoundLosses, lookForLosses } from '../plan/losses-of.js';
import type { PlannedMove } from '../plan/plan-run.js';
import { askToConfirm } from '../session/ask-to-confirm.js';
import type { LockedSession } from '../session/locked-session.js';
import { waitPatiently } from '../session/session-reset.js';
import { withRowsOf } from './own-rows.js';
import type { RunRequest } from './run-result.js';

/** What a run looks at again, and whom it asks. */
export interface LossWatch {
  /**
   * The statements for the head of the step's transaction; undefined where there is nothing to guard.
   * @returns `later` where it must be asked again when no other step is on its way.
   */
  guardOf(step: Step, isBehindOthers: boolean): Promise<GuardStatements | 'later' | undefined>;
  /**
   * As `guardOf`, for one statement of a step that runs statement by statement. Asks first about what is there already.
   * @throws as `ask` does.
   */
  guardStatement(step: Step, statement: NextStatement): Promise<GuardStatements | undefined>;
  /** @returns what the step would destroy, and nobody has agreed to. @param text of its next statement; left out, all of it. */
  findNew(step: Step, text?: string): Promise<readonly Loss[]>;
  /** @throws UnconfirmedError USAGE, CANCELLED; KatError PLAN_CHANGED. @param isHalfDone whether earlier statements are committed. */
  ask(step: Step, losses: readonly Loss[], isHalfDone?: boolean): Promise<void>;
  /** Whether a step that failed in its guard may be tried again. @throws as `ask` does. */
  settle(step: Step, error: unknown, isHalfDone?: boolean): Promise<boolean>;
}

/** The statement that comes next. */
export interface NextStatement {
  text: string;
  /** Counted from 1. */
  number: number;
}

interface WatchedRun {
  request: RunRequest;
  signal: AbortSignal | undefined;
  lockedSession: LockedSession;
  planned: PlannedMove;
  checked: CheckedPlan;
  found: FoundLosses;
  /** The ids that the run has rolled back so far. */
  finished(): readonly string[];
}

/** @returns undefined where nobody is to be asked: nothing is rolled back, or naming the migrations was the consent. */
export function createLossWatch(run: WatchedRun): LossWatch | undefined {
  const { request, planned, found } = run;
  const { move, confirm, reviewed, isRehearsal } = request;
  const isAgreed = !confirm && !reviewed && mayNeedConfirmation(move);
  if (isAgreed || isRehearsal || planned.plan.steps.every(({ direction }) => direction === 'up'))
    return undefined;
  const agreed = new Set(found.losses.flatMap((loss) => [...keysOf(loss), ...unseenOf(loss)]));
  const guards = new Map(found.look?.guards);
  const tries = new Map<string, number>();
  const isNew = (key: string) => !isAgreedTo(agreed, key) && !isRenamed(run, agreed, key);
  const look = async (step: Step, text?: string) => {
    const again = await lookAgain(run, step, text);
    const { watched = [] } = again.look?.guards.get(step.id) ?? {};
    if (text === undefined) guards.set(step.id, { watched, isUncertain: false });
    return { news: again.losses.filter((loss) => keysOf(loss).some(isNew)), watched };
  };
  const watch: LossWatch = {
    guardOf: async (step, isBehindOthers) => {
      if (step.direction === 'up') return undefined;
      if (!locksTables(run) || guards.get(step.id)?.isUncertain !== false) {
        if (isBehindOthers) return 'later';
        await watch.ask(step, (await look(step)).news);
      }
      if (!locksTables(run)) return undefined;
      return statementsOf(guards.get(step.id), (name) => isNew(keyOf(step.id, name)));
    },
    guardStatement: async (step, { text, number }) => {
      if (step.direction === 'up' || !takes.test(text) || !mayDestroy(guards.get(step.id))) return undefined;
      const [whole, next] = [await look(step), await look(step, text)];
      await watch.ask(step, inBoth(whole.news, next.news), number > 1);
      if (!locksTables(run)) return undefined;
      const names = new Set(whole.watched.map(({ name }) => name));
      const watched = next.watched.filter(({ name }) => names.has(name));
      return statementsOf({ watched }, (name) => isNew(keyOf(step.id, name)));
    },
    findNew: async (step, text) => {
      if (step.direction === 'up' || bringsRows(run) || (text !== undefined && !takes.test(text))) return [];
      const { news } = await look(step);
      return text === undefined || news.length === 0 ? news : inBoth(news, (await look(step, text)).news);
    },
    ask: async (step, losses, isHalfDone = false) => {
      if (losses.length === 0) return;
      await confirmNew(run, { step, losses, isHalfDone });
      for (const key of losses.flatMap(keysOf)) agreed.add(key);
    },
    settle: async (step, error, isHalfDone = false) => {
      if (!isGuardRefusal(error) && !(error instanceof SqlError && isStale(error))) return false;
      const count = (tries.get(step.id) ?? 0) + 1;
      tries.set(step.id, count);
      const { news } = await look(step);
      await watch.ask(step, news, isHalfDone);
      return news.length > 0 || count <= mostTries;
    },
  };
  return watch;
}

/** Servers that are not PostgreSQL may not know LOCK TABLE. */
function locksTables({ lockedSession: { session } }: WatchedRun): boolean {
  return session.capabilities === undefined;
}

/** How often a guard may fail although a look finds nothing. */
const mostTries = 3;

/** A guard names tables and columns that were there when it was made, and casts values. */
function isStale({ report: { sqlstate } }: SqlError): boolean {
  return ['42P01', '42703', '3F000', '42809'].includes(sqlstate) || sqlstate.startsWith('22');
}

function statementsOf(
  guard: Pick<LossGuard, 'watched'> | undefined,
  isNew: (name: string) => boolean,
): GuardStatements | undefined {
  const watched = guard?.watched.filter(({ name }) => isNew(name)) ?? [];
  return watched.length === 0 ? undefined : guardStatements(watched);
}

/** Words of statements that may take something away. */
const takes =
  /\b(?:alter|call|delete|do|drop|execute|explain|insert|merge|replace|select|truncate|update|values|with)\b/i;

function mayDestroy(guard: LossGuard | undefined): boolean {
  return !guard || guard.isUncertain || guard.watched.length > 0;
}

/** The whole text tells what it keeps elsewhere, its next statement what goes now. */
function inBoth(whole: readonly Loss[], next: readonly Loss[]): Loss[] {
  const keys = new Set(next.flatMap(keysOf));
  return whole.filter((loss) => keysOf(loss).some((key) => keys.has(key)));
}

function keyOf(id: string, name: string): string {
  return `${id} ${name}`;
}

/** What holds data for certain: a table that is locked right now is waited for later. */
function keysOf(loss: Loss): string[] {
  const { id, tables, cascaded = [], columns = [], overwritten = [], sequences = [] } = loss;
  return [...tables, ...cascaded, ...columns, ...overwritten, ...sequences].map((name) => keyOf(id, name));
}

/** What could not be read, whatever the reason was. */
function unseenOf({ id, unseen = [] }: Loss): string[] {
  return unseen.map((name) => keyOf(id, name.slice(0, name.lastIndexOf(' ('))));
}

/** Whoever agreed to a table has agreed to its columns. */
function isAgreedTo(agreed: ReadonlySet<string>, key: string): boolean {
  return agreed.has(key) || [...agreed].some((one) => key.startsWith(`${one}.`));
}

/** The texts of the steps that the run has rolled back so far. */
function finishedTexts({ planned: { graph, storedDowns }, finished }: WatchedRun): string[] {
  return finished().map((id) => storedDowns.get(id) ?? findSqlFile(graph.get(id).files.down) ?? '');
}

/** What was agreed to may have another name by now: then that was for all that the step destroys. */
function isRenamed(run: WatchedRun, agreed: ReadonlySet<string>, key: string): boolean {
  const id = key.slice(0, key.indexOf(' ') + 1);
  const isOfStep = [...agreed].some((one) => one.startsWith(id));
  return isOfStep && finishedTexts(run).some((text) => /\brename\b|\bset\s+schema\b/i.test(text));
}

/** SQLite does not tell who wrote a row, so rows that this run brings back would count. */
function bringsRows(run: WatchedRun): boolean {
  return (
    run.lockedSession.session.sqlite !== undefined &&
    finishedTexts(run).some((text) => /\b(?:insert|replace|update|select)\b/i.test(text))
  );
}

/** @param text instead of that of the step. */
function lookAgain(run: WatchedRun, step: Step, text: string | undefined): Promise<FoundLosses> {
  const { lockedSession, planned, checked, found } = run;
  const { session, ledger } = lockedSession;
  const plan: Plan = { steps: [step] };
  const known = found.look && withRowsOf(lockedSession, run.finished(), found.look.writers);
  if (text === undefined) return lookForLosses({ session, ledger }, { ...planned, plan }, checked, known);
  const storedDowns = new Map([[step.id, text]]);
  const own = { ...(checked.steps.get(stepKey(step)) as CheckedStep), stored: text };
  const steps = new Map([[stepKey(step), own]]);
  return lookForLosses({ session, ledger }, { ...planned, plan, storedDowns }, { steps }, known);
}

async function confirmNew(
  { request, signal, lockedSession, planned, finished }: WatchedRun,
  { step, losses, isHalfDone }: { step: Step; losses: readonly Loss[]; isHalfDone: boolean },
): Promise<void> {
  const { confirm, reviewed, move } = request;
  const done = new Set(finished());
  const plan: Plan = {
    steps: planned.plan.steps.filter(({ id, direction }) => direction === 'up' || !done.has(id)),
  };
  const what = losses.map(describeLoss).join('; ');
  const outcome = outcomeOf(done.size, isHalfDone);
  if (reviewed)
    throw new KatError('PLAN_CHANGED', `the plan has changed since it was reviewed: ${what}`, {
      help: `${outcome} Review the new plan with \`kat plan ${move.kind}\`, and run the command with its id.`,
    });
  if (!confirm)
    throw new UnconfirmedError('USAGE', `${what}: this requires confirmation`, {
      plan,
      help: `${outcome} Pass \`confirm\`: a function that returns true to proceed.`,
    });
  await waitPatiently(lockedSession.session);
  if (await askToConfirm(confirm, { ...plan, losses }, signal)) return;
  throw new UnconfirmedError('CANCELLED', `${step.id} was not rolled back: this was not confirmed`, {
    plan,
    help: outcome,
  });
}

function outcomeOf(doneCount: number, isHalfDone: boolean): string {
  if (isHalfDone) return 'Earlier statements of this migration are committed.';
  return doneCount > 0 ? 'The migrations rolled back before it stay rolled back.' : 'Nothing was changed.';
}
