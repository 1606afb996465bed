/** Reads another tool's tracking table, which is never written to. */

import type { Session } from '../../connections/driver.js';
import { KatError, type Problem, SqlError } from '../../errors.js';
import { listIds } from '../../graph/list-ids.js';
import type { SourceMigration } from '../../project/import/source.js';
import { type ImportTool, loadAdapter } from '../../project/import/tools.js';
import type { Row, TrackedMigration, TrackingTable } from '../../project/import/tracking-table.js';
import { quoteIdentifier, quoteLiteral } from '../../quote.js';
import { executeInCatalog } from '../ledger/catalog-path.js';
import { eq, gt } from '../ledger/operators.js';

export interface TrackingSource {
  tool: ImportTool;
  /** Its name, with a schema before a dot if need be; left out, the tool's own. */
  table: string | undefined;
  migrations: readonly SourceMigration[];
}

/** A migration of the folder that the other tool has applied. */
export interface Tracked {
  key: string;
  /** ISO 8601 in UTC, where the table has it. */
  appliedAt?: string;
  /** Of the file that was applied, where the table has it. */
  checksum?: string;
}

/**
 * What the other tool has applied, in that order, each once.
 * @throws KatError LEDGER_MISMATCH when there is no such table, or it is another tool's, or it has rows that are failed,
 *   that no file explains, or that several files explain; SQL_ERROR when this role may not read it; USAGE when `source.table` is no name of a table.
 */
export async function readTracking(session: Session, source: TrackingSource): Promise<Tracked[]> {
  const { table: tracking } = await loadAdapter(source.tool);
  const name = source.table ?? tracking.name;
  const sql = quoteName(name);
  const columns = await findColumns(session, sql);
  if (columns.size === 0) await refuseElsewhere(session, name, tracking);
  checkColumns(columns, { tool: source.tool, name }, tracking);
  const { select, orderBy } = tracking.query((column) => columns.has(column));
  const rows = await readRows(session, sql, `SELECT ${select.join(', ')} FROM ${sql} ORDER BY ${orderBy}`);
  const { applied, problems } = tracking.read(rows, source.migrations);
  const explained = explain(applied, source.migrations);
  const unexplained = explained.unexplained.map((label) => unexplainedProblem(name, label));
  const ambiguous = explained.ambiguous.map((row) => ambiguousProblem(name, row));
  refuse(name, [...problems, ...unexplained, ...ambiguous]);
  return explained.tracked;
}

function quoteName(name: string): string {
  const parts = name.split('.');
  if (parts.length <= 2 && !parts.includes('')) return parts.map(quoteIdentifier).join('.');
  throw new KatError('USAGE', `--table ${name} is not a table name`, {
    help: 'Write it as `--table name` or `--table schema.name`.',
  });
}

async function readRows(session: Session, table: string, query: string): Promise<readonly Row[]> {
  try {
    // Rows that a policy hides would count as not applied.
    const results = await session.execute(`SET LOCAL row_security = off; ${query}`);
    return results.at(-1)?.rows ?? [];
  } catch (cause) {
    if (!(cause instanceof SqlError)) throw cause;
    const { sqlstate, message } = cause.report;
    throw new KatError('SQL_ERROR', `cannot read ${table}: ${message} (SQLSTATE ${sqlstate})`, {
      help: `Let this role read all of it: with GRANT SELECT ON ${table}, and without row-level security that hides rows. Nothing was written.`,
      cause,
    });
  }
}

async function findColumns(session: Session, sql: string): Promise<Set<string>> {
  const [result] = await session.execute(
    `SELECT attname AS name FROM pg_catalog.pg_attribute
     WHERE attrelid ${eq} pg_catalog.to_regclass(${quoteLiteral(sql)})::pg_catalog.oid AND attnum ${gt} 0 AND NOT attisdropped`,
  );
  return new Set((result?.rows ?? []).map(({ name }) => name ?? ''));
}

/** A table of that name in a schema that the search path does not have is the history of this or of another application. */
async function refuseElsewhere(session: Session, name: string, table: TrackingTable): Promise<void> {
  const [result] = await executeInCatalog(
    session,
    `SELECT n.nspname AS schema FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
     WHERE c.relname = ${quoteLiteral(name)} AND c.relkind IN ('r', 'p') ORDER BY n.nspname`,
  );
  const found: string[] = [];
  for (const { schema } of result?.rows ?? []) {
    const columns = await findColumns(session, `${quoteIdentifier(schema ?? '')}.${quoteIdentifier(name)}`);
    const isStranger = table.stranger !== undefined && columns.has(table.stranger[0]);
    if (!isStranger && table.columns.every((column) => columns.has(column))) found.push(`${schema}.${name}`);
  }
  if (found.length === 0) return;
  refuse(name, [
    {
      message: `there is no table ${name} on the search path, but ${listIds(found)}`,
      help: `If this is the one, add \`--adopt --table ${found[0]}\`.`,
    },
  ]);
}

function checkColumns(
  found: ReadonlySet<string>,
  { tool, name }: { tool: ImportTool; name: string },
  { columns, stranger }: TrackingTable,
): void {
  const missing = columns.filter((column) => !found.has(column));
  const other = stranger && found.has(stranger[0]) ? stranger[1] : undefined;
  if (missing.length === 0 && other === undefined) return;
  const why = other === undefined ? `it has no column ${listIds(missing)}` : `it looks like that of ${other}`;
  const message =
    found.size === 0
      ? `there is no table ${name}, the tracking table of ${tool}`
      : `${name} is not a tracking table of ${tool}: ${why}`;
  throw new KatError('LEDGER_MISMATCH', message, {
    help: 'Name the tracking table with `--table name` or `--table schema.name`. Nothing was written.',
  });
}

/** What the rows of a tracking table stand for. */
interface Explained {
  tracked: Tracked[];
  /** Labels of rows that no file of the folder explains. */
  unexplained: string[];
  /** Rows that fit more migrations than there are such rows. */
  ambiguous: { label: string; keys: readonly string[] }[];
}

function explain(applied: readonly TrackedMigration[], migrations: readonly SourceMigration[]): Explained {
  const known = findByName(migrations);
  const candidates = applied.map((row) => {
    const name = row.keys.find((one) => known.has(one)) ?? '';
    return { row, name, keys: known.get(name) ?? [] };
  });
  const sure = new Set(
    candidates.flatMap(({ keys: [key, ...others] }) => (key && others.length === 0 ? [key] : [])),
  );
  const taken = new Set<string>();
  const tracked = new Map<string, Tracked>();
  const ambiguous: Explained['ambiguous'] = [];
  for (const { row, name, keys } of candidates) {
    const open = keys.length > 1 ? keys.filter((key) => !sure.has(key)) : keys;
    const alike = candidates.filter((other) => other.name === name).length;
    // As many rows as migrations: all of them are applied, in whatever order.
    const key = alike >= open.length ? (open.find((one) => !taken.has(one)) ?? open[0]) : undefined;
    if (open.length > alike) ambiguous.push({ label: row.label, keys: open });
    if (key === undefined) continue;
    taken.add(key);
    tracked.set(key, trackedAs(key, row));
  }
  const unexplained = candidates.filter(({ keys }) => keys.length === 0).map(({ row }) => row.label);
  return { tracked: [...tracked.values()], unexplained, ambiguous };
}

/** The migrations that a row may mean by a key or an alias; a key means nothing else. */
function findByName(migrations: readonly SourceMigration[]): Map<string, string[]> {
  const found = new Map<string, string[]>();
  for (const { key, aliases = [] } of migrations)
    for (const alias of new Set(aliases)) found.set(alias, [...(found.get(alias) ?? []), key]);
  for (const { key } of migrations) found.set(key, [key]);
  return found;
}

function trackedAs(key: string, { keys: _, label: __, ...time }: TrackedMigration): Tracked {
  return { key, ...time };
}

function ambiguousProblem(
  table: string,
  { label, keys }: { label: string; keys: readonly string[] },
): Problem {
  return {
    message: `${table} has ${label}, which fits several migrations: ${listIds(keys)}`,
    help: 'Correct the row, so that it names one migration.',
  };
}

function unexplainedProblem(table: string, label: string): Problem {
  return {
    message: `${table} has ${label}, but the folder has no file for it`,
    help: 'Restore the file, or correct the table with the other tool.',
  };
}

function refuse(table: string, problems: readonly Problem[]): void {
  const [first] = problems;
  if (!first) return;
  const message =
    problems.length === 1 ? first.message : `${problems.length} rows of ${table} prevent its adoption`;
  throw new KatError('LEDGER_MISMATCH', message, {
    problems,
    help: 'Nothing was written, neither files nor rows.',
  });
}
