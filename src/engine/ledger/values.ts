/** Writes values into the SQL of records: as literals, or as parameters of prepared statements. */

import { quoteLiteral, quoteTextArray } from '../../quote.js';

/** How values are written. */
export interface ValueWriter {
  /** As an expression of type `text`; `NULL` for undefined. */
  text(value: string | undefined): string;
  /** As an expression of type `text[]`. */
  texts(values: readonly string[]): string;
  /** For FROM: the oids of two tables, as `l` and `g`. @param names as SQL. */
  tables(...names: [ledger: string, log: string]): string;
}

export const literals: ValueWriter = {
  text: quoteLiteral,
  texts: quoteTextArray,
  // Short, as `pg_stat_activity` shows the first thousand bytes of a message.
  tables: (ledger, log) => `${oidOf(ledger)} AS l, ${oidOf(log)} AS g`,
};

/** The oid of a table; NULL where no table has the name. @param name as SQL. */
export function oidOf(name: string): string {
  return `pg_catalog.to_regclass(${quoteLiteral(name)})`;
}
