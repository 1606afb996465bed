/** When a migration started, by the server's clock: when its message arrived, or before the first query of its program. */

import type { PreparedStep } from './read-step.js';

/** A setting that lives only as long as its transaction: seconds since 1970. */
const startMark = 'kat.started';

/** The statements that note the start; none where the message itself is the start. */
export function noteStart({ isProgram }: PreparedStep): string[] {
  if (!isProgram) return [];
  const seconds = 'extract(epoch FROM pg_catalog.clock_timestamp())::pg_catalog.text';
  return [`SELECT pg_catalog.set_config('${startMark}', ${seconds}, true)`];
}

/** The start as SQL of type `timestamptz`. */
export function startOf({ isProgram }: PreparedStep): string {
  return isProgram
    ? `pg_catalog.to_timestamp(pg_catalog.current_setting('${startMark}')::pg_catalog.float8)`
    : 'pg_catalog.statement_timestamp()';
}
