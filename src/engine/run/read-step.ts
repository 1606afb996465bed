/** Reads a file that was checked once more when its turn comes, so that no more text is in memory than is under way. */

import type { SqlText } from '../../connections/driver.js';
import { KatError } from '../../errors.js';
import type { Graph } from '../../graph/graph.js';
import type { Migration } from '../../graph/migration.js';
import type { Step } from '../../graph/plan.js';
import { checksum, findSqlFile, readSqlFile } from '../../project/folder/load.js';
import { readIfLonger } from '../../project/folder/long-file.js';
import type { Literals } from '../../sql/syntax/backslashes.js';
import type { Statement } from '../../sql/syntax/parse.js';
import { bareChecksum } from '../ledger/bare-checksum.js';
import { type CheckedPlan, type CheckedStep, stepKey } from '../plan/checked-plan.js';

/** A migration in one direction, ready to be sent. */
export interface PreparedStep {
  step: Step;
  migration: Migration;
  file: string;
  /** Every character where the file has it, so that positions are the file's own. In pieces where it is long. */
  sql: SqlText;
  /** How the server reads plain string literals. */
  literals: Literals;
  checksum: string;
  /** The same without comments and white space; only of an up.sql that has one. */
  bareChecksum: string | undefined;
  /** The rollback SQL, for the log; undefined without such a file. */
  downSql: string | undefined;
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
  const sql = checked.isWrapped ? await unwrap(joinSql(text), plan.literals) : text;
  const downSql = step.direction === 'down' ? joinSql(text) : findSqlFile(migration.files.down);
  const { literals } = plan;
  const hasBareChecksum = step.direction === 'up' && typeof text === 'string';
  const checksums = {
    checksum: checked.checksum,
    bareChecksum: hasBareChecksum ? bareChecksum(text) : undefined,
  };
  return { step, migration, file, sql, literals, ...checksums, downSql };
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
  const { loadParser, maxParsedBytes, tryParse } = await import('../../sql/syntax/parse.js');
  if (typeof sql !== 'string' || Buffer.byteLength(sql) > maxParsedBytes) return [];
  return tryParse(await loadParser(literals), sql) ?? [];
}
