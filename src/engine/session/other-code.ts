/** Whether a database runs code of its own where Kat expects none: that of event triggers, and that behind Kat's tables. */

import type { Session } from '../../connections/driver.js';
import type { Ledger } from '../ledger/ledger.js';
import { tablesOf } from '../ledger/ledger.js';
import { eq, gt } from '../ledger/operators.js';
import { oidOf } from '../ledger/values.js';

/**
 * A condition: no statement that makes a new object fires a trigger, no record does, and a new object without a schema is not a
 * temporary one.
 */
export function runsNoOtherCode(ledger: Ledger): string {
  const tables = tablesOf(ledger).map(oidOf);
  return [
    'NOT EXISTS (SELECT FROM pg_catalog.pg_event_trigger)',
    `NOT EXISTS (SELECT FROM pg_catalog.pg_class WHERE oid ${eq} ANY (ARRAY[${tables.join(', ')}]::pg_catalog.oid[])
 AND (relhastriggers OR relhasrules OR relrowsecurity OR relchecks ${gt} 0))`,
    `pg_catalog.strpos(pg_catalog.current_setting('search_path'), 'pg_temp') ${eq} 0`,
  ].join('\nAND ');
}

/** Whether `runsNoOtherCode` does not hold. */
export async function findOtherCode(session: Session, ledger: Ledger): Promise<boolean> {
  const [result] = await session.execute(`SELECT ${runsNoOtherCode(ledger)} AS is_free`);
  return result?.rows[0]?.is_free !== 't';
}
