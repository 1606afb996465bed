/** The statements that set a migration's timeouts. */

import type { WaitPolicy } from '../policy/waits.js';

/** @param command `SET LOCAL` within a transaction, `SET` outside. */
export function timeoutStatements(waits: WaitPolicy, command: 'SET' | 'SET LOCAL'): string[] {
  const { lockTimeoutMs, statementTimeoutMs } = waits;
  return [
    `${command} lock_timeout = ${lockTimeoutMs}`,
    ...(statementTimeoutMs === undefined ? [] : [`${command} statement_timeout = ${statementTimeoutMs}`]),
  ];
}
