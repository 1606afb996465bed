/** Writes CREATE TABLE with the columns and constraints of the table, and what must follow it. */

import { qualifiedName, type SnapshotObject } from '../snapshot/snapshot.js';
import { usualSequence } from './sequences.js';
import { inBrackets, joinWords, ownerName, storageOptions, unquoted } from './words.js';

/** A table with the parts that belong into its statement. */
export interface TableParts {
  table: SnapshotObject;
  /** In their order. */
  columns: readonly SnapshotObject[];
  constraints: readonly SnapshotObject[];
  /** Defaults of the parent's columns, by name, where the table inherits from one. */
  inheritedDefaults: ReadonlyMap<string, string | undefined>;
}

/** The statements that make the table, in order. */
export function createTable(parts: TableParts): string[] {
  const { table, columns } = parts;
  const own = columns.filter(isOwn);
  return [
    createStatement(parts, own),
    ...own.flatMap((column) =>
      column.definition.inherited === undefined
        ? columnSettings(column)
        : [...lostDefault(column, parts), ...columnSettings(column)],
    ),
    ...columns.filter((column) => !isOwn(column)).flatMap((column) => inheritedSettings(column, parts)),
    ...tableSettings(table),
  ];
}

/** Columns that a parent brings are not declared again. */
function isOwn({ definition: { inherited } }: SnapshotObject): boolean {
  return inherited !== 'yes';
}

function createStatement({ table, constraints }: TableParts, own: readonly SnapshotObject[]): string {
  const { kind, definition } = table;
  const { persistence, partitionOf, partitionBound, ofType } = definition;
  const head = joinWords('CREATE', persistence?.toUpperCase(), kind.toUpperCase(), qualifiedName(table));
  const items = [...own.map(columnText), ...constraints.map(constraintText)];
  const list = items.length === 0 ? '' : ` (\n  ${items.join(',\n  ')}\n)`;
  if (partitionOf !== undefined)
    return `${head} PARTITION OF ${partitionOf}${list} ${partitionBound}${tableTail(table)}`;
  if (ofType !== undefined) {
    const options = [...own.flatMap(typedColumnText), ...constraints.map(constraintText)];
    return `${head} OF ${ofType}${options.length === 0 ? '' : ` (\n  ${options.join(',\n  ')}\n)`}${tableTail(table)}`;
  }
  return `${head}${list || ' ()'}${tableTail(table)}`;
}

function tableTail({ definition }: SnapshotObject): string {
  const { inherits, partitionKey, accessMethod, options, toastOptions, tablespace, server, foreignOptions } =
    definition;
  return [
    inherits === undefined ? '' : ` INHERITS (${inherits})`,
    partitionKey === undefined ? '' : ` PARTITION BY ${partitionKey}`,
    server === undefined ? '' : ` SERVER ${server}`,
    foreignOptions === undefined ? '' : ` OPTIONS (${foreignOptions})`,
    accessMethod === undefined ? '' : ` USING ${accessMethod}`,
    inBrackets('WITH ', [...storageOptions(options), ...storageOptions(toastOptions, 'toast.')]),
    tablespace === undefined ? '' : ` TABLESPACE ${tablespace}`,
  ].join('');
}

/** Such as `email text COLLATE "C" DEFAULT '' NOT NULL`. */
export function columnText(column: SnapshotObject): string {
  const { name, definition } = column;
  const { type, collation, compression, foreignOptions } = definition;
  return joinWords(
    ...[name, type],
    foreignOptions !== undefined && `OPTIONS (${foreignOptions})`,
    compression !== undefined && `COMPRESSION ${compression}`,
    collation !== undefined && `COLLATE ${collation}`,
    valueText(column),
    notNullText(column),
  );
}

/** What a column has beside the type that the table is of. */
function typedColumnText(column: SnapshotObject): string[] {
  const options = joinWords(valueText(column), notNullText(column));
  return options === '' ? [] : [`${column.name} WITH OPTIONS ${options}`];
}

function valueText(column: SnapshotObject): string | undefined {
  const { default: value, generated, identity } = column.definition;
  if (value !== undefined) return `DEFAULT ${value}`;
  if (identity !== undefined) return `GENERATED ${shortIdentity(column)}`;
  if (generated === undefined) return undefined;
  const [storage = '', ...expression] = generated.split(' ');
  return `GENERATED ALWAYS AS (${expression.join(' ')}) ${storage}`;
}

/** Without the name and the options that PostgreSQL chooses. */
function shortIdentity({ schema, of = '', name, definition }: SnapshotObject): string {
  const { identity = '', type = '' } = definition;
  const made = `${unquoted(of)}_${unquoted(name)}_seq`;
  const usual = `SEQUENCE ${schema}.${made} ${usualSequence(type)}`;
  const isUsual = identity.endsWith(` ${usual}`) && made.length < 64;
  return isUsual ? `${identity.slice(0, -usual.length)}AS IDENTITY` : identityText(identity);
}

/** The type of an identity's sequence is that of its column. */
export function identityText(identity: string): string {
  const [, when = '', sequence = '', options = ''] =
    /^(ALWAYS|BY DEFAULT) SEQUENCE (.*) AS \w+ (START .*)$/s.exec(identity) ?? [];
  return `${when} AS IDENTITY (SEQUENCE NAME ${sequence} ${options})`;
}

/** The constraint's name is written unless PostgreSQL would make the same. */
function notNullText(column: SnapshotObject): string | undefined {
  const { notNull } = column.definition;
  if (notNull === undefined || notNull.endsWith(' NOT VALID')) return undefined;
  const rest = notNull.endsWith(' NO INHERIT') ? ' NO INHERIT' : '';
  return `${hasMadeNotNull(column) ? '' : `CONSTRAINT ${notNullName(notNull)} `}NOT NULL${rest}`;
}

/** From PostgreSQL 18 on, NOT NULL has a name; empty before. */
export function notNullName(notNull: string | undefined): string {
  return notNull?.slice(0, Math.max(0, notNull.lastIndexOf(' NOT NULL'))) ?? '';
}

/** Whether NOT NULL of the column has the name that PostgreSQL makes, or none. */
export function hasMadeNotNull({ of = '', name, definition: { notNull } }: SnapshotObject): boolean {
  const made = `${unquoted(of)}_${unquoted(name)}_not_null`;
  const constraint = notNullName(notNull);
  return constraint === '' || (unquoted(constraint) === made && made.length < 64);
}

/** Such as `CONSTRAINT users_pkey PRIMARY KEY (id)`. */
export function constraintText({ name, definition }: SnapshotObject): string {
  return `CONSTRAINT ${name} ${definition.definition}`;
}

/** What CREATE TABLE has no words for in all majors. */
export function columnSettings(column: SnapshotObject): string[] {
  const { name, definition } = column;
  const { storage, statistics, options, notNull } = definition;
  const alter = `ALTER TABLE ${ownerName(column)} ALTER COLUMN ${name}`;
  return [
    ...(storage === undefined ? [] : [`${alter} SET STORAGE ${storage}`]),
    ...(statistics === undefined ? [] : [`${alter} SET STATISTICS ${statistics}`]),
    ...(options === undefined ? [] : [`${alter} SET (${storageOptions(options).join(', ')})`]),
    ...(notNull?.endsWith(' NOT VALID')
      ? [`ALTER TABLE ${ownerName(column)} ADD CONSTRAINT ${notNull}`]
      : []),
  ];
}

/** INHERITS gives a declared column the default of the parent, unlike a later ALTER TABLE … INHERIT (MergeAttributes). */
function lostDefault(column: SnapshotObject, { inheritedDefaults }: TableParts): string[] {
  const { default: own, generated, identity } = column.definition;
  if (own !== undefined || generated !== undefined || identity !== undefined) return [];
  if (inheritedDefaults.get(column.name) === undefined) return [];
  return [`ALTER TABLE ${ownerName(column)} ALTER COLUMN ${column.name} DROP DEFAULT`];
}

function inheritedSettings(column: SnapshotObject, { inheritedDefaults }: TableParts): string[] {
  const own = column.definition.default;
  const alter = `ALTER TABLE ${ownerName(column)} ALTER COLUMN ${column.name}`;
  if (own === inheritedDefaults.get(column.name)) return columnSettings(column);
  const change = own === undefined ? 'DROP DEFAULT' : `SET DEFAULT ${own}`;
  return [`${alter} ${change}`, ...columnSettings(column)];
}

function tableSettings(table: SnapshotObject): string[] {
  const { rowSecurity, forceRowSecurity } = table.definition;
  const alter = `ALTER TABLE ${qualifiedName(table)}`;
  return [
    ...(rowSecurity === undefined ? [] : [`${alter} ENABLE ROW LEVEL SECURITY`]),
    ...(forceRowSecurity === undefined ? [] : [`${alter} FORCE ROW LEVEL SECURITY`]),
  ];
}
