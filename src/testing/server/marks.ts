/** Comments of databases that say since when they are kept, or when they were used last. Every database of the server shows them. */

import type { Session } from '../../connections/driver.js';
import { quoteIdentifier, quoteLiteral } from '../../quote.js';

/** A query: the databases that this role may drop, with `name`, `is_open` for connections, and `since` in seconds of the epoch. */
export const markedDatabases = `SELECT d.oid, d.datname::pg_catalog.text AS name, d.datallowconn AS is_open,
  pg_catalog.substring(pg_catalog.shobj_description(d.oid, 'pg_database'), '^Kat: (?:kept|used) ([0-9]{1,15})')::pg_catalog.int8 AS since
FROM pg_catalog.pg_database d WHERE pg_catalog.pg_has_role(d.datdba, 'USAGE')`;

/** The server's clock, in seconds of the epoch. */
export const now = 'pg_catalog.floor(extract(epoch FROM pg_catalog.now()))::pg_catalog.int8';

/** @param note such as the name of a test. */
export async function markDatabase(
  session: Session,
  name: string,
  mark: { verb: 'kept' | 'used'; note?: string | undefined },
): Promise<void> {
  const [clock] = await session.execute(`SELECT ${now} AS now`);
  const comment = ['Kat:', mark.verb, clock?.rows[0]?.now ?? '0', mark.note ?? ''].join(' ').trim();
  await session.execute(`COMMENT ON DATABASE ${quoteIdentifier(name)} IS ${quoteLiteral(comment)}`);
}
