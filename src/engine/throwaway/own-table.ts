/** Explains the failure of a migration that changes all tables of the catalogs: on a throwaway database Kat's own are elsewhere. */

import { type KatError, MigrationError } from '../../errors.js';
import { logNameOf } from '../ledger/table-name.js';

/**
 * @param own the tracking table of the throwaway database, whose schema is on no search path.
 * @returns what to do, where the migration failed because it named one of Kat's tables without its schema; else undefined.
 */
export function explainOwnTable(
  error: KatError,
  { schema, table }: { schema: string; table: string },
): string | undefined {
  const report = error instanceof MigrationError ? error.report : undefined;
  if (report?.sqlstate !== '42P01') return undefined;
  const met = [table, logNameOf(table)].find((name) => report.message.includes(`"${name}"`));
  if (met === undefined) return undefined;
  return `The migration changes tables that it finds in the catalogs, and it found Kat's own table ${schema}.${met}. Let the migration write the schema in front of each name, or leave out ${schema}.`;
}
