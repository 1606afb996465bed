/** When a migration started, by the server's clock: when its message arrived, or before the first of its queries where it has several messages. */

import type { PreparedStep } from './read-step.js';

/** A setting that lives only as long as its transaction: seconds since 1970. */
const startMark = 'kat.started';

/** The statements that note the start; none where the message itself is the start, or where no query may come before the migration's own. */
export function noteStart(step: PreparedStep): string[] {
  if (!hasSeveralMessages(step) || step.setsTransaction) return [];
  const seconds = 'extract(epoch FROM pg_catalog.clock_timestamp())::pg_catalog.text';
  return [`SELECT pg_catalog.set_config('${startMark}', ${seconds}, true)`];
}

/** The start as SQL of type `timestamptz`. */
export function startOf(step: PreparedStep): string {
  if (!hasSeveralMessages(step)) return 'pg_catalog.statement_timestamp()';
  return step.setsTransaction
    ? 'pg_catalog.transaction_timestamp()'
    : `pg_catalog.to_timestamp(pg_catalog.current_setting('${startMark}')::pg_catalog.float8)`;
}

/** Nothing can be sent ahead of it or behind it. */
export function hasSeveralMessages({ isProgram, isApart }: PreparedStep): boolean {
  return isProgram || isApart === true;
}
