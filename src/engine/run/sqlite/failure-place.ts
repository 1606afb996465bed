/** Finds the place of a SQLite failure in the migration's file. */

import type { SqliteStatement } from '../../../connections/sqlite/split-statements.js';
import { type SourceLocation, SqlError } from '../../../errors.js';
import { indexOfCharacter, locate } from '../../../sql/syntax/position.js';
import type { SplitStep } from './split-step.js';

/** The part of the statement that the error names, or its beginning. */
export function locateSqliteFailure(
  { text, prepared }: SplitStep,
  statement: SqliteStatement,
  error: unknown,
): SourceLocation {
  const position = error instanceof SqlError ? (error.report.position ?? 1) : 1;
  return locate(text, statement.start + indexOfCharacter(statement.text, position), prepared.file);
}
