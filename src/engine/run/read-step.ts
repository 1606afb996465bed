/** Reads a file that was checked once more when its turn comes, so that no more text is in memory than is under way. */

import type { SqlText } from '../../connections/driver.js';
import { KatError } from '../../errors.js';
import type { Graph } from '../../graph/graph.js';
import type { Migration } from '../../graph/migration.js';
import type { Step } from '../../graph/plan.js';
import { checksum, readSqlFile } from '../../project/folder/load.js';
import { readIfLonger } from '../../project/folder/long-file.js';
import type { Literals } from '../../sql/syntax/backslashes.js';
import type { Statement } from '../../sql/syntax/parse.js';
import { bareChecksum } from '../ledger/bare-checksum.js';
import { findDownSql } from '../ledger/edited.js';
import { type CheckedPlan, type CheckedStep, stepKey } from '../plan/checked-plan.js';

/** A migration in one direction, ready to be sent. */
export interface PreparedStep {
  step: Step;
  migration: Migration;
  file: string;
  /** Every character where the file has it, so that positions are the file's own. In pieces where it is long. Empty for a program. */
  sql: SqlText;
  /** Whether the file is a program, which runs between the statements of its message. */
  isProgram: boolean;
  /** Whether its statements are sent as messages of their own, as Citus may need them. */
  isApart?: boolean;
  /** Whether it sets properties of its transaction: no query may come before it there. */
  setsTransaction: boolean;
  /** Whether its statements only make new objects, so that it changes nothing of its session. */
  keepsSession: boolean;
  /** How the server reads plain string literals. */
  literals: Literals;
  checksum: string;
  /** The same without comments and white space; only of an up.sql that has one. */
  bareChecksum: string | undefined;
  /** The rollback SQL, for the log; undefined without such a file. */
  downSql: string | undefined;
  /** Whether it is the down.sql that was recorded, and the folder has another one or none. */
  isRecorded: boolean;
}

/** @throws KatError FILES_INVALID when the file is no longer what was checked. */
export async function prepareStep(graph: Graph, plan: CheckedPlan, step: Step): Promise<PreparedStep> {
  const checked = plan.steps.get(stepKey(step)) as CheckedStep;
  const migration = graph.get(step.id);
  const file = migration.files[step.direction];
  const { text, fingerprint } = readText(file, checked);
  if (fingerprint !== checked.checksum) {
    throw new KatError('FILES_INVALID', `${file} was edited during the run`, {
      help: 'Run the command again: Kat then checks the new text first.',
    });
  }
  const { literals } = plan;
  const { setsTransaction, keepsSession } = checked;
  const facts = {
    step,
    migration,
    file,
    setsTransaction,
    keepsSession,
    literals,
    checksum: checked.checksum,
    isRecorded: checked.stored !== undefined && !migration.isMissing,
  };
  if (checked.isProgram) {
    const downSql = step.direction === 'down' ? undefined : findDownSql(migration);
    return { ...facts, sql: '', isProgram: true, bareChecksum: undefined, downSql };
  }
  const sql = checked.isWrapped ? await unwrap(joinSql(text), literals) : text;
  const downSql = step.direction === 'down' ? joinSql(text) : findDownSql(migration);
  const hasBareChecksum = step.direction === 'up' && typeof text === 'string';
  const bare = hasBareChecksum ? bareChecksum(text) : undefined;
  return { ...facts, sql, isProgram: false, bareChecksum: bare, downSql };
}

function readText(
  file: string,
  { isLong, stored, checksum: known }: CheckedStep,
): { text: SqlText; fingerprint: string } {
  if (stored !== undefined) return { text: stored, fingerprint: known };
  const long = isLong ? readIfLonger(file, 0) : undefined;
  if (long) return { text: long.pieces, fingerprint: long.checksum };
  const text = readSqlFile(file);
  return { text, fingerprint: checksum(text) };
}

/** The text in one piece, which takes the memory for it. */
export function joinSql(sql: SqlText): string {
  return typeof sql === 'string' ? sql : sql.join('');
}

async function unwrap(text: string, literals: Literals): Promise<string> {
  const [{ withoutEnclosingTransaction }, { loadParser }] = await Promise.all([
    import('../../sql/check/check.js'),
    import('../../sql/syntax/parse.js'),
  ]);
  return withoutEnclosingTransaction(await loadParser(literals), text);
}

/** The statements of a step that was checked, parsed again: only failures and statement-by-statement runs need them. */
export async function parsePrepared({ sql, literals }: PreparedStep): Promise<readonly Statement[]> {
  if (sql === '') return [];
  const { loadParser, maxParsedBytes, tryParse } = await import('../../sql/syntax/parse.js');
  if (typeof sql !== 'string' || Buffer.byteLength(sql) > maxParsedBytes) return [];
  return tryParse(await loadParser(literals), sql) ?? [];
}
