/** Takes a migration of SQLite apart into its statements. */

import { type SqliteStatement, splitSqliteMigration } from '../../../connections/sqlite/split-statements.js';
import type { Step } from '../../../graph/plan.js';
import { joinSql, type PreparedStep } from '../read-step.js';
import type { RunContext } from '../run-context.js';

/** A migration with its statements. */
export interface SplitStep {
  prepared: PreparedStep;
  text: string;
  statements: readonly SqliteStatement[];
}

/** Reads the file again. @throws KatError FILES_INVALID when it is not what was checked. */
export async function splitStep(context: RunContext, step: Step): Promise<SplitStep> {
  const prepared = await context.prepare(step);
  const text = joinSql(prepared.sql);
  // The parts of a long text need not stay in memory beside it.
  return { prepared: { ...prepared, sql: text }, text, statements: splitSqliteMigration(text) };
}
