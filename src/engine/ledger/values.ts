/** Writes values into the SQL of records: as literals, or as parameters of prepared statements. */

import { quoteLiteral, quoteTextArray } from '../../quote.js';

/** How values are written. */
export interface ValueWriter {
  /** As an expression of type `text`; `NULL` for undefined. */
  text(value: string | undefined): string;
  /** As an expression of type `text[]`. */
  texts(values: readonly string[]): string;
  /** The oid of a table. @param name as SQL. */
  relation(name: string): string;
}

export const literals: ValueWriter = {
  text: quoteLiteral,
  texts: quoteTextArray,
  // NULL where no table has the name.
  relation: (name) => `pg_catalog.to_regclass(${quoteLiteral(name)})`,
};
