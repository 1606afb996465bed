/** Finds what a rollback on SQLite would destroy: rows of tables that it drops, and values of columns. */

import type { Session } from '../../../connections/driver.js';
import { splitSqliteStatements } from '../../../connections/sqlite/split-statements.js';
import type { Graph } from '../../../graph/graph.js';
import type { Step } from '../../../graph/plan.js';
import { findSqlFile } from '../../../project/folder/load.js';
import { quoteIdentifier } from '../../ledger/quote.js';
import { quoteSqliteText } from '../../ledger/sqlite/ledger-sql.js';
import type { Loss } from '../loss.js';
import { findDroppedParts, findTableChanges } from './table-changes.js';

interface PlannedDowns {
  graph: Graph;
  plan: { steps: readonly Step[] };
  storedDowns: ReadonlyMap<string, string>;
}

/** SQLite does not tell who wrote a row, so rows that the migration itself inserted count as well. */
export async function findSqliteLosses(
  session: Session,
  { graph, plan, storedDowns }: PlannedDowns,
): Promise<Loss[]> {
  const losses: Loss[] = [];
  for (const { id } of plan.steps.filter(({ direction }) => direction === 'down')) {
    const { files, replaces = [] } = graph.get(id);
    const text = storedDowns.get(id) ?? findSqlFile(files.down) ?? '';
    const { tables, columns } = await findFilled(session, text);
    if (tables.length + columns.length + replaces.length > 0)
      losses.push({ id, replaces, tables, ...(columns.length > 0 ? { columns } : {}) });
  }
  return losses;
}

async function findFilled(session: Session, text: string): Promise<{ tables: string[]; columns: string[] }> {
  const statements = splitSqliteStatements(text);
  const rebuilt = new Set(findTableChanges(statements).rebuilt);
  const found: { tables: string[]; columns: string[] } = { tables: [], columns: [] };
  for (const { table, column } of findDroppedParts(statements)) {
    if (rebuilt.has(table.toLowerCase()) || !(await isThere(session, table, column))) continue;
    const value = column === undefined ? '' : ` WHERE ${quoteIdentifier(column)} IS NOT NULL`;
    const rows = await session.execute(`SELECT 1 FROM ${quoteIdentifier(table)}${value} LIMIT 1`);
    if (rows[0]?.rows.length === 0) continue;
    if (column === undefined) found.tables.push(table);
    else found.columns.push(`${table}.${column}`);
  }
  return found;
}

/** A table that an earlier step of the plan makes is not there yet, and holds nothing. */
async function isThere(session: Session, table: string, column: string | undefined): Promise<boolean> {
  const name = `lower(m.name) = ${quoteSqliteText(table.toLowerCase())} AND m.type = 'table'`;
  const [result] = await session.execute(
    column === undefined
      ? `SELECT 1 FROM sqlite_master m WHERE ${name}`
      : `SELECT 1 FROM sqlite_master m, pragma_table_info(m.name) c WHERE ${name} AND lower(c.name) = ${quoteSqliteText(column.toLowerCase())}`,
  );
  return result?.rows.length === 1;
}
