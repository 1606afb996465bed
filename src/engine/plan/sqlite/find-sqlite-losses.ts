/** Finds what a rollback on SQLite would destroy: rows of tables that it drops or empties, and values of columns. */

import type { Session } from '../../../connections/driver.js';
import { asciiLower } from '../../../connections/sqlite/ascii-lower.js';
import { type SqliteStatement, splitSqliteMigration } from '../../../connections/sqlite/split-statements.js';
import { readTokens } from '../../../connections/sqlite/tokens.js';
import { SqlError } from '../../../errors.js';
import type { Graph } from '../../../graph/graph.js';
import type { Step } from '../../../graph/plan.js';
import { present } from '../../../present.js';
import { findSqlFile } from '../../../project/folder/load.js';
import { quoteIdentifier } from '../../../quote.js';
import { quoteSqliteText } from '../../ledger/sqlite/ledger-sql.js';
import type { Loss } from '../loss.js';
import { attachedTable, attachesFile } from './attached-tables.js';
import { findSqliteCascades } from './find-sqlite-cascades.js';
import { followTables, type LostPart } from './lost-parts.js';
import { SchemaCopy } from './schema-copy.js';
import { deletedFrom } from './statement-names.js';

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
  const schema = new SchemaCopy(session);
  try {
    return await findLosses(
      { session, schema, findLost: followTables(schema) },
      { graph, plan, storedDowns },
    );
  } finally {
    await schema.close();
  }
}

/** What the texts of a plan are looked at with. */
interface Look {
  session: Session;
  schema: SchemaCopy;
  findLost: ReturnType<typeof followTables>;
}

async function findLosses(look: Look, { graph, plan, storedDowns }: PlannedDowns): Promise<Loss[]> {
  const losses: Loss[] = [];
  for (const { id } of plan.steps.filter(({ direction }) => direction === 'down')) {
    const { files, replaces = [] } = graph.get(id);
    const statements = splitSqliteMigration(storedDowns.get(id) ?? findSqlFile(files.down) ?? '');
    const { tables, ...others } = await lookInto(look, statements);
    const filled = Object.entries(others).filter(([, names]) => names.length > 0);
    if (tables.length + filled.length + replaces.length > 0)
      losses.push({ id, replaces, tables, ...Object.fromEntries(filled) });
  }
  return losses;
}

type FoundLosses = Required<Pick<Loss, 'tables' | 'cascaded' | 'columns' | 'overwritten' | 'unseen'>>;

async function lookInto(
  { session, schema, findLost }: Look,
  statements: readonly SqliteStatement[],
): Promise<FoundLosses> {
  const attached: string[] = [];
  const own: SqliteStatement[] = [];
  for (const statement of statements) {
    const table = await attachedTable(statement, schema);
    if (table === undefined) own.push(statement);
    else attached.push(table);
  }
  const { tables, columns, ...filled } = await findFilled(session, await findLost(own), attachesFile(own));
  const referring = await findSqliteCascades(session, own);
  const unseen = [...new Set([...attached, ...filled.absent])];
  return {
    tables,
    cascaded: referring.tables.filter((table) => !tables.includes(table)),
    columns,
    overwritten: [...new Set([...filled.overwritten, ...referring.columns])],
    unseen: unseen.map((name) => `${name} (in another file)`),
  };
}

interface Filled {
  tables: string[];
  columns: string[];
  overwritten: string[];
  /** Tables that the main file does not have. */
  absent: string[];
}

/** @param isAbsentNamed whether tables that the main file does not have are of interest. */
async function findFilled(
  session: Session,
  parts: readonly LostPart[],
  isAbsentNamed: boolean,
): Promise<Filled> {
  const filled: Place[] = [];
  const absent: string[] = [];
  for (const part of parts) {
    const places = await findPlaces(session, part);
    if (places.length === 0 && isAbsentNamed && !(await isThere(session, part.table)))
      absent.push(part.table);
    for (const place of places) if (await isFilled(session, place)) filled.push(place);
  }
  const columns = namesOf(
    filled.filter(({ column, condition }) => column !== undefined && condition === undefined),
  );
  const overwritten = namesOf(filled.filter(({ condition }) => condition !== undefined));
  return {
    tables: namesOf(filled.filter(({ column }) => column === undefined)),
    columns,
    overwritten: overwritten.filter((one) => !columns.includes(one)),
    absent,
  };
}

/** What a part is in the database, as it writes the names. */
type Place = Pick<LostPart, 'table' | 'column' | 'condition'>;

async function findPlaces(session: Session, part: LostPart): Promise<Place[]> {
  const table = await readTable(session, part.table);
  if (!table) return (await tablesBehind(session, part)).map((name) => ({ table: name }));
  if (part.column === undefined && !part.copied) return [{ table: table.name }];
  const { condition } = part;
  return table.columns
    .filter((column) => isLost(part, column))
    .map((column) => ({ table: table.name, column, ...present({ condition }) }));
}

function namesOf(places: readonly Place[]): string[] {
  return [
    ...new Set(places.map(({ table, column }) => (column === undefined ? table : `${table}.${column}`))),
  ];
}

async function isThere(session: Session, name: string): Promise<boolean> {
  const [result] = await session.execute(
    `SELECT 1 FROM sqlite_master WHERE lower(name) = ${quoteSqliteText(name)} LIMIT 1`,
  );
  return result?.rows.length !== 0;
}

/** The tables of which the triggers of a view delete rows instead. */
async function tablesBehind(session: Session, { table, column }: LostPart): Promise<string[]> {
  if (column !== undefined) return [];
  const [result] = await session.execute(
    `SELECT sql FROM sqlite_master WHERE type = 'trigger' AND lower(tbl_name) = ${quoteSqliteText(table)}
     AND EXISTS (SELECT 1 FROM sqlite_master v WHERE v.type = 'view' AND v.name = tbl_name)`,
  );
  const triggers = (result?.rows ?? []).map(({ sql }) => [...readTokens(sql ?? '')]);
  return triggers.flatMap((tokens) =>
    tokens.flatMap((_, start) => deletedFrom(tokens.slice(start, start + 5))?.name ?? []),
  );
}

function isLost({ column, copied }: LostPart, one: string): boolean {
  return column === undefined ? !copied?.has(asciiLower(one)) : column === asciiLower(one);
}

/** A condition that cannot be asked yet, as with a function of an extension, leaves out nothing. */
async function isFilled(session: Session, { table, column, condition }: Place): Promise<boolean> {
  const found = column === undefined ? '' : ` WHERE ${quoteIdentifier(column)} IS NOT NULL`;
  const lost = condition === undefined ? '' : ` AND (${condition})`;
  try {
    const [result] = await session.execute(`SELECT 1 FROM ${quoteIdentifier(table)}${found}${lost} LIMIT 1`);
    return result?.rows.length !== 0;
  } catch (error) {
    if (!(error instanceof SqlError) || error.isSessionLost || condition === undefined) throw error;
    return isFilled(session, { table, ...present({ column }) });
  }
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
