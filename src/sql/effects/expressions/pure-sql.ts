/** Writes an expression over one column as SQL that any session understands the same, if evaluating it has no effects. */

import type { Node, TypeName } from '@pgsql/types';
import { quoteIdentifier, quoteLiteral } from '../../../quote.js';
import { literalOf, type NodeKind, type NodeOf, nodeOf, nodesOf } from '../../syntax/node-of.js';
import { namePartsOf } from '../../syntax/object-names.js';

/** Functions of PostgreSQL that only compute, with which people convert values. */
const pure: ReadonlySet<string> = new Set(
  `abs array_length array_to_string btrim cardinality ceil ceiling char_length character_length date date_part date_trunc decode div
  encode extract floor format initcap jsonb_array_length jsonb_extract_path_text jsonb_typeof json_extract_path_text json_typeof left
  length lower lpad ltrim md5 mod octet_length overlay position power regexp_replace repeat replace reverse right round rpad rtrim
  sha256 sign split_part sqrt starts_with string_to_array strpos substr substring timezone to_char to_date to_jsonb to_number
  to_timestamp translate trunc upper`.split(/\s+/),
);

const operators: ReadonlySet<string> = new Set(
  '+ - * / % ^ || = <> < > <= >= -> ->> #> #>> & | # ~ ~* ~~ ~~* !~ !~~ << >> @> <@'.split(' '),
);

type Writer<Kind extends NodeKind> = (node: NodeOf<Kind>, column: string) => string | undefined;

const writers: { readonly [Kind in NodeKind]?: Writer<Kind> } = {
  ColumnRef: ({ fields }, column) =>
    namePartsOf(fields).at(-1) === column ? quoteIdentifier(column) : undefined,
  A_Const: (constant) => {
    if (constant.isnull) return 'NULL';
    if (constant.boolval) return String(constant.boolval.boolval === true);
    const literal = literalOf({ A_Const: constant });
    if (literal === undefined) return undefined;
    return constant.sval ? quoteLiteral(literal) : `(${literal})`;
  },
  TypeCast: ({ arg, typeName }, column) =>
    join([pureSqlOf(arg, column), sqlOfType(typeName)], (parts) => `CAST(${parts.join(' AS ')})`),
  FuncCall: ({ funcname, args, ...rest }, column) => {
    const [name = '', schema = 'pg_catalog'] = namePartsOf(funcname).toReversed();
    const isPlain =
      !rest.agg_filter && !rest.agg_order && !rest.over && !rest.agg_star && !rest.func_variadic;
    if (schema !== 'pg_catalog' || !pure.has(name) || !isPlain) return undefined;
    return list(args, column, (parts) => `pg_catalog.${quoteIdentifier(name)}(${parts.join(', ')})`);
  },
  CoalesceExpr: ({ args }, column) => list(args, column, (parts) => `coalesce(${parts.join(', ')})`),
  NullTest: ({ arg, nulltesttype }, column) =>
    list([arg], column, ([one]) => `(${one} IS ${nulltesttype === 'IS_NULL' ? '' : 'NOT '}NULL)`),
  BoolExpr: ({ boolop, args }, column) =>
    list(args, column, (parts) =>
      boolop === 'NOT_EXPR'
        ? `(NOT ${parts.join('')})`
        : `(${parts.join(boolop === 'AND_EXPR' ? ' AND ' : ' OR ')})`,
    ),
  CaseExpr: ({ arg, args, defresult }, column) => {
    const whens = nodesOf(args, 'CaseWhen').map(({ expr, result }) =>
      list([expr, result], column, (parts) => `WHEN ${parts.join(' THEN ')}`),
    );
    const head = arg ? pureSqlOf(arg, column) : '';
    const otherwise = defresult ? pureSqlOf(defresult, column) : 'NULL';
    return join([head, ...whens, otherwise], (parts) => {
      const last = parts.length - 1;
      return `(CASE ${parts.slice(0, last).join(' ')} ELSE ${parts[last]} END)`;
    });
  },
  A_Expr: ({ kind, name, lexpr, rexpr }, column) => {
    if (kind === 'AEXPR_NULLIF')
      return list([lexpr, rexpr], column, (parts) => `nullif(${parts.join(', ')})`);
    const [operator = '', ...others] = namePartsOf(name);
    if (kind !== 'AEXPR_OP' || others.length > 0 || !operators.has(operator)) return undefined;
    const sides = lexpr ? [lexpr, rexpr] : [rexpr];
    const sign = `OPERATOR(pg_catalog.${operator})`;
    return list(sides, column, (parts) =>
      lexpr ? `(${parts.join(` ${sign} `)})` : `(${sign} ${parts.join('')})`,
    );
  },
  A_Indirection: ({ arg, indirection = [] }, column) => {
    const indices = nodesOf(indirection, 'A_Indices');
    if (indices.length !== indirection.length || indices.some(({ is_slice }) => is_slice)) return undefined;
    return list([arg, ...indices.map(({ uidx }) => uidx)], column, ([of, ...at]) =>
      [`(${of})`, ...at.map((one) => `[${one}]`)].join(''),
    );
  },
};

/** @returns undefined where something else is read, or may do more than compute. */
export function pureSqlOf(node: Node | undefined, column: string): string | undefined {
  const [kind] = Object.keys(node ?? {}) as NodeKind[];
  const write = kind === undefined ? undefined : (writers[kind] as Writer<NodeKind> | undefined);
  return kind === undefined ? undefined : write?.(nodeOf(node, kind) as NodeOf<NodeKind>, column);
}

function list(
  nodes: readonly (Node | undefined)[] | undefined,
  column: string,
  write: (parts: string[]) => string,
): string | undefined {
  return join(
    (nodes ?? []).map((node) => pureSqlOf(node, column)),
    write,
  );
}

function join(
  parts: readonly (string | undefined)[],
  write: (parts: string[]) => string,
): string | undefined {
  const known = parts.filter((part) => part !== undefined);
  return known.length === parts.length ? write(known) : undefined;
}

/** @returns undefined for a type with words of its own, such as INTERVAL YEAR. */
export function sqlOfType(type: TypeName | undefined): string | undefined {
  const { names, typmods = [], arrayBounds = [] } = type ?? {};
  const parts = namePartsOf(names);
  const sizes = typmods.map(literalOf);
  if (parts.length === 0 || sizes.includes(undefined) || (parts.at(-1) === 'interval' && sizes.length > 0))
    return undefined;
  const size = sizes.length > 0 ? `(${sizes.join(', ')})` : '';
  return `${parts.map(quoteIdentifier).join('.')}${size}${'[]'.repeat(arrayBounds.length)}`;
}
