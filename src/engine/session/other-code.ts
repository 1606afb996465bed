/** Whether a database runs code of its own where Kat expects none: that of event triggers, and that behind Kat's tables. */

import type { Session } from '../../connections/driver.js';
import { quoteTextArray } from '../../quote.js';
import type { Ledger } from '../ledger/ledger.js';
import { tablesOf } from '../ledger/ledger.js';
import { eq, ge, gt, ne } from '../ledger/operators.js';
import { oidOf } from '../ledger/values.js';

/**
 * A condition: no statement that makes a new object fires a trigger, no record does or evaluates a function of the database, and a new
 * object without a schema is not a temporary one.
 */
export function runsNoOtherCode(ledger: Ledger): string {
  const oids = `ANY (ARRAY[${tablesOf(ledger).map(oidOf).join(', ')}]::pg_catalog.oid[])`;
  return [
    'NOT EXISTS (SELECT FROM pg_catalog.pg_event_trigger)',
    `NOT EXISTS (SELECT FROM pg_catalog.pg_class WHERE oid ${eq} ${oids}
 AND (relhastriggers OR relhasrules OR relrowsecurity OR relchecks ${gt} 0))`,
    `NOT EXISTS (SELECT FROM pg_catalog.pg_index WHERE indrelid ${eq} ${oids} AND (indexprs IS NOT NULL OR indpred IS NOT NULL))`,
    `NOT EXISTS (SELECT FROM pg_catalog.pg_attribute WHERE attrelid ${eq} ${oids} AND ${isForeignColumn})`,
    `pg_catalog.strpos(pg_catalog.current_setting('search_path'), 'pg_temp') ${eq} 0`,
  ].join('\nAND ');
}

/** Columns of Kat's tables that have a default. */
const defaulted = ['id', 'migration_time', 'logged_at', 'database_user'];

/** The OIDs of what a database does not have from the beginning (access/transam.h, FirstNormalObjectId). */
const firstOwnOid = 16384;

/** A condition on columns: of a type that is not PostgreSQL's, or with a default that is not Kat's or that needs more than sequences. */
const isForeignColumn = `(atttypid ${ge} ${firstOwnOid}::pg_catalog.oid
 OR atthasdef AND (attname::pg_catalog.text ${ne} ALL (${quoteTextArray(defaulted)}) OR EXISTS (
  SELECT FROM pg_catalog.pg_attrdef AS d JOIN pg_catalog.pg_depend ON classid ${eq} 'pg_catalog.pg_attrdef'::pg_catalog.regclass AND objid ${eq} d.oid
  WHERE adrelid ${eq} attrelid AND adnum ${eq} attnum AND refclassid ${ne} 'pg_catalog.pg_class'::pg_catalog.regclass)))`;

/** Whether `runsNoOtherCode` does not hold. */
export async function findOtherCode(session: Session, ledger: Ledger): Promise<boolean> {
  const [result] = await session.execute(`SELECT ${runsNoOtherCode(ledger)} AS is_free`);
  return result?.rows[0]?.is_free !== 't';
}
