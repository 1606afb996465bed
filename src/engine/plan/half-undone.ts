/** Refuses plans that depend on half-done migrations, or that restart them. */

import type { Capabilities } from '../../connections/driver.js';
import { KatError, type Problem } from '../../errors.js';
import { counted, countedAre } from '../../graph/counted.js';
import type { Graph } from '../../graph/graph.js';
import { isProgram, parseMigrationId } from '../../graph/migration.js';
import type { Move } from '../../graph/move.js';
import type { Plan, Step } from '../../graph/plan.js';
import { findMigrations, parseSteps } from '../../graph/select.js';
import { readSqlFile } from '../../project/folder/load.js';
import type { Statement } from '../../sql/syntax/parse.js';
import {
  describeStop,
  hashStatement,
  type RanHashes,
  readHalfDone,
  readJournal,
  readRanHashes,
} from '../ledger/journal.js';
import { logTableOf } from '../ledger/ledger.js';
import { isPlainPostgres } from '../session/server-promises.js';
import { type CheckedPlan, stepKey } from './checked-plan.js';
import { refuseBelowHalfApplied } from './half-applied.js';
import { refuseLostSession } from './lost-session.js';
import type { DatabaseState, PlannedMove, Stop } from './plan-run.js';

/** Everything that a run is about. */
interface PlannedRun {
  move: Move;
  planned: PlannedMove;
  checked: CheckedPlan;
  /** Whether the plan's modes are those in which this server runs the steps: a dry run does not try the server. */
  isFitted: boolean;
}

/**
 * Half of a transactional migration would run twice. A migration that is half rolled back counts as applied until the last
 * statement of its down.sql, although parts of it are undone.
 * @throws KatError MIGRATION_HALF_DONE when a transactional step is half done already, when a step would repeat a statement that
 *   commits by itself, or what `refusePartlyUndone` and `refuseBelowHalfApplied` throw.
 * @returns warnings of a dry run, for what only a trial of the server decides.
 */
export async function refuseHalfUndone(
  state: Pick<DatabaseState, 'session' | 'ledger' | 'applied' | 'halfDone'>,
  { move, planned, checked, isFitted }: PlannedRun,
): Promise<Problem[]> {
  const { session, ledger } = state;
  if (!ledger.hasLog) return [];
  const stops = state.halfDone ?? (await readHalfDone(session, logTableOf(ledger)));
  const restarted = findRestarted(planned, stops);
  const mayContinue = restarted.length > 0 && !isFitted && (await mayRunByStatement(state));
  if (restarted.length > 0 && !mayContinue) throw restartError(planned, restarted, stops);
  await refuseBelowHalfApplied(
    { ...state, halfDone: stops },
    {
      graph: planned.graph,
      ids: planned.plan.steps.filter(({ direction }) => direction === 'down').map(({ id }) => id),
      refusal: 'cannot be rolled back',
      outcome: 'Nothing was executed.',
    },
  );
  await refuseRenamed(state, stops, { planned, checked });
  for (const step of planned.plan.steps) {
    const isStopped = stops.get(step.id)?.direction === step.direction;
    if (step.mode === 'statements' && isStopped && !planned.isSqlite)
      await refuseToRepeat(state, step, { planned, checked });
  }
  refusePartlyUndone(stops, planned, { move, applied: state.applied });
  return restarted.map((step) => ({
    message: `${describeRestart(planned, step, stops)}. On a server that runs migrations statement by statement, \`kat ${step.direction}\` continues behind them. On all others it refuses`,
    migration: step.id,
  }));
}

/** A server that has had a lease may go on statement by statement, which only a trial shows; PostgreSQL itself does not. */
async function mayRunByStatement({
  session,
  ledger,
}: Pick<DatabaseState, 'session' | 'ledger'>): Promise<boolean> {
  if (!ledger.hasLease) return false;
  const [result] = await session.execute('SELECT pg_catalog.version() AS version');
  return !isPlainPostgres(result?.rows[0]?.version ?? '');
}

/**
 * @throws KatError MIGRATION_HALF_DONE when the move promises that a migration is applied of which a part is rolled back, and
 *   the plan does not finish this rollback.
 */
export function refusePartlyUndone(
  stops: ReadonlyMap<string, Stop>,
  { graph, plan }: Pick<PlannedMove, 'graph' | 'plan'>,
  { move, applied }: { move: Move; applied: readonly string[] },
): void {
  const down = new Set(plan.steps.filter(({ direction }) => direction === 'down').map(({ id }) => id));
  const stopped = [...stops].filter(([id, { direction }]) => direction === 'down' && !down.has(id));
  if (stopped.length === 0) return;
  const isPromised = promisesOf(graph, move, { plan, applied });
  const broken = stopped.filter(([id]) => graph.has(id) && isPromised(id));
  if (broken.length > 0) throw halfUndone(broken.map(([id, { finished }]) => ({ id, finished })));
}

/** Tells which migrations are applied when a move has ended well, with all of their statements. */
function promisesOf(
  graph: Graph,
  move: Move,
  { plan: { steps }, applied }: { plan: Plan; applied: readonly string[] },
): (id: string) => boolean {
  const named = move.kind === 'up' ? (move.to ?? []).filter((reference) => !parseSteps(reference)) : [];
  const isLimited = move.kind === 'up' && steps.length > 0 && (move.count ?? move.to) !== undefined;
  const isWhole = move.kind === 'sync' || (move.kind === 'up' && named.length === 0 && !isLimited);
  if (isWhole) return () => true;
  const targets = [
    ...steps.filter(({ direction }) => direction === 'up').map(({ id }) => id),
    ...named.flatMap((reference) => findMigrations(graph, reference, { applied }).map(({ id }) => id)),
  ];
  const promised = new Set([...targets, ...graph.ancestors(targets)]);
  return (id) => promised.has(id);
}

/** A transactional migration has no place to go on from: it ended its own transaction, or ran statement by statement before. */
function findRestarted({ plan }: PlannedMove, halfDone: ReadonlyMap<string, Stop>): Step[] {
  return plan.steps.filter(({ id, direction, mode }) => {
    const found = halfDone.get(id);
    return mode === 'transaction' && found?.direction === direction && found.finished > 0;
  });
}

function restartError(
  planned: PlannedMove,
  restarted: readonly Step[],
  halfDone: ReadonlyMap<string, Stop>,
): KatError {
  const id = restarted[0]?.id;
  return new KatError('MIGRATION_HALF_DONE', 'a half-done migration cannot run from its start again', {
    problems: restarted.map((step) => ({
      message: describeRestart(planned, step, halfDone),
      migration: step.id,
    })),
    help: `Finish or undo them by hand, then run \`kat repair --done ${id}\` or \`kat repair --undone ${id}\`.`,
  });
}

function describeRestart(
  { graph }: PlannedMove,
  { id, direction }: Step,
  halfDone: ReadonlyMap<string, Stop>,
): string {
  return isProgram(graph.get(id).files[direction])
    ? `an earlier run may have committed statements of ${id}`
    : `an earlier run committed the first ${counted(halfDone.get(id)?.finished ?? 0, 'statement')} of ${id}`;
}

/**
 * A migration whose folder was renamed half way would begin again under its new name, and do its first statements twice. One that
 * PostgreSQL refuses in a transaction block happens again, or not at all.
 * @throws KatError MIGRATION_HALF_DONE
 */
async function refuseRenamed(
  { session, ledger }: Pick<DatabaseState, 'session' | 'ledger'>,
  stops: ReadonlyMap<string, Stop>,
  run: Pick<PlannedRun, 'planned' | 'checked'>,
): Promise<void> {
  const { graph, plan } = run.planned;
  const gone = [...stops].filter(([id, { direction }]) => direction === 'up' && !graph.has(id));
  for (const [id] of gone) {
    const ran = await readRanHashes(session, logTableOf(ledger), { id, direction: 'up' });
    for (const step of plan.steps.filter(({ direction }) => direction === 'up'))
      if (
        (ran.finished.length > 0 && hasSameTimestamp(id, step.id)) ||
        (await hasStatementOf(run, step, ran))
      )
        throw renamedHalf(id, step.id, ran.finished.length);
  }
}

/** No two migrations of a folder have the same one. */
function hasSameTimestamp(one: string, other: string): boolean {
  return parseMigrationId(one)?.timestamp === parseMigrationId(other)?.timestamp;
}

async function hasStatementOf(
  { planned, checked }: Pick<PlannedRun, 'planned' | 'checked'>,
  { id, direction }: Step,
  { finished, begun }: RanHashes,
): Promise<boolean> {
  const file = planned.graph.get(id).files[direction];
  if (isProgram(file) || (finished.length === 0 && begun === undefined)) return false;
  const text = readSqlFile(file);
  const isOf = (statement: Pick<Statement, 'text'>, hash: string | undefined) =>
    hashStatement(statement) === hash;
  // One is enough: others may have been edited with the name.
  const hasRan = (statements: readonly Pick<Statement, 'text'>[]) =>
    finished.some((hash) => statements.some((statement) => isOf(statement, hash)));
  if (planned.isSqlite) return hasRan(await splitSqlite(text));
  const { isSetting, statementMode } = await import('../../sql/transactions/statement-modes.js');
  const statements = (await parse(text, checked)).filter((statement) => !isSetting(statement));
  const [first] = statements;
  if (finished.length > 0) return hasRan(statements);
  return first !== undefined && isOf(first, begun) && statementMode(first) !== 'alone';
}

async function splitSqlite(text: string): Promise<readonly Pick<Statement, 'text'>[]> {
  const { splitSqliteMigration } = await import('../../connections/sqlite/split-statements.js');
  return splitSqliteMigration(text);
}

function renamedHalf(from: string, to: string, finished: number): KatError {
  return new KatError('MIGRATION_HALF_DONE', `${to} would run the SQL of ${from} again`, {
    problems: [
      {
        message: `${from} stopped ${finished > 0 ? `after ${counted(finished, 'statement')}` : 'in its first statement'} and has no folder, and ${to} has its timestamp or a statement of it: was the folder renamed?`,
        migration: to,
      },
    ],
    help: `If it was, rename the folder back, and run \`kat up\`: it continues. If it is another migration, first record the state of ${from} with \`kat repair --undone ${from}\`. Nothing was applied.`,
  });
}

/**
 * An interrupted procedure would repeat its committed work. Statements that PostgreSQL refuses in a block may run again. What went
 * with the session that ran the statements before cannot be used.
 */
async function refuseToRepeat(
  { session, ledger }: Pick<DatabaseState, 'session' | 'ledger'>,
  step: Step,
  { planned, checked }: { planned: PlannedMove; checked: CheckedPlan },
): Promise<void> {
  const { id, direction } = step;
  const file = planned.graph.get(id).files[direction];
  const text = checked.steps.get(stepKey(step))?.stored ?? readSqlFile(file);
  const statements = await parse(text, checked);
  const { finished, begun } = await readJournal(
    session,
    logTableOf(ledger),
    { id, direction, file },
    statements,
  );
  await refuseLostSession({ session, ledger }, step, statements, finished);
  if (begun === undefined) return;
  const { statementMode, stoppedIndex } = await import('../../sql/transactions/statement-modes.js');
  const stopped = stoppedIndex(statements, finished);
  const next = statements[stopped];
  if (!next) return;
  const { capabilities } = session;
  if (capabilities || statementMode(next) !== 'alone') throw interrupted(step, stopped + 1, capabilities);
}

async function parse(text: string, { literals }: CheckedPlan): Promise<readonly Statement[]> {
  const { loadParser, tryParse } = await import('../../sql/syntax/parse.js');
  return tryParse(await loadParser(literals), text) ?? [];
}

function interrupted(
  { id, direction }: Step,
  statement: number,
  capabilities: Capabilities | undefined,
): KatError {
  return new KatError(
    'MIGRATION_HALF_DONE',
    `statement ${statement} of ${id} was interrupted in an earlier run, and a part of it may be committed`,
    { help: adviseOnCommitting({ id, statement, command: direction, capabilities }) },
  );
}

/**
 * Only the author of the procedure knows whether it may run twice.
 * @param statement counted from 1. @param command that goes on with the migration.
 */
export function adviseOnCommitting({
  id,
  statement,
  command,
  capabilities,
}: {
  id: string;
  statement: number;
  command: string;
  capabilities: Capabilities | undefined;
}): string {
  const reason = capabilities
    ? `This server (${capabilities.name}) does not undo statement ${statement}: what it has done stays.`
    : `Statement ${statement} refuses a transaction block: what it committed stays.`;
  return `${reason} If it may run from its beginning once more, run \`kat repair --retry ${id}\`, then \`kat ${command}\`. If not, finish or undo the migration by hand and record it: \`kat repair --done ${id}\` or \`kat repair --undone ${id}\`.`;
}

/** @param stopped their rollbacks, with how many statements are done. */
export function halfUndone(stopped: readonly { id: string; finished: number }[]): KatError {
  const [first] = stopped;
  return new KatError('MIGRATION_HALF_DONE', `${countedAre(stopped.length, 'migration')} half rolled back`, {
    problems: stopped.map(({ id, finished }) => ({
      message: `${id} ${describeStop({ direction: 'down', finished })}`,
      migration: id,
    })),
    help: `Run \`kat down ${first?.id}\` to continue its rollback, or record its state with \`kat repair\`.`,
  });
}
