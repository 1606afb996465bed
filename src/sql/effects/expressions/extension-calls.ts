/** Functions of common extensions that take the names of tables as texts. */

import { splitIdentifier } from '../../syntax/identifiers.js';
import { literalOf, type NodeOf, nodeOf } from '../../syntax/node-of.js';
import type { ObjectId } from '../../syntax/object-id.js';
import { partOf } from '../../syntax/object-names.js';
import { emit, type ReaderContext } from '../context.js';
import { usedName } from '../resolve-names.js';

type Call = NodeOf<'FuncCall'>;

/** The arguments that name a table, a column of it and another table: each by its place and by its name. */
interface NamingArguments {
  table: readonly [place: number, name: string];
  column?: readonly [place: number, name: string];
  other?: readonly [place: number, name: string];
  isGuess?: boolean;
}

const ofTable = (name: string): NamingArguments => ({ table: [0, name] });

const distributing: NamingArguments = {
  table: [0, 'table_name'],
  column: [1, 'distribution_column'],
  other: [3, 'colocate_with'],
};

const calls: Readonly<Record<string, NamingArguments>> = {
  // Citus: https://docs.citusdata.com/en/stable/develop/api_udf.html
  create_distributed_table: distributing,
  create_distributed_table_concurrently: distributing,
  create_reference_table: ofTable('table_name'),
  citus_add_local_table_to_metadata: ofTable('table_name'),
  undistribute_table: ofTable('table_name'),
  alter_distributed_table: {
    table: [0, 'table_name'],
    column: [1, 'distribution_column'],
    other: [3, 'colocate_with'],
  },
  update_distributed_table_colocation: { table: [0, 'table_name'], other: [1, 'colocate_with'] },
  truncate_local_data_after_distributing_table: ofTable('function_name'),
  alter_table_set_access_method: ofTable('table_name'),
  create_time_partitions: ofTable('table_name'),
  isolate_tenant_to_new_shard: ofTable('table_name'),
  // TimescaleDB: https://docs.tigerdata.com/api/latest/
  create_hypertable: { table: [0, 'relation'], column: [1, 'time_column_name'] },
  add_dimension: { table: [0, 'hypertable'], column: [1, 'column_name'] },
  set_chunk_time_interval: ofTable('hypertable'),
  set_integer_now_func: ofTable('hypertable'),
  add_retention_policy: ofTable('relation'),
  remove_retention_policy: ofTable('relation'),
  add_compression_policy: ofTable('hypertable'),
  remove_compression_policy: ofTable('hypertable'),
  add_columnstore_policy: ofTable('hypertable'),
  remove_columnstore_policy: ofTable('hypertable'),
  add_reorder_policy: ofTable('hypertable'),
  remove_reorder_policy: ofTable('hypertable'),
  add_continuous_aggregate_policy: ofTable('continuous_aggregate'),
  remove_continuous_aggregate_policy: ofTable('continuous_aggregate'),
  refresh_continuous_aggregate: ofTable('continuous_aggregate'),
  attach_tablespace: { table: [1, 'hypertable'] },
  drop_chunks: ofTable('relation'),
  // PostGIS: https://postgis.net/docs/reference.html#Management_Functions
  populate_geometry_columns: ofTable('tbl_oid'),
};

/** pg_partman: https://github.com/pgpartman/pg_partman/blob/development/doc/pg_partman.md */
const ofPartman: Readonly<Record<string, NamingArguments>> = {
  create_parent: { table: [0, 'p_parent_table'], column: [1, 'p_control'], other: [8, 'p_template_table'] },
  create_sub_parent: ofTable('p_top_parent'),
  partition_data_time: ofTable('p_parent_table'),
  partition_data_id: ofTable('p_parent_table'),
  partition_data_proc: ofTable('p_parent_table'),
  undo_partition: ofTable('p_parent_table'),
  undo_partition_proc: ofTable('p_parent_table'),
  run_maintenance: ofTable('p_parent_table'),
};

/**
 * PostGIS: how many arguments begin with the table. More of them are a schema, or a catalog and a schema, before it; AddGeometryColumn
 * has a flag behind them.
 */
const geometryColumns: Readonly<Record<string, number>> = {
  addgeometrycolumn: 5,
  dropgeometrycolumn: 2,
  updategeometrysrid: 3,
};

/** Reads which tables and columns a call of a function of an extension names in texts. */
export function readExtensionCall(context: ReaderContext, name: string, call: Call): void {
  const known = Object.hasOwn(calls, name) ? calls[name] : undefined;
  // A project may well have functions of these names.
  const guessed = Object.hasOwn(ofPartman, name) ? ofPartman[name] : undefined;
  if (known) readNamed(context, call, known);
  else if (guessed) readNamed(context, call, { ...guessed, isGuess: true });
  else if (Object.hasOwn(geometryColumns, name)) readGeometryColumn(context, name, call);
}

function readNamed(
  context: ReaderContext,
  call: Call,
  { table, column, other, isGuess = false }: NamingArguments,
): void {
  const named = argumentOf(call, table);
  if (named === undefined) return;
  const use = (objects: readonly ObjectId[]) => emitUses(context, call, objects, isGuess);
  const columnName = column && argumentOf(call, column);
  use(tableAndColumn(context, splitIdentifier(named), columnName));
  const second = other && argumentOf(call, other);
  // Citus: `colocate_with` may also say that the type decides, or that there is none.
  if (second !== undefined && !['default', 'none'].includes(second))
    use(tableAndColumn(context, splitIdentifier(second)));
}

function readGeometryColumn(context: ReaderContext, name: string, call: Call): void {
  const { args = [] } = call;
  const hasFlag = nodeOf(args.at(-1), 'A_Const')?.boolval !== undefined;
  const qualifiers = args.length - (hasFlag ? 1 : 0) - (geometryColumns[name] as number);
  const texts = args.map((arg) => literalOf(arg));
  const table = texts.slice(Math.max(qualifiers - 1, 0), qualifiers + 1);
  const isNew = name === 'addgeometrycolumn';
  if (!table.every((part) => part !== undefined)) return;
  emitUses(context, call, tableAndColumn(context, table, isNew ? undefined : texts[qualifiers + 1]), false);
}

function tableAndColumn(
  context: ReaderContext,
  name: readonly string[],
  column?: string | undefined,
): ObjectId[] {
  const table = usedName(context, 'relation', name);
  return column === undefined ? [table] : [table, partOf(table, 'column', column)];
}

function emitUses(
  context: ReaderContext,
  { location: at }: Call,
  objects: readonly ObjectId[],
  isGuess: boolean,
): void {
  for (const object of objects) emit(context, { action: 'use', object, at, ...(isGuess ? { isGuess } : {}) });
}

function argumentOf({ args = [] }: Call, [place, name]: readonly [number, string]): string | undefined {
  const named = args.map((arg) => nodeOf(arg, 'NamedArgExpr')).find((arg) => arg?.name === name);
  const byPlace = args[place];
  return literalOf(named?.arg ?? (nodeOf(byPlace, 'NamedArgExpr') ? undefined : byPlace));
}
