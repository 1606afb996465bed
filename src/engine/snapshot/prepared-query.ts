/** Asks a long query several times, which the server parses and plans once: a third of the time of a snapshot. */

import type { Session, StatementResult } from '../../connections/driver.js';
import { SqlError } from '../../errors.js';

const name = 'kat_snapshot';

/** The queries that `name` stands for; undefined where the server does not keep it. */
const prepared = new WeakMap<Session, string | undefined>();

/**
 * @param session of Kat's own.
 * @param ask sends statements; the last one is the query.
 * @throws what `ask` throws.
 */
export async function askPrepared(
  session: Session,
  query: string,
  ask: (statements: readonly string[]) => Promise<StatementResult[]>,
): Promise<StatementResult[]> {
  if (prepared.has(session) && prepared.get(session) !== query) return ask([query]);
  const preparation = prepared.has(session) ? [] : [`PREPARE ${name} AS ${query}`];
  try {
    const results = await ask([...preparation, `EXECUTE ${name}`]);
    prepared.set(session, query);
    return results;
  } catch (error) {
    if (!isOtherSession(error)) throw error;
    prepared.set(session, undefined);
    return ask([query]);
  }
}

/** A pooler may send each transaction to another session of the server, which has no such statement, or has one already. */
function isOtherSession(error: unknown): boolean {
  return error instanceof SqlError && ['26000', '42P05'].includes(error.report.sqlstate ?? '');
}
