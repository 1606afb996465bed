/** Executes a statement that the server commits by itself, between two entries of the journal. */

import { isConnectionLost, SqlError } from '../../../errors.js';
import { runsCode } from '../../../sql/transactions/statement-modes.js';
import {
  begunAlone,
  executeAgain,
  executeStep,
  finishedAlone,
  type StatementRun,
  type StatementStep,
  undoneEntry,
} from '../statement-run.js';

/**
 * Nothing takes back what such a statement did, so its failure is one as a whole only where the server has refused it before it did anything. An error in
 * a body that it runs may come after a COMMIT of that body.
 * @throws SqlError, ConnectionError
 */
export async function runByItself(work: StatementRun, statementStep: StatementStep): Promise<void> {
  await executeAgain(work, begunAlone(work, statementStep));
  statementStep.wasBegun = true;
  try {
    await executeStep(work, statementStep);
  } catch (error) {
    if (!runsCode(statementStep.statement) && isRefusal(error))
      await executeAgain(work, undoneEntry(work, statementStep));
    else statementStep.mayHaveCommitted = true;
    throw error;
  }
  statementStep.mayHaveCommitted = true;
  await executeAgain(work, finishedAlone(work, statementStep));
}

/**
 * Syntax, names, privileges, unsupported features, dependent objects, states of transactions, and what is to be tried again. All others
 * may come in the middle of the work, such as XXA00 and 40003 (CockroachDB), a cancelled statement, or a row that breaks a constraint.
 */
const refusals = /^(?:42...|0A000|2BP01|3D000|3F000|25...|22P02|40001|40P01|OC000|OC001|55P03|55006)$/;

function isRefusal(error: unknown): boolean {
  return error instanceof SqlError && !isConnectionLost(error) && refusals.test(error.report.sqlstate);
}
