/**
 * Finds the tracking tables of other projects: tables with the columns of one, beside a log with the columns of one. And logs without a
 * tracking table beside them.
 */

import type { Session } from '../../connections/driver.js';
import { quoteLiteral } from '../../quote.js';
import { type Ledger, tableNamesOf } from './ledger.js';
import { ledgerMarks, logMarks } from './marks.js';
import { eq, ne } from './operators.js';

type TrackingTable = Ledger['name'];

/** Those in the schema of the tracking table, or in any if the configuration names none; in SQLite all of the file. In the order of their names. */
export async function findOtherTables(
  session: Session,
  { isSchemaFound, ...ledger }: Ledger,
  most: number,
): Promise<TrackingTable[]> {
  const { schema, table } = ledger.name;
  const isHere = `n.nspname ${eq} ${quoteLiteral(schema)}`;
  const isOther = `c.relname ${ne} ${quoteLiteral(table)}`;
  return readOthers(session, ledger, isSchemaFound ? isOther : `${isHere} AND ${isOther}`, most);
}

/** All tables of Kat in the database, in any schema: those of this project, and of others. Some of them may be missing. */
export async function findKatTables(session: Session, ledger: Ledger): Promise<TrackingTable[]> {
  const found = await readOthers(session, ledger, 'true');
  const isOwn = ({ schema, table }: TrackingTable) =>
    schema === ledger.name.schema && table === ledger.name.table;
  const others = found.filter((name) => !isOwn(name));
  return [
    ...tableNamesOf(ledger),
    ...others.flatMap((name) => tableNamesOf({ ...ledger, name, hasLease: true })),
  ];
}

async function readOthers(
  session: Session,
  { name }: Ledger,
  condition: string,
  most?: number,
): Promise<TrackingTable[]> {
  const [result] = await session.execute(
    session.sqlite
      ? (await import('./sqlite/ledger-sql.js')).otherTablesSql(name.table, most ?? -1)
      : `SELECT n.nspname AS schema, c.relname AS name FROM pg_catalog.pg_class c
         JOIN pg_catalog.pg_namespace n ON n.oid ${eq} c.relnamespace
         JOIN pg_catalog.pg_class l ON l.relnamespace ${eq} n.oid
           AND l.relname::pg_catalog.text ${eq} pg_catalog.concat(c.relname, '_log')
         WHERE ${condition} AND c.relkind ${eq} 'r' AND l.relkind ${eq} 'r'
           AND ${hasColumns('c', ledgerMarks)} AND ${hasColumns('l', logMarks)}
         ORDER BY c.relname${most === undefined ? '' : ` LIMIT ${most}`}`,
  );
  return (result?.rows ?? []).map((row) => ({ schema: row.schema ?? name.schema, table: row.name ?? '' }));
}

/** Logs in any schema, by the end of their names, whose tracking table has another name or place. */
export async function findLonelyLogs(session: Session, { name }: Ledger): Promise<TrackingTable[]> {
  const [result] = await session.execute(
    session.sqlite
      ? (await import('./sqlite/ledger-sql.js')).lonelyLogsSql()
      : `SELECT n.nspname AS schema, l.relname AS name FROM pg_catalog.pg_class l
         JOIN pg_catalog.pg_namespace n ON n.oid ${eq} l.relnamespace
         WHERE l.relkind ${eq} 'r' AND pg_catalog.right(l.relname::pg_catalog.text, 4) ${eq} '_log'
           AND ${hasColumns('l', logMarks)}
           AND NOT EXISTS (SELECT FROM pg_catalog.pg_class c WHERE c.relnamespace ${eq} n.oid
             AND pg_catalog.concat(c.relname, '_log') ${eq} l.relname::pg_catalog.text AND ${hasColumns('c', ledgerMarks)})
         ORDER BY n.nspname, l.relname`,
  );
  return (result?.rows ?? []).map((row) => ({ schema: row.schema ?? name.schema, table: row.name ?? '' }));
}

function hasColumns(relation: string, columns: readonly string[]): string {
  return columns
    .map(
      (column) => `EXISTS (SELECT FROM pg_catalog.pg_attribute a
        WHERE a.attrelid ${eq} ${relation}.oid AND a.attname ${eq} '${column}' AND NOT a.attisdropped)`,
    )
    .join(' AND ');
}
