/** Checks the effects of a statement on the transaction that Kat opens for its migration. */

import type { Node } from '@pgsql/types';
import type { Problem } from '../../errors.js';
import type { StepMode } from '../../graph/plan.js';
import { copyFromStdin, isCopyFromStdin } from '../psql/psql-leftovers.js';
import { findRefusal } from '../transactions/refusals.js';
import { findTransactionControl } from '../transactions/transaction-control.js';

/** A text, and its mode of execution. */
export interface SqlOrigin {
  /** For messages. */
  file: string;
  /** The migration's id. */
  migration: string;
  mode: StepMode;
}

/** The problem, without its place. */
export type StatementProblem = Pick<Problem, 'code' | 'message' | 'help' | 'sqlstate'>;

/** With the title under which the command shows it. */
export function asSqlError(problem: Problem): Problem {
  return { title: 'SQL error', ...problem };
}

/** Why a statement must not be run in a transaction, or statement by statement; undefined when nothing in it says so. */
export function findStatementProblem(node: Node, mode: StepMode): StatementProblem | undefined {
  if (isCopyFromStdin(node)) return { code: 'psql', ...copyFromStdin };
  const control = findTransactionControl(node);
  if (mode === 'statements') return control && describeLoneControl(control.command);
  if (control && !control.isSavepoint) return describeControl(control.command);
  if (isResetAll(node)) return resetAll;
  const refusal = findRefusal(node);
  return (
    refusal && {
      code: 'needs-no-transaction',
      message: `${refusal.command} cannot run inside a transaction block`,
      help: `Set \`no_transaction: true\` in metadata.yaml: ${refusal.because}.`,
      sqlstate: '25001',
    }
  );
}

const resetAll: StatementProblem = {
  code: 'transaction-control',
  message: 'RESET ALL would take away what Kat knows its transaction by',
  help: 'Remove it: Kat brings all settings back after each migration; or reset single settings by their names.',
};

function isResetAll(node: Node): boolean {
  return 'VariableSetStmt' in node && node.VariableSetStmt.kind === 'VAR_RESET_ALL';
}

function describeControl(command: string): StatementProblem {
  return {
    code: 'transaction-control',
    message: `${command} would interfere with the transaction that this migration runs in`,
    help: 'Remove it, and make a migration of its own of what must be committed before the rest.',
  };
}

function describeLoneControl(command: string): StatementProblem {
  return {
    code: 'transaction-control',
    message: `${command} needs a transaction, but with \`no_transaction: true\` every statement runs alone`,
    help: 'Remove it, or remove `no_transaction: true` from metadata.yaml.',
  };
}
