/** Reads the canonical document of a SQLite database's schema. */

import type { Session } from '../../../connections/driver.js';
import { asciiLower } from '../../../connections/sqlite/ascii-lower.js';
import { readTokens } from '../../../connections/sqlite/tokens.js';
import { present } from '../../../present.js';
import { type SchemaSnapshot, type SnapshotObject, sortObjects } from '../../../sql/snapshot/snapshot.js';
import { joinPieces, piecesOf, sqliteName } from './canonical-sql.js';
import { type DeclaredNames, declareNames, spellColumns, spellNames } from './declared-names.js';
import { joinList, readPieces } from './piece-reader.js';
import { type ColumnText, readTableSql, type TableConstraint } from './read-table-sql.js';

/** Of all versions of SQLite 3: what a snapshot has is the same in each of them. */
const major = 3;

/**
 * Reads all objects of the database's file, not those of attached ones, nor temporary ones. Leaves out what is SQLite's own, and the
 * tables in which a virtual table keeps its rows. Works inside a transaction and outside.
 * @param without names of tables that are left out with what belongs to them.
 * @throws SqlError
 */
export async function readSqliteSnapshot(
  session: Session,
  without: readonly string[],
): Promise<SchemaSnapshot> {
  const [found, tables, columns] = await session.execute([schemaQuery, tableQuery, columnQuery].join(';\n'));
  const facts = new Map((tables?.rows ?? []).map(({ name, ...row }) => [name, row]));
  const left = new Set(without.map(asciiLower));
  const rows = ((found?.rows ?? []) as unknown as SchemaRow[]).filter(
    ({ tbl_name }) => !left.has(asciiLower(tbl_name)) && facts.get(tbl_name)?.type !== 'shadow',
  );
  const known = {
    columns: groupColumns((columns?.rows ?? []) as unknown as ColumnRow[]),
    tables: declareNames([...facts.keys()].map(String)),
  };
  const objects = rows.flatMap((row) => readObjects({ ...row, ...facts.get(row.name) }, known));
  return { major, role: '', isSqlite: true, objects: sortObjects(objects) };
}

const isOurs = "m.name NOT LIKE 'sqlite\\_%' ESCAPE '\\'";

const schemaQuery = `SELECT m.type AS kind, m.name AS name, m.tbl_name AS tbl_name, m.sql AS sql
FROM main.sqlite_master m WHERE ${isOurs} AND m.sql IS NOT NULL`;

/** Not joined with the others: SQLite would make the whole list anew for each row. */
const tableQuery = "SELECT name, type, wr, strict FROM pragma_table_list WHERE schema = 'main'";

const columnQuery = `SELECT m.name AS tbl_name, x.name AS name, x.cid AS cid, x.type AS type, x."notnull" AS not_null, x.dflt_value AS value
FROM main.sqlite_master m, pragma_table_xinfo(m.name, 'main') x
WHERE ${isOurs} AND m.type = 'table' AND m.sql NOT LIKE 'CREATE VIRTUAL %'`;

interface SchemaRow {
  kind: 'table' | 'index' | 'trigger' | 'view';
  name: string;
  tbl_name: string;
  sql: string;
  /** Of tables and views. */
  wr?: string | null;
  strict?: string | null;
}

interface ColumnRow {
  tbl_name: string;
  name: string;
  cid: string;
  type: string;
  not_null: string;
  value: string | null;
}

function groupColumns(rows: readonly ColumnRow[]): Map<string, ColumnRow[]> {
  const groups = new Map<string, ColumnRow[]>();
  for (const row of rows) groups.set(row.tbl_name, [...(groups.get(row.tbl_name) ?? []), row]);
  return groups;
}

/** What all objects are read with. */
interface KnownObjects {
  columns: ReadonlyMap<string, readonly ColumnRow[]>;
  tables: DeclaredNames;
}

function readObjects(row: SchemaRow, { columns, tables }: KnownObjects): SnapshotObject[] {
  if (row.kind === 'table') return readTable(row, columns.get(row.name) ?? [], tables);
  const name = sqliteName(row.name);
  const written = row.sql.replaceAll('\r\n', '\n');
  if (row.kind === 'view') return [{ kind: 'view', name, definition: { definition: restOf(row), written } }];
  // SQLite stores the table of a trigger as CREATE TRIGGER wrote it.
  const of = tables.get(asciiLower(row.tbl_name)) ?? sqliteName(row.tbl_name);
  if (row.kind === 'trigger')
    return [{ kind: 'trigger', name, of, definition: { definition: restOf(row), written } }];
  const declared = columnNames(columns.get(row.tbl_name) ?? []);
  return [{ kind: 'index', name, of, definition: readIndex(row.sql, declared) }];
}

function columnNames(columns: readonly ColumnRow[]): DeclaredNames {
  return declareNames(columns.map(({ name }) => name));
}

/** What follows the name in CREATE VIEW and CREATE TRIGGER: SQLite itself writes what is before it. */
function restOf({ sql }: SchemaRow): string {
  return joinPieces(piecesOf(readTokens(sql)).slice(3));
}

/** `CREATE [UNIQUE] INDEX name ON table (…) [WHERE …]` */
function readIndex(sql: string, declared: DeclaredNames): SnapshotObject['definition'] {
  const pieces = piecesOf(readTokens(sql));
  const isUnique = pieces[1]?.text === 'UNIQUE';
  const reader = readPieces(pieces.slice(isUnique ? 6 : 5));
  const columns = `(${joinList(spellColumns(reader.takeGroup() ?? [], declared))})`;
  const where = reader.take('WHERE') ? joinPieces(spellNames(reader.rest(), declared)) : undefined;
  return present({ columns, where, unique: isUnique ? 'yes' : undefined });
}

function readTable(row: SchemaRow, columns: readonly ColumnRow[], tables: DeclaredNames): SnapshotObject[] {
  const name = sqliteName(row.name);
  const [, kind] = piecesOf(readTokens(row.sql.slice(0, 'CREATE VIRTUAL'.length)));
  // Its columns are the module's affair.
  if (kind?.text === 'VIRTUAL') return [{ kind: 'table', name, definition: { using: moduleOf(row) } }];
  const text = readTableSql(row.sql, { tables, columns: columnNames(columns) });
  const definition = present({
    strict: row.strict === '1' ? 'yes' : undefined,
    withoutRowid: row.wr === '1' ? 'yes' : undefined,
  });
  return [
    { kind: 'table', name, definition },
    ...columns.map((column) => readColumn(name, column, text.columns.get(sqliteName(column.name)) ?? {})),
    ...nameConstraints(name, text.constraints),
  ];
}

/** `CREATE VIRTUAL TABLE name USING module(…)` */
function moduleOf({ sql }: SchemaRow): string {
  return joinPieces(piecesOf(readTokens(sql)).slice(5));
}

function readColumn(table: string, row: ColumnRow, text: ColumnText): SnapshotObject {
  const type = joinPieces(piecesOf(readTokens(row.type))).toUpperCase();
  const definition = present({
    position: row.cid,
    type: type === '' ? undefined : type,
    notNull: row.not_null === '1' ? (text.notNullConflict ?? 'yes') : undefined,
    default: row.value === null ? undefined : joinPieces(piecesOf(readTokens(row.value))),
    collation: text.collation,
    generated: text.generated,
    autoincrement: text.isAutoincrement ? 'yes' : undefined,
    descendingKey: text.isDescendingKey ? 'yes' : undefined,
  });
  return { kind: 'column', name: sqliteName(row.name), of: table, definition };
}

/** Constraints without a name are known by what they say, without what a foreign key refers to. */
function nameConstraints(table: string, constraints: readonly TableConstraint[]): SnapshotObject[] {
  const objects = new Map<string, SnapshotObject>();
  for (const { name, definition, conflict } of constraints) {
    const own = name ?? definition.replace(/ REFERENCES .*$/s, '');
    const object = {
      kind: 'constraint' as const,
      name: isOther(objects.get(own), definition) ? definition : own,
      of: table,
      definition: present({ definition, conflict }),
    };
    objects.set(object.name, object);
  }
  return [...objects.values()];
}

/** Two foreign keys of one column, for example. */
function isOther(known: SnapshotObject | undefined, definition: string): boolean {
  return known !== undefined && known.definition.definition !== definition;
}
