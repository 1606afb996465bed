/** Finds what a rollback on SQLite would destroy: rows of tables that it drops, and values of columns. */

import type { Session } from '../../../connections/driver.js';
import { asciiLower } from '../../../connections/sqlite/ascii-lower.js';
import { splitSqliteStatements } from '../../../connections/sqlite/split-statements.js';
import type { Graph } from '../../../graph/graph.js';
import type { Step } from '../../../graph/plan.js';
import { findSqlFile } from '../../../project/folder/load.js';
import { quoteIdentifier } from '../../../quote.js';
import { quoteSqliteText } from '../../ledger/sqlite/ledger-sql.js';
import type { Loss } from '../loss.js';
import { followTables, type LostPart } from './lost-parts.js';

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
  const findLost = followTables();
  for (const { id } of plan.steps.filter(({ direction }) => direction === 'down')) {
    const { files, replaces = [] } = graph.get(id);
    const text = storedDowns.get(id) ?? findSqlFile(files.down) ?? '';
    const { tables, columns } = await findFilled(session, findLost(splitSqliteStatements(text)));
    if (tables.length + columns.length + replaces.length > 0)
      losses.push({ id, replaces, tables, ...(columns.length > 0 ? { columns } : {}) });
  }
  return losses;
}

async function findFilled(
  session: Session,
  parts: readonly LostPart[],
): Promise<{ tables: string[]; columns: string[] }> {
  const [tables, columns] = [new Set<string>(), new Set<string>()];
  for (const part of parts) {
    const table = await readTable(session, part.table);
    if (!table) continue;
    if (part.column === undefined && !part.copied) {
      if (await isFilled(session, table.name)) tables.add(table.name);
      continue;
    }
    for (const column of table.columns.filter((one) => isLost(part, one)))
      if (await isFilled(session, table.name, column)) columns.add(`${table.name}.${column}`);
  }
  return { tables: [...tables], columns: [...columns] };
}

function isLost({ column, copied }: LostPart, one: string): boolean {
  return column === undefined ? !copied?.has(asciiLower(one)) : column === asciiLower(one);
}

async function isFilled(session: Session, table: string, column?: string): Promise<boolean> {
  const value = column === undefined ? '' : ` WHERE ${quoteIdentifier(column)} IS NOT NULL`;
  const [result] = await session.execute(`SELECT 1 FROM ${quoteIdentifier(table)}${value} LIMIT 1`);
  return result?.rows.length !== 0;
}

/** As the database writes the names; undefined for a table of SQLite's own, and for one that an earlier step of the plan makes. */
async function readTable(
  session: Session,
  table: string,
): Promise<{ name: string; columns: string[] } | undefined> {
  const [result] = await session.execute(
    `SELECT m.name AS name, c.name AS column_name FROM sqlite_master m, pragma_table_info(m.name) c
     WHERE m.type = 'table' AND lower(m.name) = ${quoteSqliteText(table)} AND m.name NOT LIKE 'sqlite\\_%' ESCAPE '\\'`,
  );
  const rows = result?.rows ?? [];
  const name = rows[0]?.name;
  return name ? { name, columns: rows.flatMap(({ column_name }) => column_name ?? []) } : undefined;
}
