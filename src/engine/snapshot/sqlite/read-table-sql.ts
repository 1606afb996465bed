/**
 * Reads from the text of a table what no PRAGMA tells: constraints, collations, generated columns, and AUTOINCREMENT. SQLite has accepted
 * the text, and ALTER TABLE keeps it up to date.
 */

import { readTokens } from '../../../connections/sqlite/tokens.js';
import { present } from '../../../present.js';
import { joinPieces, piecesOf, type SqlPiece } from './canonical-sql.js';
import { type DeclaredNames, findDeclared, spellColumns, spellNames } from './declared-names.js';
import { joinList, type PieceReader, readPieces, splitAtCommas } from './piece-reader.js';

/** A constraint of a table, also one that is written behind a column. */
export interface TableConstraint {
  /** As SQL; undefined where it has none. */
  name: string | undefined;
  /** Such as `UNIQUE (email)`. */
  definition: string;
  /** Such as `REPLACE`, of ON CONFLICT. */
  conflict: string | undefined;
}

/** All as canonical SQL. */
export interface ColumnText {
  collation?: string;
  /** `(expression) STORED` or `(expression) VIRTUAL`. */
  generated?: string;
  /** What happens to a NULL where there is NOT NULL ON CONFLICT. */
  notNullConflict?: string;
  isAutoincrement?: true;
  /** `INTEGER PRIMARY KEY DESC` behind a column makes no alias of the rowid, unlike all other forms. */
  isDescendingKey?: true;
}

export interface TableText {
  constraints: readonly TableConstraint[];
  /** By the column's name as SQL. */
  columns: ReadonlyMap<string, ColumnText>;
}

/** Names that a text may have: of all tables, and of the columns of this one. */
export interface KnownNames {
  tables: DeclaredNames;
  columns: DeclaredNames;
}

/** @param sql as in sqlite_schema. */
export function readTableSql(sql: string, known: KnownNames): TableText {
  const pieces = spellNames(piecesOf(readTokens(sql)), known.columns);
  const reader = readPieces(pieces.slice(pieces.findIndex(({ text }) => text === '(')));
  const constraints: TableConstraint[] = [];
  const columns = new Map<string, ColumnText>();
  for (const part of splitAtCommas(reader.takeGroup() ?? [])) {
    const content = readPieces(part);
    if (isConstraint(part[0])) readClauses(content, { known, constraints });
    else readColumn(content, { known, constraints, columns });
  }
  return { constraints, columns };
}

function isConstraint(first: SqlPiece | undefined): boolean {
  return first?.kind === 'keyword' && /^(?:CONSTRAINT|PRIMARY|UNIQUE|CHECK|FOREIGN)$/.test(first.text);
}

/** Where the clauses of one column, or those of the table, are noted. */
interface Target {
  known: KnownNames;
  constraints: TableConstraint[];
  column?: { name: string; text: ColumnText };
}

function readColumn(
  reader: PieceReader,
  { columns, ...target }: Target & { columns: Map<string, ColumnText> },
): void {
  const name = readName(reader, target.known.columns);
  const text: ColumnText = {};
  columns.set(name, text);
  readClauses(reader, { ...target, column: { name, text } });
}

function readClauses(reader: PieceReader, target: Target): void {
  let name: string | undefined;
  while (!reader.isAtEnd) {
    if (reader.take('CONSTRAINT')) {
      name = reader.next()?.text;
      continue;
    }
    const definition = readClause(reader, target);
    if (definition === undefined) continue;
    const conflict = readConflict(reader);
    if (reader.take('AUTOINCREMENT') && target.column) target.column.text.isAutoincrement = true;
    target.constraints.push({ name, definition, conflict });
    name = undefined;
  }
}

/** @returns the constraint; undefined where the clause is something else. */
function readClause(reader: PieceReader, target: Target): string | undefined {
  const { known, column } = target;
  if (reader.take('PRIMARY', 'KEY')) return `PRIMARY KEY ${readKeyColumns(reader, target)}`;
  if (reader.take('UNIQUE')) return `UNIQUE ${readKeyColumns(reader, target)}`;
  if (reader.take('CHECK')) return `CHECK (${joinPieces(reader.takeGroup() ?? [])})`;
  if (reader.take('FOREIGN', 'KEY')) {
    const columns = joinPieces(spellColumns(reader.takeGroup() ?? [], known.columns));
    return reader.take('REFERENCES') ? `FOREIGN KEY (${columns}) ${readReference(reader, known)}` : undefined;
  }
  if (column) return readColumnClause(reader, { ...column, known });
  reader.next();
  return undefined;
}

/** @returns a foreign key; of all else the column takes a note. */
function readColumnClause(
  reader: PieceReader,
  { name, text, known }: NonNullable<Target['column']> & Pick<Target, 'known'>,
): string | undefined {
  if (reader.take('REFERENCES')) return `FOREIGN KEY (${name}) ${readReference(reader, known)}`;
  if (reader.take('NOT', 'NULL')) Object.assign(text, present({ notNullConflict: readConflict(reader) }));
  else if (reader.take('COLLATE')) Object.assign(text, readCollation(reader));
  else if (reader.take('AS')) text.generated = readGenerated(reader);
  // A default, which a PRAGMA tells, a word of the type, or one that changes nothing.
  else if (!reader.takeGroup()) reader.next();
  return undefined;
}

function readCollation(reader: PieceReader): Pick<ColumnText, 'collation'> {
  const collation = reader.next()?.text.toUpperCase() ?? '';
  return collation === 'BINARY' ? {} : { collation };
}

function readGenerated(reader: PieceReader): string {
  const expression = joinPieces(reader.takeGroup() ?? []);
  const isStored = reader.peek()?.text.toUpperCase() === 'STORED';
  return `(${expression}) ${isStored ? 'STORED' : 'VIRTUAL'}`;
}

function readKeyColumns(reader: PieceReader, { known, column }: Target): string {
  const list = reader.takeGroup();
  if (list || !column) return `(${joinList(spellColumns(list ?? [], known.columns))})`;
  const isDescending = reader.take('DESC');
  if (isDescending) column.text.isDescendingKey = true;
  else reader.take('ASC');
  return `(${column.name}${isDescending ? ' DESC' : ''})`;
}

function readConflict(reader: PieceReader): string | undefined {
  if (!reader.take('ON', 'CONFLICT')) return undefined;
  const resolution = reader.next()?.text;
  return resolution === 'ABORT' ? undefined : resolution;
}

/** Without MATCH, which SQLite ignores, and without what is the default. */
function readReference(reader: PieceReader, { tables }: KnownNames): string {
  const target = readName(reader, tables);
  const columns = reader.takeGroup();
  const actions: Record<string, string> = {};
  let isDeferred = false;
  for (;;) {
    if (reader.take('ON', 'DELETE')) actions.DELETE = readAction(reader);
    else if (reader.take('ON', 'UPDATE')) actions.UPDATE = readAction(reader);
    else if (reader.take('MATCH')) reader.next();
    else if (reader.take('NOT', 'DEFERRABLE')) readInitially(reader);
    else if (reader.take('DEFERRABLE')) isDeferred = readInitially(reader);
    else break;
  }
  const clauses = ['DELETE', 'UPDATE'].flatMap((event) => {
    const action = actions[event];
    return action === undefined || action === 'NO ACTION' ? [] : [`ON ${event} ${action}`];
  });
  const list = columns ? `(${joinPieces(columns)})` : '';
  return [`REFERENCES ${target}${list}`, ...clauses, ...(isDeferred ? [deferred] : [])].join(' ');
}

const deferred = 'DEFERRABLE INITIALLY DEFERRED';

/** As it is declared, or as it is written where nothing of that name is. */
function readName(reader: PieceReader, declared: DeclaredNames): string {
  const piece = reader.next();
  return (piece && findDeclared(declared, piece)) ?? piece?.text ?? '';
}

function readAction(reader: PieceReader): string {
  const first = reader.next()?.text ?? '';
  const isLong = first === 'SET' || first === 'NO';
  return isLong ? `${first} ${reader.next()?.text ?? ''}` : first;
}

/** @returns whether it is checked at COMMIT. */
function readInitially(reader: PieceReader): boolean {
  if (reader.take('INITIALLY', 'DEFERRED')) return true;
  reader.take('INITIALLY', 'IMMEDIATE');
  return false;
}
