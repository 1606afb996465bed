/**
 * Recognises what a query of the system catalogs asks for: migrations often look first whether something exists.
 * `WHERE table_name = 'users'` depends on nothing but objects called `users`; a query without such a condition depends on
 * everything.
 */

import type { A_Expr, Node, SelectStmt } from '@pgsql/types';
import { splitIdentifier } from '../../syntax/identifiers.js';
import { conjunctsOf, literalOf, nodeOf, nodesOf, withoutCasts } from '../../syntax/node-of.js';
import type { ObjectId } from '../../syntax/object-id.js';
import { namePartsOf } from '../../syntax/object-names.js';
import { contextOfExecution, type ReaderContext } from '../context.js';
import type { AskedName } from '../effect.js';

/** Columns of the catalogs that name the object itself, beside all those that end with `_name` or `name`. */
const namingColumns: ReadonlySet<string> = new Set([
  'conrelid',
  'attrelid',
  'indrelid',
  'indexrelid',
  'tgrelid',
  'polrelid',
  'inhrelid',
  'inhparent',
  'seqrelid',
  'enumtypid',
  'enumlabel',
  'typrelid',
  'objoid',
  'objid',
  'refobjid',
  'ev_class',
  'oid',
]);

/** Columns that end with `name` but say only where an object lies, or of which kind it is. */
const wideColumns: ReadonlySet<string> = new Set([
  'nspname',
  'schemaname',
  'table_schema',
  'lanname',
  'amname',
  'datname',
  'udt_name',
  'spcname',
  'usename',
  'catalog_name',
]);

/** Catalogs that migrations do not change. */
const constantCatalogs: ReadonlySet<string> = new Set([
  'pg_settings',
  'pg_stat_activity',
  'pg_locks',
  'pg_database',
  'pg_timezone_names',
  'pg_available_extensions',
  'pg_am',
  'pg_language',
]);

/** Notes a query of `catalogs`, which stand in its FROM. */
export function noteCatalogQuery(
  context: ReaderContext,
  select: SelectStmt,
  catalogs: readonly ObjectId[],
): void {
  if (catalogs.every(({ name }) => constantCatalogs.has(name))) return;
  const { statement, by } = context;
  const names = askedNames([select.whereClause, ...joinConditions(select.fromClause)]);
  context.state.catalogQueries.push({
    place: context.placeOf(locationOf(select)),
    statement,
    names: names.length > 0 ? names : undefined,
    when: contextOfExecution(context).when === 'later' ? 'later' : 'now',
    ...(by ? { by } : {}),
  });
}

function locationOf(select: SelectStmt): number | undefined {
  return nodesOf(select.fromClause, 'RangeVar')[0]?.location;
}

function joinConditions(items: readonly Node[] | undefined): (Node | undefined)[] {
  const pending: (Node | undefined)[] = (items ?? []).toReversed();
  const found: (Node | undefined)[] = [];
  while (pending.length > 0) {
    const join = nodeOf(pending.pop(), 'JoinExpr');
    if (!join) continue;
    // Only inner joins drop the rows that do not match.
    const isInner = join.jointype === 'JOIN_INNER';
    if (isInner) found.push(join.quals);
    pending.push(...(isInner ? [join.rarg] : []), join.larg);
  }
  return found;
}

/** The names of one condition that all rows must fulfil: a table with its column where both are asked for. */
function askedNames(conditions: readonly (Node | undefined)[]): AskedName[] {
  const asked = conditions.flatMap((condition) => conjunctsOf(condition).flatMap(nameOfCondition));
  const table = asked.find(({ column }) => isTableColumn(column));
  const part = asked.find(({ column }) => !isTableColumn(column));
  if (table && part)
    return table.names.flatMap((name) => part.names.map((inner): AskedName => [name, inner]));
  return ((table ?? part)?.names ?? []).map((name) => [name]);
}

function isTableColumn(column: string): boolean {
  return [
    'table_name',
    'tablename',
    'conrelid',
    'attrelid',
    'tgrelid',
    'polrelid',
    'event_object_table',
  ].includes(column);
}

interface AskedCondition {
  column: string;
  names: readonly string[];
}

/** `column = 'name'`, either way round, `column IN ('a', 'b')` or `column = ANY (ARRAY['a'])`. */
function nameOfCondition(condition: Node): AskedCondition[] {
  if (!('A_Expr' in condition)) return [];
  const { lexpr, rexpr, name } = condition.A_Expr;
  if (namePartsOf(name).at(-1) !== '=') return [];
  const asked = askedColumn(lexpr) ?? askedColumn(rexpr);
  const names = literalsOf(condition.A_Expr);
  return asked === undefined || names === undefined ? [] : [{ column: asked, names }];
}

function literalsOf({ kind, lexpr, rexpr }: A_Expr): string[] | undefined {
  const other = askedColumn(lexpr) === undefined ? lexpr : rexpr;
  const items = kind === 'AEXPR_OP' ? [other] : itemsOf(other);
  const names = items?.map((item) => nameInLiteral(item));
  return names?.every((text) => text !== undefined) ? names : undefined;
}

function itemsOf(node: Node | undefined): Node[] | undefined {
  const inner = withoutCasts(node);
  const list = nodeOf(inner, 'List');
  if (list) return list.items ?? [];
  const array = nodeOf(inner, 'A_ArrayExpr');
  return array && (array.elements ?? []);
}

/** `'public.users'::regclass` asks for `users`; a plain text is the name as it is. */
function nameInLiteral(node: Node | undefined): string | undefined {
  const argument = withoutCalls(node);
  const literal = literalOf(argument);
  const cast = nodeOf(argument, 'TypeCast');
  if (literal === undefined || !cast) return literal;
  const isObject = (namePartsOf(cast.typeName?.names).at(-1) ?? '').startsWith('reg');
  return isObject ? splitIdentifier(literal).at(-1) : literal;
}

/** The first argument of all calls around it. */
function withoutCalls(node: Node | undefined): Node | undefined {
  let inner = node;
  while (inner && 'FuncCall' in inner) inner = inner.FuncCall.args?.[0];
  return inner;
}

/** The column of `column`, `lower(column)`, `column::text` and their like. */
function askedColumn(node: Node | undefined): string | undefined {
  let inner = node;
  while (inner && ('TypeCast' in inner || 'FuncCall' in inner)) inner = withoutCalls(withoutCasts(inner));
  const reference = nodeOf(inner, 'ColumnRef');
  if (!reference) return undefined;
  const column = namePartsOf(reference.fields).at(-1) ?? '';
  const isNaming = namingColumns.has(column) || (column.endsWith('name') && !wideColumns.has(column));
  return isNaming ? column : undefined;
}
