/** Writes one migration of a script: its SQL, with the rows and entries that a run would write. */

import type { ExplainedStep } from '../../graph/explain.js';
import { present } from '../../present.js';
import { quoteLiteral } from '../../quote.js';
import { restoreConstraintModes } from '../../sql/join/constraint-modes.js';
import type { Statement } from '../../sql/syntax/parse.js';
import { findConcurrentWork } from '../../sql/transactions/concurrent-work.js';
import { statementMode } from '../../sql/transactions/statement-modes.js';
import { forgetWrites } from '../ledger/forget-replaced.js';
import { elapsedSince, type Ledger, logTableOf, recordWrite } from '../ledger/ledger.js';
import { logWrite } from '../ledger/log.js';
import { eq, minus, times } from '../ledger/operators.js';
import { fireDeferred } from '../ledger/proof.js';
import { noteOwn, noteRoleForSession, ownRole, returnRole, takeRole } from '../ledger/session-role.js';
import { findSettingNames } from '../ledger/session-state.js';
import { formatTableName } from '../ledger/table-name.js';
import { type WaitPolicy, waitsOf } from '../policy/waits.js';
import { joinSql, type PreparedStep } from '../run/read-step.js';
import { successEntry } from '../run/transaction-message.js';
import { beginWriting } from '../session/begin-writing.js';
import { cleanSession, restoreLogin } from '../session/session-reset.js';
import { statementLockTimeout } from '../session/statement-lock-timeout.js';
import { timeoutStatements } from '../session/timeout-statements.js';
import {
  doBlock,
  type Guard,
  guardBlock,
  lockBlock,
  provenWrite,
  readOnly,
  startMark,
  transactionBlock,
  validIndexBlock,
} from './script-blocks.js';
import { beginJournal, scriptClient, writeFinished, writeStarted, writeState } from './script-journal.js';

/** The parts of one step of a script. */
export interface ScriptStep {
  ledger: Ledger;
  step: ExplainedStep;
  prepared: PreparedStep;
  /** Of its SQL; empty where that is too long to be taken apart. */
  statements: readonly Statement[];
  /** How many statements an earlier run has finished; 0 for a migration in a transaction. */
  finished: number;
  /** As `Guard` has them. */
  title: string;
  before: Guard['before'];
  applied: Guard['applied'];
  waits: WaitPolicy;
  /** Turns SQL into what the client that runs the script leaves as it is. */
  protect(sql: string): string;
}

/** What the last step has in its last transaction, and behind that. */
export interface Closing {
  mark: readonly string[];
  result: readonly string[];
}

/** For each other step. */
export const notLast: Closing = { mark: [], result: [] };

/** The statements that bring the session back between migrations; what is read is UTF-8 all the time. */
export const scriptCleaning = [...cleanSession, "SET client_encoding = 'UTF8'"];

/** The script is UTF-8, even after a migration has changed the client encoding. */
const inUtf8 = "SET client_encoding = 'UTF8';";

/**
 * A migration in a transaction.
 * @param ends whether it opens and ends that transaction by itself.
 */
export function transactionStep(
  part: ScriptStep,
  ends: { begins: boolean; commits: boolean; closing: Closing },
): string[] {
  const { prepared, waits } = part;
  const startedAt = `pg_catalog.current_setting('${startMark}')::pg_catalog.numeric`;
  const elapsedMs = `((extract(epoch FROM pg_catalog.clock_timestamp()) ${minus} ${startedAt}) ${times} 1000)`;
  return [
    ...(ends.begins ? ended([beginWriting]) : []),
    guardOf(part),
    ...ended(timeoutStatements(waitsOf(prepared.migration, waits), 'SET LOCAL')),
    ownSql(part),
    inUtf8,
    ...ended(restoreLogin),
    // Parsed text has no transaction control.
    ...(part.statements.length === 0 ? [transactionBlock(part.step.id)] : []),
    // Checks that take long belong to the migration's time, and must not fall between its row and the look at it.
    `${fireDeferred};`,
    ...records(part, elapsedMs),
    ...ends.closing.mark,
    ends.commits ? 'COMMIT;' : `${restoreConstraintModes};`,
    ...ends.closing.result,
    ...ended(scriptCleaning),
    readOnly,
  ];
}

function guardOf({ ledger, step, title, before, applied }: ScriptStep, finished?: number): string {
  const { id, direction } = step;
  return guardBlock({
    ledger,
    id,
    direction,
    title,
    before,
    applied,
    ...present({ finished }),
  });
}

function ended(statements: readonly string[]): string[] {
  return statements.map((statement) => `${statement};`);
}

/** The text as its author wrote it, in lines of its own. */
function ownSql({ prepared, statements, protect }: ScriptStep): string {
  const text = joinSql(prepared.sql);
  const last = statements.at(-1);
  const rest = last ? text.slice(last.end) : text;
  const isEnded = /^\s*;/.test(rest);
  return `\n${protect(text)}${isEnded ? '' : '\n;'}\n`;
}

function records({ ledger, prepared, step }: ScriptStep, elapsedMs: string): string[] {
  const writes = [
    ...forgetWrites(ledger, { step, migration: prepared.migration, client: scriptClient }),
    recordWrite(ledger, step, { elapsedMs }),
    logWrite(ledger, { ...successEntry(prepared, elapsedMs), client: scriptClient }),
  ];
  return writes.flatMap(provenWrite);
}

/** A migration that runs statement by statement, each journalled, so that `kat up` can go on where the script stopped. */
export function statementsStep(part: ScriptStep, closing: Closing): string[] {
  const { ledger, prepared, step, waits, statements, finished } = part;
  const journalled = { ...part, settingNames: findSettingNames(statements.map(({ text }) => text)) };
  const begun = `(SELECT pg_catalog.max(logged_at) FROM ${logTableOf(ledger)}
  WHERE migration ${eq} ${quoteLiteral(step.id)} AND outcome ${eq} 'started')`;
  return [
    guardOf(part, finished),
    ...ended(timeoutStatements(waitsOf(prepared.migration, waits), 'SET')),
    ...beginJournal(
      part,
      { checksum: prepared.checksum, parents: prepared.migration.parents },
      statements.length,
    ),
    ...statements.flatMap((statement, index) => pieceOf(journalled, statement, index + 1)),
    ...ended(restoreLogin),
    'BEGIN;',
    ...records(part, elapsedSince(begun)),
    ...closing.mark,
    'COMMIT;',
    ...closing.result,
    ...ended(scriptCleaning),
    readOnly,
  ];
}

interface JournalledStep extends ScriptStep {
  /** As `findSettingNames` finds them in the statements. */
  settingNames: readonly string[];
}

/** @param number of the statement, counted from 1. */
function pieceOf(part: JournalledStep, statement: Statement, number: number): string[] {
  const { finished, protect } = part;
  const own = `\n${protect(statement.text)}\n;\n${inUtf8}`;
  const mode = modeInScript(statement);
  if (mode === 'setting') return [own];
  if (number <= finished) return [];
  const of = { number, statement };
  const restore = [doBlock(`  PERFORM ${noteRoleForSession};`), ...ended(restoreLogin)];
  const finish = writeFinished(part, of);
  const again = [doBlock(`  PERFORM ${returnRole};`)];
  const state = writeState(part, of, part.settingNames);
  if (mode === 'block')
    return [
      ...lockTimeout(part, statement),
      noteOwnRole,
      'BEGIN;',
      own,
      takeOwnRole,
      ...finish,
      'COMMIT;',
      ...restore,
      ...state,
      ...again,
    ];
  return [
    ...lockTimeout(part, statement),
    ...restore,
    ...writeStarted(part, of),
    ...again,
    own,
    ...(statement.kind === 'DiscardStmt' ? [lockBlock(part.ledger)] : []),
    ...checkIndex(statement),
    ...restore,
    ...finish,
    ...state,
    ...again,
  ];
}

const noteOwnRole = doBlock(
  [
    `  PERFORM ${noteRoleForSession};`,
    ...restoreLogin.map((statement) => `  ${statement};`),
    `  PERFORM ${noteOwn};`,
    `  PERFORM ${returnRole};`,
  ].join('\n'),
);

const takeOwnRole = doBlock(
  takeRole(ownRole)
    .map((statement) => `  ${statement.replace(/^SELECT/, 'PERFORM')};`)
    .join('\n'),
);

/** A run tries what it does not know in a transaction first; a script has to know, and does as psql does. */
function modeInScript(statement: Statement): 'block' | 'alone' | 'setting' {
  const mode = statementMode(statement);
  if (mode !== 'block or alone') return mode;
  if (statement.kind !== 'CallStmt' && statement.kind !== 'DoStmt') return 'alone';
  return /\b(?:commit|rollback|call)\b/i.test(statement.text) ? 'alone' : 'block';
}

function lockTimeout({ prepared, statements, waits }: ScriptStep, statement: Statement): string[] {
  const lockTimeoutMs = statementLockTimeout(prepared.migration, waits, { statement, statements });
  return lockTimeoutMs === undefined ? [] : [`SET lock_timeout = ${lockTimeoutMs};`];
}

function checkIndex({ node }: Statement): string[] {
  const work = findConcurrentWork(node);
  if (work?.kind !== 'create-index' || work.index === undefined) return [];
  const { schema, name } = work.table;
  return [validIndexBlock(formatTableName({ schema, table: name }), work.index)];
}
