/** Kat's errors: one base class with all information that the user needs, and its few subclasses. */

import { outsideText } from './outside-text.js';
import { present } from './present.js';

/** The kind of failure, as a word that programs can compare. The command line derives its exit code from it. */
export type ErrorCode =
  | 'USAGE'
  | 'CONFIG_INVALID'
  | 'ALREADY_INITIALIZED'
  | 'FILES_INVALID'
  | 'GRAPH_INVALID'
  | 'SQL_INVALID'
  | 'CONNECTION_FAILED'
  | 'SQL_ERROR'
  | 'LEDGER_MISMATCH'
  | 'MIGRATION_FAILED'
  | 'MIGRATIONS_MISSING'
  | 'MIGRATIONS_CHANGED'
  | 'PENDING'
  | 'LINT_FAILED'
  | 'HEADS_CONFLICT'
  | 'SCHEMA_DRIFTED'
  | 'PLAN_CHANGED'
  | 'SQUASH_DIFFERS'
  | 'LOCKED'
  | 'MIGRATION_HALF_DONE'
  | 'STATE_UNKNOWN'
  | 'CANCELLED';

/** A place in a text file. Lines and columns count from 1; columns count characters, not bytes. */
export interface SourceLocation {
  file: string;
  line: number;
  column: number;
  /** The text of that line, without its line ending and passwords; of a long line, the part around the column. */
  sourceLine: string;
  /** The column within `sourceLine`, where that is not the line as it is in the file. */
  sourceColumn?: number;
}

/** The kind of problem in files or the graph, as a word that programs can compare. `kat validate` lists these and more. */
export type ProblemCode =
  | 'stray-folder'
  | 'stray-file'
  | 'unfinished-change'
  | 'left-over'
  | 'missing-file'
  | 'bad-file'
  | 'invalid-text'
  | 'invalid-metadata'
  | 'duplicate-timestamp'
  | 'parent-not-found'
  | 'ambiguous-parent'
  | 'duplicate-parent'
  | 'cycle'
  | 'replaced-twice'
  | 'syntax'
  | 'psql'
  | 'transaction-control'
  | 'needs-no-transaction'
  | 'needless-no-transaction'
  | 'unchecked-sql'
  | 'unsplittable-sql'
  | 'two-files'
  | 'unfit-program'
  | 'empty-up'
  | 'missing-down'
  | 'empty-down';

/** One thing that is wrong. An error may carry many, so that everything is reported at once. */
/** A value, or everything that is wrong with it. */
export type Result<T> = { value: T; problems?: undefined } | { value?: undefined; problems: Problem[] };

export interface Problem {
  code?: ProblemCode;
  /** Short heading in the words that users were promised, such as `Cycle detected`. */
  title?: string;
  /** The problem, in one sentence. */
  message: string;
  /** The place of the problem. */
  location?: SourceLocation;
  /** One sentence that says what to do. */
  help?: string;
  /** The migration that it concerns. */
  migration?: string;
  /** The server's or the parser's SQLSTATE, where there is one. */
  sqlstate?: string;
}

export interface KatErrorOptions {
  help?: string;
  problems?: readonly Problem[];
  cause?: unknown;
}

/** Every failure that Kat foresees. Its texts are short and printable, and contain no password. */
export class KatError extends Error {
  /** The library's file has shorter names of its own. */
  static override readonly name: string = 'KatError';
  readonly code: ErrorCode;
  /** One sentence that says what to do. */
  readonly help: string | undefined;
  /** Everything that is wrong, where there is more to say than `message`. */
  readonly problems: readonly Problem[];

  constructor(code: ErrorCode, message: string, options: KatErrorOptions = {}) {
    super(outsideText(message), options.cause === undefined ? undefined : { cause: options.cause });
    this.name = new.target.name;
    this.code = code;
    this.help = options.help && outsideText(options.help);
    this.problems = (options.problems ?? []).map(printableProblem);
  }
}

function printableProblem(problem: Problem): Problem {
  const { message, help } = problem;
  return { ...problem, message: outsideText(message), ...(help ? { help: outsideText(help) } : {}) };
}

/** The database could not be reached, or it turned us away before any work began. */
export class ConnectionError extends KatError {
  static override readonly name = 'ConnectionError';
  /** Whether another try a little later may succeed. */
  readonly isTransient: boolean;
  /** Whether a retry may succeed while the host or server starts: transient errors, and an unknown host name. */
  readonly mayAppear: boolean;
  readonly sqlstate: string | undefined;
  /** As `SqlError` has it, as far as answers came before the connection was lost. */
  readonly committedStatements: number;

  constructor(
    message: string,
    options: KatErrorOptions & {
      isTransient: boolean;
      mayAppear?: boolean;
      sqlstate?: string | undefined;
      committedStatements?: number;
    },
  ) {
    super('CONNECTION_FAILED', message, options);
    this.isTransient = options.isTransient;
    this.mayAppear = options.mayAppear ?? options.isTransient;
    this.sqlstate = options.sqlstate;
    this.committedStatements = options.committedStatements ?? 0;
  }
}

/** The outcome of one step of a plan. */
export interface FinishedStep {
  /** The migration's id. */
  id: string;
  direction: 'up' | 'down';
  /** Measured on the server; undefined in a dry run. */
  durationMs?: number;
}

/** The steps of a run with several sessions that it did not finish. */
export interface UnfinishedSteps {
  /** In the order of the failures, with the errors' messages. */
  failed: readonly { id: string; message: string }[];
  /** Ids of those that were running and were cancelled. */
  cancelled: readonly string[];
  /** Those that did not start, in the order of the plan: `by` are the ids of the migrations that they or the whole run wait for. */
  heldBack: readonly { id: string; by: readonly string[] }[];
}

/** A migration failed, and the run stopped there. What came before it stays applied and recorded. */
export class MigrationError extends KatError {
  static override readonly name = 'MigrationError';
  /** The id of the migration that failed. */
  readonly migration: string;
  readonly direction: 'up' | 'down';
  /** The migrations that this run finished before. */
  readonly finished: readonly FinishedStep[];
  /** The server's own words, where it had any. */
  readonly report: ServerReport | undefined;
  /** The other steps; undefined for a run with one session that stopped at the failure. */
  readonly unfinished: UnfinishedSteps | undefined;

  constructor(
    code: ErrorCode,
    message: string,
    options: KatErrorOptions & {
      migration: string;
      direction: 'up' | 'down';
      finished: readonly FinishedStep[];
      report?: ServerReport | undefined;
      unfinished?: UnfinishedSteps | undefined;
    },
  ) {
    super(code, message, options);
    this.migration = options.migration;
    this.direction = options.direction;
    this.finished = options.finished;
    this.report = options.report;
    this.unfinished = options.unfinished;
  }
}

/** A plan that takes back much was not confirmed, and nothing was done. */
export class UnconfirmedError extends KatError {
  static override readonly name = 'UnconfirmedError';
  /** The planned steps, in order. */
  readonly plan: { readonly steps: readonly FinishedStep[] };

  constructor(
    code: ErrorCode,
    message: string,
    options: KatErrorOptions & { plan: { readonly steps: readonly FinishedStep[] } },
  ) {
    super(code, message, options);
    this.plan = options.plan;
  }
}

/** The server's report about a failed statement: the fields of its ErrorResponse message. */
export interface ServerReport {
  severity: string;
  sqlstate: string;
  message: string;
  detail?: string;
  hint?: string;
  /** The place in the sent text, in characters counted from 1. */
  position?: number;
  /** The call stack of the server's own functions. */
  where?: string;
  schema?: string;
  table?: string;
  column?: string;
  constraint?: string;
}

/** For statements of Kat itself; a migration that fails has advice of its own. */
const helpOfState: Readonly<Record<string, string>> = {
  42501:
    'Grant this role the privilege, or use another role. The check `rights` of `kat doctor` lists what Kat needs.',
};

/** The server refused a statement. */
export class SqlError extends KatError {
  static override readonly name = 'SqlError';
  readonly report: ServerReport;
  /** How many statements of the message finished before the failed one. */
  readonly completedStatements: number;
  /** How many of these stay whatever happened behind them: those up to the last COMMIT or PREPARE TRANSACTION. */
  readonly committedStatements: number;
  /** Whether the error also ended the session. */
  readonly isSessionLost: boolean;

  constructor(
    report: ServerReport,
    options: KatErrorOptions & {
      completedStatements: number;
      committedStatements: number;
      isSessionLost: boolean;
    },
  ) {
    super('SQL_ERROR', report.message, { ...present({ help: helpOfState[report.sqlstate] }), ...options });
    this.report = report;
    this.completedStatements = options.completedStatements;
    this.committedStatements = options.committedStatements;
    this.isSessionLost = options.isSessionLost;
  }
}

/** Whether the session is lost, so that the result is unknown. */
export function isConnectionLost(error: unknown): boolean {
  return error instanceof ConnectionError || (error instanceof SqlError && error.isSessionLost);
}
