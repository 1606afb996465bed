/** Proves that no other run took a migration over while this run had lost its lock together with its connection. */

import { MigrationError } from '../../errors.js';
import { quoteLiteral } from '../../quote.js';
import { tableOf } from '../ledger/ledger.js';
import { eq } from '../ledger/operators.js';
import { assertion, readUnproven } from '../ledger/proof.js';
import type { PreparedStep } from './read-step.js';
import type { RunContext } from './run-context.js';
import type { StatementRun } from './statement-run.js';

const recordedByOther = 'another run has recorded this migration';

/** A statement that fails if the tracking table shows that the migration is done. */
export function expectUnrecorded({ context: { lockedSession }, step }: StatementRun): string {
  const { id, direction } = step.step;
  const row = `EXISTS (SELECT FROM ${tableOf(lockedSession.ledger)} WHERE name ${eq} ${quoteLiteral(id)})`;
  return assertion(direction === 'up' ? `NOT ${row}` : row, recordedByOther);
}

/** Whether `expectUnrecorded` failed. */
export function isRecordedByOther(error: unknown): boolean {
  return readUnproven(error) === recordedByOther;
}

/** Reports the error that ends this run. The log stays as the other run left it. */
export function refuseOtherRun({ reporter }: RunContext, { step }: PreparedStep): MigrationError {
  const { id, direction } = step;
  const done = direction === 'up' ? 'applied' : 'rolled back';
  const message = `another run has ${done} ${id} while this run had lost its connection`;
  const error = new MigrationError('PLAN_CHANGED', message, {
    ...{ migration: id, direction, finished: reporter.finished },
    problems: [{ message, migration: id }],
    help: 'Run `kat status` to see what is applied. Run the command again to continue.',
  });
  reporter.fail(step, error);
  return error;
}
