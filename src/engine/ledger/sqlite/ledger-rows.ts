/**
 * Writes rows into the tracking table of a SQLite database, and proves for each transaction that it has changed no others. What the
 * SQL of a transaction can reach decides how: all rows are compared, or none can have changed.
 */

import type { Session } from '../../../connections/driver.js';
import { KatError } from '../../../errors.js';
import type { Ledger } from '../ledger.js';
import { formatTableName } from '../table-name.js';
import { formatGoDuration, formatGoTime } from './go-values.js';
import { quoteSqliteText } from './ledger-sql.js';
import { createReachTest, isOutOfReach } from './reaching-sql.js';
import { unproven } from './sqlite-ledger.js';

/** A migration's row, as it is to be or to go. */
interface RowChange {
  id: string;
  direction: 'up' | 'down';
  elapsedMs: number;
  /** When it began. */
  at: Date;
}

export interface LedgerRows {
  /**
   * Executes `work`, in the transaction that is open.
   * @param texts all SQL that it executes but for that of Kat.
   * @throws what `work` throws; KatError SQL_ERROR when the rows behind it are not those before it with what `write` has changed.
   */
  keep<T>(texts: readonly string[], work: () => Promise<T>): Promise<T>;
  /** Call it within `keep`. @throws KatError SQL_ERROR when the row is not there, or not gone. */
  write(change: RowChange): Promise<void>;
  /** Call it behind every ROLLBACK. */
  forget(): void;
}

/** What this connection knows until another one commits: nothing that texts do not name reaches the table. */
interface Known {
  connection: number | undefined;
  dataVersion: string;
  /** Of the rows, by the literal of the migration's id. */
  rowIds: Map<string, string>;
}

export function watchLedgerRows(session: Session, ledger: Ledger): LedgerRows {
  const table = formatTableName(ledger.name);
  const reaches = createReachTest(ledger.name.table);
  let known: Known | undefined;
  let written: RowChange[] = [];
  const isCurrent = async () =>
    known !== undefined &&
    known.connection === session.sqlite?.connection &&
    known.dataVersion === (await readDataVersion(session));
  const compareAll = async <T>(texts: readonly string[], work: () => Promise<T>): Promise<T> => {
    known = undefined;
    const isKnowable = !texts.some(reaches) && (await isOutOfReach(session, ledger.name.table, reaches));
    const readEntry = async () =>
      texts.some(writesSchema) ? await readSchemaEntry(session, ledger.name.table) : '';
    const before = { rows: await readRows(session, table), entry: await readEntry() };
    const result = await work();
    const after = { rows: await readRows(session, table), entry: await readEntry() };
    proveChanges(written, { before, after });
    if (isKnowable) known = await learn(session, after.rows);
    return result;
  };
  return {
    keep: async (texts, work) => {
      written = [];
      return !texts.some(reaches) && (await isCurrent()) ? await work() : await compareAll(texts, work);
    },
    write: async (change) => {
      written.push(change);
      await (change.direction === 'up' ? insertRow : deleteRow)(session, {
        table,
        change,
        rowIds: known?.rowIds,
      });
    },
    forget: () => {
      known = undefined;
    },
  };
}

/** It changes when another connection commits, and only then (https://www.sqlite.org/pragma.html#pragma_data_version). */
async function readDataVersion(session: Session): Promise<string> {
  const [result] = await session.execute('PRAGMA data_version');
  return String(result?.rows[0]?.data_version);
}

/** @returns undefined where a migration has two rows. */
async function learn(session: Session, rows: readonly Row[]): Promise<Known | undefined> {
  const rowIds = new Map(rows.map(({ name, rowId }) => [name, rowId]));
  if (rowIds.size < rows.length) return undefined;
  return { connection: session.sqlite?.connection, dataVersion: await readDataVersion(session), rowIds };
}

/** Its values as literals. */
interface Row {
  rowId: string;
  name: string;
  /** `migration_time` and `duration`. */
  values: string;
}

async function readRows(session: Session, table: string): Promise<Row[]> {
  const row = 'json_array(quote(id), quote(name), quote(migration_time), quote(duration))';
  const [result] = await session.execute(
    `SELECT json_group_array(json(line)) AS lines FROM (SELECT ${row} AS line FROM ${table} ORDER BY id)`,
  );
  const lines = JSON.parse(result?.rows[0]?.lines ?? '[]') as [string, string, string, string][];
  return lines.map(([rowId, name, ...values]) => ({ rowId, name, values: values.join(', ') }));
}

/** The connection reads rows by the schema that it has in memory, which these statements do not change. */
const writesSchema = (sql: string) => /writable_schema/i.test(sql);

async function readSchemaEntry(session: Session, table: string): Promise<string> {
  const [result] = await session.execute(
    `SELECT rootpage, sql FROM sqlite_master WHERE lower(name) = lower(${quoteSqliteText(table)})`,
  );
  return JSON.stringify(result?.rows);
}

/** The content of the tracking table at one moment. */
interface Content {
  rows: readonly Row[];
  /** Of the schema; empty where nothing can have changed it unnoticed. */
  entry: string;
}

/** @throws KatError SQL_ERROR */
function proveChanges(
  changes: readonly RowChange[],
  { before, after }: { before: Content; after: Content },
): void {
  const last = new Map(changes.map((change) => [quoteSqliteText(change.id), change]));
  for (const [name, change] of last) {
    const found = after.rows.filter((row) => row.name === name).map(({ values }) => values);
    const expected = change.direction === 'up' ? [valuesOf(change)] : [];
    if (found.join('\n') !== expected.join('\n')) throw notTaken(change);
  }
  const others = ({ rows, entry }: Content) =>
    JSON.stringify([entry, rows.filter(({ name }) => !last.has(name))]);
  if (others(before) === others(after)) return;
  throw new KatError('SQL_ERROR', 'other rows of the tracking table were added, changed or deleted', {
    help: 'Remove what writes into it from the migration, and triggers on it and on its log: only Kat writes there.',
  });
}

function valuesOf({ at, elapsedMs }: RowChange): string {
  return `${quoteSqliteText(formatGoTime(at))}, ${quoteSqliteText(formatGoDuration(elapsedMs))}`;
}

function notTaken({ id, direction }: RowChange): KatError {
  return unproven(
    `the tracking table did not ${direction === 'up' ? 'take' : 'lose'} exactly the row of ${id}`,
  );
}

interface RowWriting {
  table: string;
  change: RowChange;
  /** Undefined while all rows are compared in the end. */
  rowIds: Known['rowIds'] | undefined;
}

async function insertRow(session: Session, { table, change, rowIds }: RowWriting): Promise<void> {
  const name = quoteSqliteText(change.id);
  if (rowIds?.has(name)) throw notTaken(change);
  const columns = 'name, migration_time, duration';
  const values = `${name}, ${valuesOf(change)}`;
  await session.execute(`INSERT INTO ${table} (${columns}) VALUES (${values})`);
  if (!rowIds) return;
  const [result] = await session.execute(
    `SELECT id FROM ${table} WHERE id = last_insert_rowid() AND (${columns}) IS (${values})`,
  );
  const rowId = result?.rows[0]?.id;
  if (typeof rowId !== 'string') throw notTaken(change);
  rowIds.set(name, rowId);
}

async function deleteRow(session: Session, { table, change, rowIds }: RowWriting): Promise<void> {
  const name = quoteSqliteText(change.id);
  const rowId = rowIds?.get(name);
  if (rowId === undefined) {
    await session.execute(`DELETE FROM ${table} WHERE name = ${name}`);
    return;
  }
  await session.execute(`DELETE FROM ${table} WHERE id = ${rowId} AND name = ${name}`);
  const [result] = await session.execute(`SELECT id FROM ${table} WHERE id = ${rowId}`);
  if (result?.rows.length !== 0) throw notTaken(change);
  rowIds?.delete(name);
}
