/** Reads logged versions of applied migrations, to roll them back without the folder. */

import type { Session, StatementResult } from '../../connections/driver.js';
import type { RememberedMigration } from '../../graph/missing.js';
import { quoteTextArray } from '../../quote.js';
import { executeInCatalog } from './catalog-path.js';
import { type Ledger, logTableOf, tableOf } from './ledger.js';
import { isSettled } from './log.js';
import { eq, gt } from './operators.js';

/** Everything but its SQL, which may be long. */
export interface RememberedFacts extends RememberedMigration {
  /** Of its up.sql. */
  checksum: string | undefined;
  /** The same without comments and white space. */
  bareChecksum: string | undefined;
  /** It was recorded as applied without running; not read by `readAppliedFacts`. */
  isStamped?: true;
}

export interface Remembered extends RememberedFacts {
  /** Its down.sql; undefined where it had none. */
  downSql: string | undefined;
}

/**
 * The last time that each of `ids` was applied or recorded as applied; those that the log does not know are left out, and those whose
 * row another program has written since. One query, whatever the number of ids.
 */
export async function readRememberedFacts(
  session: Session,
  ledger: Ledger,
  ids: readonly string[],
): Promise<Map<string, RememberedFacts>> {
  const rows = await readLastUps({ session, ledger, ids }, factColumns);
  return new Map(rows.map((row) => [row.migration ?? '', toFacts(row)]));
}

/** The same of everything that the tracking table has, without knowing its ids. */
export async function readAppliedFacts(
  session: Session,
  ledger: Ledger,
): Promise<Map<string, RememberedFacts>> {
  if (!ledger.hasLog || !ledger.shape) return new Map();
  const log = logTableOf(ledger);
  // One long value is read several times as fast as ten thousand rows.
  const [result] = session.sqlite
    ? await session.execute((await import('./sqlite/ledger-sql.js')).appliedFactsSql(log, tableOf(ledger)))
    : await executeInCatalog(
        session,
        `SELECT pg_catalog.json_agg(pg_catalog.json_build_array(migration, checksum, no_transaction, parents, statement_hash)) AS facts
     FROM ${log} WHERE id IN (
       SELECT max(id) FROM ${log}
       WHERE direction = 'up' AND ${isSettled} AND migration IN (SELECT name FROM ${tableOf(ledger)}) GROUP BY migration)
       AND ${hasNoNewerRow(ledger)}`,
      );
  const facts = JSON.parse(result?.rows[0]?.facts ?? '[]') as [
    string,
    string | null,
    boolean | null,
    string[] | null,
    string | null,
  ][];
  return new Map(
    facts.map(([id, checksum, noTransaction, parents, bareChecksum]) => [
      id,
      {
        id,
        checksum: checksum ?? undefined,
        bareChecksum: bareChecksum ?? undefined,
        noTransaction: noTransaction ?? false,
        parents: parents ?? [],
      },
    ]),
  );
}

/** The same with the SQL that goes back. */
export async function readRemembered(
  session: Session,
  ledger: Ledger,
  ids: readonly string[],
): Promise<Map<string, Remembered>> {
  const rows = await readLastUps({ session, ledger, ids }, `${factColumns}, down_sql`);
  return new Map(
    rows.map((row) => [row.migration ?? '', { ...toFacts(row), downSql: row.down_sql ?? undefined }]),
  );
}

type Row = StatementResult['rows'][number];

const factColumns =
  'migration, outcome, checksum, statement_hash, no_transaction, pg_catalog.array_to_json(parents) AS parents';

async function readLastUps(
  { session, ledger, ids }: { session: Session; ledger: Ledger; ids: readonly string[] },
  columns: string,
): Promise<Row[]> {
  if (!ledger.hasLog || ids.length === 0) return [];
  const log = logTableOf(ledger);
  const [result] = await session.execute(
    session.sqlite
      ? (await import('./sqlite/ledger-sql.js')).lastUpsSql(log, ids, ledger.shape && tableOf(ledger))
      : `SELECT ${columns} FROM ${log} WHERE id ${eq} ANY (
       SELECT pg_catalog.max(id) FROM ${log}
       WHERE migration ${eq} ANY (${quoteTextArray(ids)}) AND direction ${eq} 'up' AND ${isSettled} GROUP BY migration)
       AND ${hasNoNewerRow(ledger)}`,
  );
  return result?.rows ?? [];
}

/**
 * A condition on the log: Kat writes an entry after the row that it is about, in the same transaction. So a row that is newer than
 * the entry is from another program, such as Go's Kat, and the entry says nothing about what that has run.
 */
function hasNoNewerRow(ledger: Ledger): string {
  if (!ledger.shape) return 'true';
  const at = ledger.shape.time === 'timestamptz' ? 'r.migration_time' : "r.migration_time AT TIME ZONE 'UTC'";
  const log = logTableOf(ledger);
  return `NOT EXISTS (SELECT FROM ${tableOf(ledger)} r WHERE r.name ${eq} ${log}.migration AND (${at}) ${gt} ${log}.logged_at)`;
}

function toFacts(row: Row): RememberedFacts {
  const { migration, outcome, checksum, statement_hash, no_transaction, parents } = row;
  return {
    id: migration ?? '',
    parents: JSON.parse(parents ?? '[]') as string[],
    noTransaction: no_transaction === 't',
    checksum: checksum ?? undefined,
    bareChecksum: statement_hash ?? undefined,
    ...(outcome === 'stamped' ? { isStamped: true } : {}),
  };
}
