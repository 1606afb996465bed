/**
 * Citus refuses some statements behind work that it has done on several connections in the same transaction: DDL of tables that refer
 * to reference tables, types, functions. With one connection for each node they go together, but slower
 * (https://docs.citusdata.com/en/stable/develop/api_guc.html#citus-multi-shard-modify-mode-enum). Some of them it sends on to its workers
 * as the text of the whole message, which they refuse where it has several commands, so each is a message of its own (Citus 13.0.3).
 */

import { SqlError } from '../../../errors.js';
import type { Step } from '../../../graph/plan.js';
import type { RunContext } from '../run-context.js';

/** For the rest of a transaction. */
export const beginSequential = `SET LOCAL citus.multi_shard_modify_mode TO 'sequential'`;

/** Whether the server asks for it: its hint has the setting, in whatever language its messages are, or a worker has refused a text. */
function asksForSequential(error: unknown): error is SqlError {
  if (!(error instanceof SqlError) || error.isSessionLost) return false;
  const { sqlstate, hint = '' } = error.report;
  const isHint = /\bSET LOCAL citus\.multi_shard_modify_mode TO 'sequential'/.test(hint);
  return (sqlstate === 'XX000' && isHint) || isRefusedByWorker(error.report);
}

/** Its context names the worker. */
export function isRefusedByWorker({ sqlstate, where = '' }: SqlError['report']): boolean {
  return sqlstate === '42601' && /\bexecuting command on\b/.test(where);
}

type SequentialContext = Pick<RunContext, 'sequential' | 'isSingleTransaction' | 'setting'>;

/** Whether the transaction of a step runs with one connection for each node, and its statements as messages of their own. */
export function isSequential(
  { sequential, isSingleTransaction }: Omit<SequentialContext, 'setting'>,
  { id }: Pick<Step, 'id'>,
): boolean {
  return isSingleTransaction ? sequential.size > 0 : sequential.has(id);
}

/** After an error by which the server asks for it: once for each transaction, and says so. @returns whether to try again. */
export function trySequentially(context: SequentialContext, step: Step, error: unknown): boolean {
  if (!asksForSequential(error) || isSequential(context, step)) return false;
  context.sequential.add(step.id);
  context.setting.onEvent({
    type: 'warning',
    message: `Citus refused ${step.id}: ${error.report.message}`,
    help: 'Trying it once more, statement by statement and with `citus.multi_shard_modify_mode` set to sequential, which is slower.',
  });
  return true;
}
