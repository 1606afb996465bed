/** Names Kat's own tables in a throwaway database, so that migrations may make objects of any other name. */

import { leaseNameOf, logNameOf } from '../ledger/table-name.js';
import type { Throwaway } from './throwaway.js';

/** Kat's tables in one throwaway database. */
export interface OwnTables {
  /** As in the configuration. */
  tableName: string;
  /** Tracking table and log. */
  tables: readonly { schema: string; table: string }[];
}

/** @param schema of their own; SQLite has no schemas, so that the tables begin with it. */
export function ownTablesOf({ driver }: Pick<Throwaway, 'driver'>, schema: string): OwnTables {
  const isSqlite = driver.name === 'sqlite';
  const table = isSqlite ? `${schema}_migrations` : 'migrations';
  const tables = [table, logNameOf(table), leaseNameOf(table)].map((one) => ({ schema, table: one }));
  return { tableName: isSqlite ? table : `${schema}.${table}`, tables };
}
