/** Finds the tracking table and its log: which table is this project's history, wherever the search path points now. */

import type { Session } from '../../connections/driver.js';
import { KatError } from '../../errors.js';
import { listIds } from '../../graph/list-ids.js';
import { quoteIdentifier, quoteLiteral } from '../../quote.js';
import { isSystemSchema } from '../../sql/postgres/system-schemas.js';
import type { Ledger } from './ledger.js';
import { readShape } from './ledger-shape.js';
import { waitForTables } from './locked-tables.js';
import { readLastSuccesses } from './log.js';
import { checkLogShape } from './log-shape.js';
import { refuseLostLog } from './lost-log.js';
import { eq, ne } from './operators.js';
import { type ReadRelations, readRelations, resemblesLease, resemblesLedger } from './relations.js';
import {
  dottedName,
  formatTableName,
  leaseNameOf,
  logNameOf,
  parseTableName,
  type TableName,
} from './table-name.js';

/**
 * Looks for the tracking table without touching anything. A name without a schema is looked up on the whole search path; a
 * tracking table that is somewhere else is an error, because a second, empty history would apply everything again.
 * @param configured as in the configuration, or the table that an earlier call has found.
 * @throws KatError LEDGER_MISMATCH when a table of that name is something else, or the search path does not tell which of
 *   several it is; CONFIG_INVALID when its schema does not exist; LOCKED when it cannot be read.
 */
export async function findLedger(session: Session, configured: string | TableName): Promise<Ledger> {
  if (session.sqlite)
    return (await import('./sqlite/sqlite-ledger.js')).findSqliteLedger(session, configured);
  const name = typeof configured === 'string' ? parseTableName(configured) : configured;
  const found = withoutSystemSchema(await readRelations(session, name));
  const claimed = found.relations.filter((one) => one.name === name.table && resemblesLedger(one));
  if (claimed.length > 1) throw severalTables(claimed.map(({ schema }) => ({ schema, table: name.table })));
  const schema = claimed[0]?.schema ?? (await chooseSchema(session, name, found));
  const ledger: Ledger = {
    ...describeLedger({ schema, table: name.table }, found),
    ...(name.schema === undefined ? { isSchemaFound: true } : {}),
  };
  const locked = found.relations.filter((one) => one.schema === schema && one.isLocked);
  if (locked.length > 0)
    await waitForTables(
      session,
      locked.map((one) => formatTableName({ schema, table: one.name })),
    );
  if (!ledger.shape && ledger.hasLog) await refuseLostTable(session, ledger);
  await refuseLostLog(session, ledger);
  return ledger;
}

/** PostgreSQL has a current schema also where the search path has only its own, which take no tables. */
function withoutSystemSchema({ current, relations }: ReadRelations): ReadRelations {
  return { current: current !== undefined && isSystemSchema(current) ? undefined : current, relations };
}

/** @throws KatError LEDGER_MISMATCH when the log has applied migrations, but the tracking table is missing. */
async function refuseLostTable(session: Session, { name }: Ledger): Promise<void> {
  const log = formatTableName({ ...name, table: logNameOf(name.table) });
  const applied = [...(await readLastSuccesses(session, log)).values()].filter(
    ({ direction }) => direction === 'up',
  );
  if (applied.length === 0) return;
  throw new KatError(
    'LEDGER_MISMATCH',
    `${formatTableName(name)} does not exist, but its log ${log} has ${applied.length} applied ${applied.length === 1 ? 'migration' : 'migrations'}`,
    {
      help: `If the table was renamed or moved, rename it back. Or write its name into \`tablename\`, and rename or move ${log} as well. A new table begins an empty history, and \`kat up\` applies every migration again. To begin one, rename ${log} first.`,
    },
  );
}

function describeLedger(name: Ledger['name'], { relations }: ReadRelations): Ledger {
  const here = relations.filter(({ schema }) => schema === name.schema);
  const table = here.find((one) => one.name === name.table);
  const log = here.find((one) => one.name === logNameOf(name.table));
  const shape = table && readShape(table, formatTableName(name));
  if (log) checkLogShape(log, { ledger: name, hasLedger: shape !== undefined });
  const hasLease = here.some((one) => one.name === leaseNameOf(name.table) && resemblesLease(one));
  return { name, shape, hasLog: log !== undefined, ...(hasLease ? { hasLease } : {}) };
}

/** The schema for a new table, chosen so that no existing history is missed. */
async function chooseSchema(session: Session, name: TableName, { current }: ReadRelations): Promise<string> {
  if (name.schema !== undefined) await refuseDottedName(session, `${name.schema}.${name.table}`);
  const elsewhere = name.schema !== undefined && current ? [] : await findElsewhere(session, name.table);
  if (!current) throw missingSchema(name, elsewhere);
  // Another run may have created the table itself since it was looked for.
  const others = elsewhere.filter(({ schema }) => schema !== current);
  if (others.length > 0) throw tableElsewhere({ schema: current, table: name.table }, others);
  return current;
}

/** @throws KatError LEDGER_MISMATCH for the table that Go's Kat makes of a name with a schema. */
async function refuseDottedName(session: Session, dotted: string): Promise<void> {
  const [found] = await findElsewhere(session, dotted);
  if (found) throw dottedName(found);
}

/** Enough to name them. */
const maxElsewhere = 3;

async function findElsewhere(session: Session, table: string): Promise<TableName[]> {
  const [result] = await session.execute(
    `SELECT n.nspname AS schema ${trackingTables(table)} ORDER BY n.nspname LIMIT ${maxElsewhere}`,
  );
  return (result?.rows ?? []).map(({ schema }) => ({ schema: schema ?? '', table }));
}

/** FROM and WHERE of a query over the tables of this name in any schema `n` that have what tells a tracking table. */
export function trackingTables(table: string): string {
  const has = (column: string) =>
    `EXISTS (SELECT FROM pg_catalog.pg_attribute a WHERE a.attrelid ${eq} c.oid AND a.attname ${eq} '${column}'
      AND NOT a.attisdropped)`;
  return `FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid ${eq} c.relnamespace
    WHERE c.relname ${eq} ${quoteLiteral(table)} AND c.relpersistence ${ne} 't'
      AND ${has('name')} AND ${has('migration_time')}`;
}

function severalTables(names: readonly TableName[]): KatError {
  const [first] = names;
  return new KatError(
    'LEDGER_MISMATCH',
    `the search path leads to ${names.length} tracking tables: ${listTables(names)}`,
    {
      help: `Name the one with this project's history in the configuration, as in \`tablename: ${first?.schema}.${first?.table}\`. With the other one, \`kat up\` applies migrations again.`,
    },
  );
}

function tableElsewhere(wanted: TableName, found: readonly TableName[]): KatError {
  const [first] = found;
  const one = found.length === 1;
  return new KatError(
    'LEDGER_MISMATCH',
    `${formatTableName(wanted)} does not exist, and the search path misses the tracking ${one ? 'table' : 'tables'} ${listTables(found)}`,
    {
      help: `If ${one ? 'that table' : 'one of them'} has this project's history, write the schema into the configuration, as in \`tablename: ${first?.schema}.${first?.table}\`. To begin a new history, write \`tablename: ${wanted.schema}.${wanted.table}\`.`,
    },
  );
}

function missingSchema({ schema, table }: TableName, found: readonly TableName[]): KatError {
  const message =
    schema === undefined
      ? "this session's search_path has no schema for the tracking table"
      : `schema ${JSON.stringify(schema)} of the tracking table does not exist`;
  const [first] = found;
  if (first) {
    return new KatError('CONFIG_INVALID', `${message}, and there is a tracking table ${listTables(found)}`, {
      help: `If it has this project's history, write \`tablename: ${first.schema}.${table}\`. A new schema begins with an empty history.`,
    });
  }
  return new KatError('CONFIG_INVALID', message, {
    help:
      schema === undefined
        ? 'Name a schema that exists in the configuration, as in `tablename: public.migrations`, or set a search_path for the role.'
        : `Create it with \`CREATE SCHEMA ${quoteIdentifier(schema)}\`, or change \`tablename\`.`,
  });
}

function listTables(names: readonly TableName[]): string {
  return listIds(names.map(formatTableName));
}
