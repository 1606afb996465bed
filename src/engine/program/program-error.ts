/** The failures of a migration's program, with the place in its file. */

import { KatError, type KatErrorOptions, type SourceLocation, SqlError } from '../../errors.js';
import { present } from '../../present.js';

/** The program itself failed. */
export class ProgramError extends KatError {
  readonly location: SourceLocation | undefined;
  /** Whether its transaction ended before it did, so that some of its statements may be committed. */
  readonly hasEndedTransaction: boolean;

  constructor(
    message: string,
    options: KatErrorOptions & { location?: SourceLocation | undefined; hasEndedTransaction?: boolean },
  ) {
    super('MIGRATION_FAILED', message, options);
    this.location = options.location;
    this.hasEndedTransaction = options.hasEndedTransaction ?? false;
  }
}

/** A query of the program failed on the server. */
export class QueryError extends SqlError {
  readonly location: SourceLocation | undefined;

  /** @param cause what the server said about the message of the query. */
  constructor(cause: SqlError, location: SourceLocation | undefined) {
    const { position: _, ...report } = cause.report;
    super(report, {
      completedStatements: 0,
      committedStatements: 0,
      isSessionLost: cause.isSessionLost,
      ...present({ help: cause.help }),
      cause,
    });
    this.location = location;
  }
}

/** The place in a program's file where it failed, where it is known. */
export function placeInProgram(error: unknown): SourceLocation | undefined {
  return error instanceof ProgramError || error instanceof QueryError ? error.location : undefined;
}

/** The advice about a statement that PostgreSQL refuses in a transaction: a program always runs in one. */
export const moveIntoSql =
  'Move the statement into a migration in SQL with `no_transaction: true`, because it cannot run in a transaction';
