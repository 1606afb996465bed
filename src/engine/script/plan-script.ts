/**
 * Writes a plan as a script that leaves the database as a run would: the same transactions, rows and log entries, under the
 * same lock. It is plain SQL but for a few lines at its head, which psql needs to stop at the first failure.
 */

import { KatError } from '../../errors.js';
import { counted, countedAre } from '../../graph/counted.js';
import type { ExplainedStep } from '../../graph/explain.js';
import { stoppedIndex } from '../../sql/transactions/statement-modes.js';
import { version } from '../../version.js';
import { readJournal } from '../ledger/journal.js';
import { logTableOf } from '../ledger/ledger.js';
import { shapeForNew } from '../ledger/ledger-shape.js';
import { parseTableName } from '../ledger/table-name.js';
import { checkSingleTransaction } from '../plan/check-single-transaction.js';
import { type CheckedMove, describePlan, type PlanSetting, withCheckedMove } from '../plan/make-plan.js';
import type { MovePlan } from '../plan/move-plan.js';
import { parsePrepared, prepareStep } from '../run/read-step.js';
import type { PlanScript, ScriptClient, ScriptManner, ScriptRequest } from './script.js';
import { closingBlock, markFinished, readOnly, resultBlock } from './script-blocks.js';
import { openingBlock, type ScriptLedger } from './script-opening.js';
import { notLast, type ScriptStep, scriptCleaning, statementsStep, transactionStep } from './script-steps.js';

/**
 * @throws KatError as `withCheckedMove` does; MIGRATION_HALF_DONE when a statement that takes no transaction was interrupted: a
 *   script cannot look at what that left behind.
 */
export async function makeScript(setting: PlanSetting, request: ScriptRequest): Promise<PlanScript> {
  return withCheckedMove(setting, request, (checkedMove) =>
    writeScript({ ...checkedMove, ledger: ledgerOf(checkedMove, setting) }, { ...setting, ...request }),
  );
}

/** As it is, or as the script creates it. */
function ledgerOf({ ledger }: CheckedMove, { directory }: PlanSetting): ScriptLedger {
  return { ...ledger, shape: ledger.shape ?? shapeForNew(directory) };
}

async function writeScript(
  checkedMove: CheckedMove & { ledger: ScriptLedger },
  manner: PlanSetting & ScriptManner,
): Promise<PlanScript> {
  if (manner.isSingleTransaction) checkSingleTransaction(checkedMove.planned.plan, manner);
  const plan = describePlan(checkedMove);
  const total = checkedMove.steps.length;
  if (total === 0) return { ...plan, sql: '-- There is nothing to do.\n' };
  const { ledger, applied } = checkedMove;
  const protect = await protection(manner.client);
  const parts: string[][] = [
    [...heading(plan, manner.client), ...openingLines(manner.client)],
    [
      '-- Begins: takes the lock, compares the applied migrations, creates the tables of Kat if they are missing.',
      ...scriptCleaning.map((statement) => `${statement};`),
      openingBlock({
        ledger,
        isFound: parseTableName(manner.tableName).schema === undefined,
        applied,
        isForPsql: manner.client === 'psql',
      }),
      readOnly,
    ],
  ];
  const rows = new Set(applied);
  for (const [index, step] of checkedMove.steps.entries()) {
    const part = await readPart(checkedMove, step, { ...manner, protect, index, applied: [...rows] });
    parts.push(['', ...remarks(part), ...stepLines(part, { index, total, ...manner })]);
    changeRows(rows, part);
  }
  parts.push(['', '-- Ends: releases the lock.', closingBlock(), '']);
  return { ...plan, sql: parts.flat().join('\n') };
}

/** A rollback takes the rows of squashed migrations along. */
function changeRows(rows: Set<string>, { step: { id, direction }, prepared }: ScriptStep): void {
  if (direction === 'up') rows.add(id);
  else for (const gone of [id, ...(prepared.migration.replaces ?? [])]) rows.delete(gone);
}

function stepLines(
  part: ScriptStep,
  { index, total, isSingleTransaction }: { index: number; total: number; isSingleTransaction: boolean },
): string[] {
  const closing = index === total - 1 ? { mark: [markFinished], result: [resultBlock(total)] } : notLast;
  if (part.step.mode === 'statements') return statementsStep(part, closing);
  return transactionStep(part, {
    closing,
    begins: !isSingleTransaction || index === 0,
    commits: !isSingleTransaction || index === total - 1,
  });
}

const endings = {
  psql: ['-- Run it with psql in a separate session, without other input:', '--   psql -X -f FILE DATABASE'],
  any: [
    '-- Run it statement by statement in a separate session, with a client that stops at the first error and does not',
    '-- open transactions by itself.',
  ],
} as const;

function heading({ move, steps }: MovePlan, client: ScriptClient): string[] {
  return [
    `-- What \`kat ${move}\` would do, made by Kat ${version}: ${counted(steps.length, 'step')}.`,
    ...endings[client],
    '-- It refuses to run if other migrations are applied than when it was made, so it refuses to run twice.',
    '-- If it stops, finished migrations stay applied and recorded; make a new script for the rest.',
    '',
  ];
}

/** Resets psql settings of a .psqlrc or a flag that would break the script. */
function openingLines(client: ScriptClient): string[] {
  if (client === 'any') return [];
  return [
    String.raw`\set ON_ERROR_STOP on`,
    String.raw`\set ON_ERROR_ROLLBACK off`,
    String.raw`\set AUTOCOMMIT on`,
    String.raw`\set SINGLELINE off`,
    String.raw`\set QUIET on`,
    '',
  ];
}

function remarks({ title, step, finished }: ScriptStep): string[] {
  const { mode, reason, of } = step;
  return [
    `-- ${title}${reason === 'needed' ? `, which ${of} needs` : ''}`.replace(/\s+/g, ' '),
    ...(mode === 'statements' ? ['-- Outside of a transaction: each statement by itself.'] : []),
    ...(finished > 0 ? [`-- The first ${countedAre(finished, 'statement')} done already.`] : []),
  ];
}

async function protection(client: ScriptClient): Promise<(sql: string) => string> {
  if (client === 'any') return (sql) => sql;
  const [{ hideFromPsql }, { loadParser, maxParsedBytes }] = await Promise.all([
    import('../../sql/psql/psql-safe.js'),
    import('../../sql/syntax/parse.js'),
  ]);
  const parser = await loadParser();
  return (sql) => (Buffer.byteLength(sql) > maxParsedBytes ? refuseCommands(sql) : hideFromPsql(parser, sql));
}

/** Nobody has parsed it, so it may hold what psql would do and PostgreSQL refuse. */
function refuseCommands(sql: string): string {
  if (!/^\s*\\/m.test(sql)) return sql;
  throw new KatError('USAGE', 'a file that is too long to parse has a line that psql may read as a command', {
    problems: [
      { message: `a line begins with a backslash: ${/^\s*\\.*/m.exec(sql)?.[0].trim().slice(0, 80)}` },
    ],
    help: 'Split the migration, or write the script with --plain for another client.',
  });
}

async function readPart(
  { ledger, planned, checked, steps, session }: CheckedMove,
  step: ExplainedStep,
  { waits, protect, applied, index }: Pick<ScriptStep, 'waits' | 'protect' | 'applied'> & { index: number },
): Promise<ScriptStep> {
  const prepared = await prepareStep(planned.graph, checked, step);
  if (prepared.isProgram) throw programInScript(step);
  if (prepared.setsTransaction && step.mode === 'transaction') throw afterQuery(step);
  const statements = await parsePrepared(prepared);
  const { id, direction } = step;
  const migration = { id, direction, file: prepared.file };
  const journal =
    session && ledger.hasLog && step.mode === 'statements'
      ? await readJournal(session, logTableOf(ledger), migration, statements)
      : { finished: 0, begun: undefined };
  if (journal.begun !== undefined) throw interrupted(step, stoppedIndex(statements, journal.finished) + 1);
  return {
    ...{ ledger, step, prepared, statements, waits, protect, applied },
    finished: journal.finished,
    title: `${index + 1} of ${steps.length}: ${direction} ${id}`,
    before: steps[index - 1],
  };
}

function programInScript({ id, direction }: ExplainedStep): KatError {
  return new KatError('USAGE', `${id} is a program, which a script of SQL cannot run`, {
    help: `Run \`kat ${direction}\` on the database, or write the migration in SQL.`,
  });
}

/** A script asks in the migration's transaction what is applied, before the migration begins. */
function afterQuery({ id, direction }: ExplainedStep): KatError {
  return new KatError(
    'USAGE',
    `${id} has SET TRANSACTION, which a script cannot run before its first query`,
    {
      help: `Apply the migrations up to this one with \`kat ${direction}\`. Then make the script again.`,
    },
  );
}

function interrupted({ id, direction }: ExplainedStep, statement: number): KatError {
  return new KatError('MIGRATION_HALF_DONE', `${id} was interrupted in statement ${statement}`, {
    help: `Finish it with \`kat ${direction}\`, which inspects the effects of the statement. Then make the script again.`,
  });
}
