/** Fills materialized views behind a schema dump, which leaves all of them without data: a query of such a view fails. */

import type { Session } from '../../connections/driver.js';
import { quoteDollar, quoteIdentifier, quoteLiteral } from '../../quote.js';
import { nodeOf } from '../../sql/syntax/node-of.js';
import type { Statement } from '../../sql/syntax/parse.js';
import { executeInCatalog } from '../ledger/catalog-path.js';

/**
 * @param statements of the dump, which makes a view behind those that it reads.
 * @returns a statement each, for the views that have data in the database of `session`; none without such views.
 */
export async function fillingStatements(
  session: Session,
  statements: readonly Statement[],
): Promise<string[]> {
  const made = statements.flatMap(({ node }) => viewMadeBy(node) ?? []);
  if (made.length === 0) return [];
  const filled = await readFilledViews(session);
  const fill = made.filter((view) => filled.has(view)).map(fillingBlock);
  // Before PostgreSQL 17, the functions of a view are called with the search path of the session, which the dump empties.
  return fill.length > 0 ? ['SET LOCAL search_path TO DEFAULT;', ...fill] : [];
}

/** A query may fail on tables without rows, as by division by zero, or not reach another server: the view then stays without data. */
function fillingBlock(view: string): string {
  return `DO ${quoteDollar(`
BEGIN
  REFRESH MATERIALIZED VIEW ${view};
EXCEPTION WHEN others THEN
  RAISE WARNING '% stays without data: %', ${quoteLiteral(view)}, SQLERRM;
END
`)};`;
}

/** @returns its name as SQL. */
function viewMadeBy(node: Statement['node']): string | undefined {
  const { objtype, into } = nodeOf(node, 'CreateTableAsStmt') ?? {};
  const { schemaname, relname } = into?.rel ?? {};
  return objtype === 'OBJECT_MATVIEW' && into?.skipData ? nameOf(schemaname, relname) : undefined;
}

async function readFilledViews(session: Session): Promise<Set<string>> {
  const [result] = await executeInCatalog(
    session,
    `SELECT n.nspname AS schema, c.relname AS name FROM pg_catalog.pg_class c
     JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace WHERE c.relkind = 'm' AND c.relispopulated`,
  );
  return new Set(result?.rows.map(({ schema, name }) => nameOf(schema, name)));
}

function nameOf(...parts: readonly (string | null | undefined)[]): string {
  return parts.map((part) => quoteIdentifier(part ?? '')).join('.');
}
