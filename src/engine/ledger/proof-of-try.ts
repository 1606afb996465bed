/** Proves from the journal what a try of this very migration has made: nothing else may be cleared away. */

import type { Direction } from '../../graph/migration.js';
import { quoteLiteral } from '../../quote.js';
import { eq, ge, gt } from './operators.js';

/** A statement that runs alone, and that the journal has as begun and not as finished. */
export interface TriedStatement {
  /** As SQL. */
  logTable: string;
  migration: string;
  direction: Direction;
  /** The log's id of the entry about its first try. */
  firstEntry: string;
}

/**
 * A condition on a row of a catalog, as SQL: it was written between the beginning of one of the tries and what the log has
 * next about this migration. Transaction ids tell, and stay readable when a row is frozen (since PostgreSQL 9.4).
 * @param row the catalog's alias.
 */
export function isMadeByTry(
  { logTable, migration, direction, firstEntry }: TriedStatement,
  row: string,
): string {
  const age = (alias: string) => `pg_catalog.age(${alias}.xmin)`;
  return `EXISTS (
    SELECT FROM ${logTable} s
    WHERE s.id ${ge} ${firstEntry} AND s.migration ${eq} ${quoteLiteral(migration)} AND s.direction ${eq} ${quoteLiteral(direction)}
      AND s.outcome ${eq} 'statement started' AND ${age('s')} ${gt} ${age(row)}
      AND ${age(row)} ${gt} coalesce((SELECT ${age('e')} FROM ${logTable} e
        WHERE e.migration ${eq} s.migration AND e.id ${gt} s.id ORDER BY e.id LIMIT 1), -1))`;
}
