/** Verifies the chosen migrations one after the other, each from the state of its ancestors. */

import { type KatError, MigrationError } from '../../errors.js';
import type { Graph } from '../../graph/graph.js';
import type { Migration } from '../../graph/migration.js';
import { present } from '../../present.js';
import type { EventListener } from '../events.js';
import { describeClusterChange } from '../throwaway/cluster-changes.js';
import { sharedChangeState } from '../throwaway/guard-shared.js';
import { describeOutsideFile } from '../throwaway/sqlite/refuse-outside-file.js';
import type { Throwaway } from '../throwaway/throwaway.js';
import type { MigrationResult, ResultCache } from './cache/cached-results.js';
import { failureFinding, otherOrderFinding, type VerifyFinding } from './findings.js';
import { readClusterChange, readMigrationTexts } from './migration-texts.js';
import type { UnverifiedMigration } from './result.js';
import type { Trial } from './trial.js';
import { verifyMigration } from './verify-migration.js';

/** What is known so far. */
export interface VerifyResults {
  findings: VerifyFinding[];
  /** Those, and the accepted ones. */
  seen: VerifyFinding[];
  executed: string[];
  /** Those of them whose down.sql ran to its end. */
  rolledBack: Set<string>;
  untried: UnverifiedMigration[];
  accepted: number;
  /** Why the up.sql of a migration failed, by id. */
  failed: Map<string, string>;
  /** The version of the server. */
  server: string;
  /** How many results come from earlier runs. */
  recalled: number;
}

export function startResults(): VerifyResults {
  return {
    ...{ findings: [], seen: [], executed: [], rolledBack: new Set(), untried: [] },
    ...{ accepted: 0, failed: new Map(), server: '', recalled: 0 },
  };
}

/** Adds the result of one migration that was executed. */
export function recordResult(
  results: VerifyResults,
  id: string,
  { findings, seen, accepted, isRolledBack }: Omit<MigrationResult, 'server'>,
): void {
  results.executed.push(id);
  if (isRolledBack) results.rolledBack.add(id);
  results.accepted += accepted;
  results.findings.push(...newIn(results.findings, findings));
  results.seen.push(...newIn(results.seen, seen));
}

/** What fails in another order may be met on the way to several migrations. */
function newIn(known: readonly VerifyFinding[], findings: readonly VerifyFinding[]): VerifyFinding[] {
  const isOrder = ({ code }: VerifyFinding) => code === 'order-fails';
  const met = new Set(known.filter(isOrder).map(({ migration }) => migration));
  return findings.filter((finding) => !isOrder(finding) || !met.has(finding.migration));
}

export interface VerifyWork {
  graph: Graph;
  trial: Trial;
  throwaway: Throwaway;
  results: VerifyResults;
  cache: ResultCache | undefined;
  /** Ids of migrations whose up.sql was looked at, and changes nothing beside the throwaway database. */
  harmless: Set<string>;
  onEvent: EventListener;
  /** Called with each state that was reached: from here on the server has more to do than this process. */
  onReached(): void;
}

/** Adds to `work` what the execution shows. @throws ConnectionError; KatError CANCELLED, FILES_INVALID. */
export async function verifyAll(work: VerifyWork, chosen: readonly Migration[]): Promise<void> {
  const rest = new Set(chosen);
  const ids = new Set(chosen.map(({ id }) => id));
  while (rest.size > 0) {
    const next = nearest(work, rest);
    rest.delete(next);
    const progress = { done: chosen.length - rest.size, total: chosen.length };
    work.onEvent({ type: 'progress', task: `verify ${next.id}`, ...progress });
    await verifyOne(work, next, ids);
  }
}

/** How many migrations are compared for the next state. */
const looked = 40;

/** Each state is reached from the one before it, so the order decides how much is applied and rolled back. */
function nearest({ trial, graph }: VerifyWork, rest: ReadonlySet<Migration>): Migration {
  const candidates = [...rest].slice(0, looked);
  const distances = candidates.map(({ id }) => trial.distanceTo(graph.ancestors(id)));
  return candidates[distances.indexOf(Math.min(...distances))] as Migration;
}

/** @param chosen the ids of all that are verified */
async function verifyOne(work: VerifyWork, migration: Migration, chosen: ReadonlySet<string>): Promise<void> {
  const { graph, trial, throwaway, results, cache } = work;
  const texts = await readMigrationTexts(migration, trial);
  const ancestors = graph.ancestors(migration.id);
  const refusal =
    reasonOfAncestor(work, ancestors) ??
    (throwaway.kind === 'shared server' ? describeClusterChange([texts.up, texts.down]) : undefined) ??
    (trial.isSqlite ? describeOutsideFile([migration.files.up, migration.files.down]) : undefined);
  const { reason = refusal, inOtherOrder } =
    refusal === undefined ? await reachState(work, ancestors, chosen) : {};
  if (reason !== undefined) {
    leaveOut(work, migration.id, reason);
    return;
  }
  work.onReached();
  const { findings, failure, isRolledBack } = await verifyMigration(trial, { migration, texts }, ancestors);
  const beyond = failure && whyBeyondDatabase(failure, throwaway);
  if (beyond !== undefined) {
    leaveOut(work, migration.id, beyond);
    return;
  }
  if (failure) results.failed.set(migration.id, reasonOf(failure));
  const wanted = migration.isDataLossExpected
    ? findings.filter(({ code }) => !code.endsWith('-loses-rows'))
    : findings;
  const open = wanted.filter(({ code }) => !texts.ignored.has(code));
  const others = inOtherOrder ? [inOtherOrder] : [];
  const result = {
    ...{
      findings: [...others, ...open],
      seen: [...others, ...findings],
      accepted: wanted.length - open.length,
      isRolledBack: isRolledBack ?? false,
    },
    server: trial.server,
  };
  recordResult(results, migration.id, result);
  cache?.keep(migration.id, result);
}

function leaveOut({ results: { untried, failed } }: VerifyWork, id: string, reason: string): void {
  untried.push({ id, reason });
  failed.set(id, reason);
}

function reasonOfAncestor(
  { results: { failed } }: VerifyWork,
  ancestors: ReadonlySet<string>,
): string | undefined {
  const culprit = [...ancestors].find((id) => failed.has(id));
  return culprit && `its ancestor ${culprit} could not be applied`;
}

/** How the state before a migration was reached. */
interface ReachedState {
  /** Why it was not. */
  reason?: string;
  /** What failed on the way in an order that the graph allows, although the order of `kat up` succeeds. */
  inOtherOrder?: VerifyFinding;
}

async function reachState(
  work: VerifyWork,
  ancestors: ReadonlySet<string>,
  chosen: ReadonlySet<string>,
): Promise<ReachedState> {
  const reason = await whyOutside(work, ancestors);
  if (reason !== undefined) return { reason };
  const error = await work.trial.moveTo(ancestors);
  if (!error) return {};
  const before = [...work.trial.applied];
  // The database begins anew, in the order of `kat up`.
  const again = before.length === 0 ? error : await work.trial.moveTo(ancestors);
  return again
    ? { reason: await blame(work, again, chosen) }
    : present({ inOtherOrder: await blameOrder(work, error, before) });
}

/** @returns why the migrations behind it could not be tried. */
async function blame(work: VerifyWork, error: KatError, chosen: ReadonlySet<string>): Promise<string> {
  if (!(error instanceof MigrationError)) return `its ancestors cannot be applied: ${error.message}`;
  work.results.failed.set(error.migration, reasonOf(error));
  if (!chosen.has(error.migration)) await tellFailure(work, error);
  return `its ancestor ${error.migration} fails: ${reasonOf(error)}`;
}

/**
 * @param before ids of the migrations that had run.
 * @returns undefined where the error may have had another cause, or is accepted.
 */
async function blameOrder(
  { graph, trial }: VerifyWork,
  error: KatError,
  before: readonly string[],
): Promise<VerifyFinding | undefined> {
  if (!(error instanceof MigrationError) || mayPass(error)) return undefined;
  const migration = graph.get(error.migration);
  const ancestors = graph.ancestors(migration.id);
  const others = before.filter((id) => !ancestors.has(id));
  if (others.length === 0) return undefined;
  const texts = await readMigrationTexts(migration, trial);
  const finding = otherOrderFinding({ migration, texts }, error, others);
  return texts.ignored.has(finding.code) ? undefined : finding;
}

/** Failures that come of the server or of other sessions (PostgreSQL's classes of SQLSTATE). */
function mayPass({ report }: MigrationError): boolean {
  return !report || /^(?:08|40|53|57|58|XX|55006|55P03|SQLITE_(?:BUSY|FULL|IOERR))/.test(report.sqlstate);
}

/** An ancestor that fails is a finding where it is not verified itself: what follows it was not tried, and cannot be run. */
async function tellFailure(
  { graph, trial, throwaway, results }: VerifyWork,
  error: MigrationError,
): Promise<void> {
  if (whyBeyondDatabase(error, throwaway) !== undefined) return;
  const migration = graph.get(error.migration);
  const texts = await readMigrationTexts(migration, trial);
  const finding = failureFinding({ migration, texts }, error, { direction: 'up' });
  results.seen.push(finding);
  if (texts.ignored.has(finding.code)) results.accepted += 1;
  else results.findings.push(finding);
}

/** @returns what one of the ancestors would change beside the throwaway database. */
async function whyOutside(
  { graph, trial, throwaway, results: { failed }, harmless }: VerifyWork,
  ancestors: ReadonlySet<string>,
): Promise<string | undefined> {
  if (!trial.isSqlite && throwaway.kind !== 'shared server') return undefined;
  for (const id of ancestors) {
    if (harmless.has(id)) continue;
    const migration = graph.get(id);
    const change = trial.isSqlite
      ? describeOutsideFile([migration.files.up])
      : await readClusterChange(migration, ['up']);
    if (change === undefined) {
      harmless.add(id);
      continue;
    }
    failed.set(id, change);
    return `its ancestor ${id} ${change}`;
  }
  return undefined;
}

/** An embedded database has no other extensions than its own, and refuses what needs processes or files. */
function whyBeyondDatabase(error: KatError, { kind }: Throwaway): string | undefined {
  const state = error instanceof MigrationError ? error.report?.sqlstate : undefined;
  if (state === sharedChangeState) return reasonOf(error);
  const isModuleMissing = state === 'SQLITE_ERROR' && reasonOf(error).includes('no such module');
  const isLacking = state === '58P01' || (kind === 'embedded' && state === '0A000') || isModuleMissing;
  return isLacking ? `its up.sql needs what this database lacks: ${reasonOf(error)}` : undefined;
}

function reasonOf({ problems: [problem], message }: KatError): string {
  return problem?.message ?? message;
}
