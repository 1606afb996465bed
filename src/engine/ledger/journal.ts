/** Reads from the log where a started `no_transaction` migration continues. */

import { createHash } from 'node:crypto';
import type { Session } from '../../connections/driver.js';
import { KatError } from '../../errors.js';
import { counted } from '../../graph/counted.js';
import type { Direction } from '../../graph/migration.js';
import { quoteLiteral, quoteTextArray } from '../../quote.js';
import type { Statement } from '../../sql/syntax/parse.js';
import { isSettled } from './log.js';
import { eq, gt } from './operators.js';

/** The journal of a statement in the unfinished run of a migration. */
interface JournalledStatement {
  /** The log's id of the entry. */
  entry: string;
  statement: number;
  hash: string;
  outcome: 'statement started' | 'statement finished' | 'statement undone';
}

export interface Journal {
  /** How many statements are done: those from the first up to here. */
  finished: number;
  /** The log's id of the entry about the first try of the one behind them (`stoppedIndex`); undefined when it was not begun. */
  begun: string | undefined;
}

/**
 * Reads what was written since this migration last succeeded, or was recorded, in either direction.
 * @throws KatError MIGRATION_HALF_DONE when a statement that is done was edited since.
 */
export async function readJournal(
  session: Session,
  logTable: string,
  migration: { id: string; direction: Direction; file: string },
  statements: readonly Pick<Statement, 'text'>[],
): Promise<Journal> {
  const rows = await readEntries(session, logTable, migration);
  const done = rows.filter(({ outcome }) => outcome === 'statement finished');
  const finished = done.reduce((last, { statement }) => Math.max(last, statement), 0);
  for (const { statement, hash } of done) {
    const current = statements[statement - 1];
    if (!current || hashStatement(current) !== hash) throw editedError(migration, statement, finished);
  }
  return { finished, begun: triesBehind(rows, finished)[0]?.entry };
}

/** Hashes of the statements that may have changed something. */
export interface RanHashes {
  /** Of those that are done, in order. Settings are not among them. */
  finished: string[];
  /** Of the one behind them, when it was begun. */
  begun: string | undefined;
}

export async function readRanHashes(
  session: Session,
  logTable: string,
  migration: { id: string; direction: Direction },
): Promise<RanHashes> {
  const rows = await readEntries(session, logTable, migration);
  const done = rows.filter(({ outcome }) => outcome === 'statement finished');
  const hashes = [...new Map(done.map(({ statement, hash }) => [statement, hash]))].sort(([a], [b]) => a - b);
  const begun = triesBehind(rows, hashes.at(-1)?.[0] ?? 0).at(-1);
  return { finished: hashes.map(([, hash]) => hash), begun: begun?.hash };
}

/** The tries of the statement behind the finished ones, without those of which nothing is left. */
function triesBehind(rows: readonly JournalledStatement[], finished: number): JournalledStatement[] {
  // Not by its number: settings before it have no entries, and one may have been written since.
  const tries = rows.filter(({ statement }) => statement > finished);
  return tries.slice(tries.findLastIndex(({ outcome }) => outcome === 'statement undone') + 1);
}

async function readEntries(
  session: Session,
  logTable: string,
  { id, direction }: { id: string; direction: Direction },
): Promise<JournalledStatement[]> {
  const name = quoteLiteral(id);
  const [result] = await session.execute(
    session.sqlite
      ? (await import('./sqlite/ledger-sql.js')).journalSql(logTable, { id, direction })
      : `SELECT id, statement, statement_hash, outcome FROM ${logTable}
     WHERE migration ${eq} ${name} AND direction ${eq} ${quoteLiteral(direction)}
       AND outcome ${eq} ANY (ARRAY['statement started', 'statement finished', 'statement undone']::pg_catalog.text[])
       AND id ${gt} coalesce((SELECT pg_catalog.max(id) FROM ${logTable} WHERE migration ${eq} ${name} AND ${isSettled}), 0)
     ORDER BY id`,
  );
  return (result?.rows ?? []).map((row) => ({
    entry: row.id ?? '',
    statement: Number(row.statement),
    hash: row.statement_hash ?? '',
    outcome: row.outcome as JournalledStatement['outcome'],
  }));
}

/** Which migrations stopped between their statements, by id. */
export async function readHalfDone(
  session: Session,
  logTable: string,
): Promise<Map<string, { direction: Direction; finished: number }>> {
  const [result] = await session.execute(
    session.sqlite
      ? (await import('./sqlite/ledger-sql.js')).halfDoneSql(logTable)
      : `SELECT l.migration, l.direction,
            coalesce(pg_catalog.max(l.statement) FILTER (WHERE l.outcome ${eq} 'statement finished'), 0) AS finished
     FROM ${logTable} l
     WHERE l.outcome ${eq} ANY (ARRAY['statement started', 'statement finished']::pg_catalog.text[]) AND ${isUnsettled(logTable)}
     GROUP BY l.migration, l.direction`,
  );
  const rows = result?.rows ?? [];
  return new Map(
    rows.map(({ migration, direction, finished }) => [
      migration ?? '',
      { direction: direction as Direction, finished: Number(finished) },
    ]),
  );
}

/**
 * The parents that half-done migrations had when their runs began, by id. Those that Kat 0.1.0 began are left out: it did not write
 * them.
 * @param ids of half-done migrations.
 */
export async function readParentsAtStart(
  session: Session,
  logTable: string,
  ids: readonly string[],
): Promise<Map<string, readonly string[]>> {
  const [result] = await session.execute(
    session.sqlite
      ? (await import('./sqlite/ledger-sql.js')).parentsAtStartSql(logTable, ids)
      : `SELECT l.migration, pg_catalog.array_to_json(l.parents) AS parents FROM ${logTable} l
     WHERE l.migration ${eq} ANY (${quoteTextArray(ids)}) AND l.direction ${eq} 'up' AND l.parents IS NOT NULL
       AND ${isUnsettled(logTable)}`,
  );
  const found = new Map<string, readonly string[]>();
  for (const { migration, parents } of result?.rows ?? []) {
    const id = migration ?? '';
    found.set(id, [...(found.get(id) ?? []), ...(JSON.parse(parents ?? '[]') as string[])]);
  }
  return found;
}

/** The migrations that were applied, or recorded as applied, after the half-done migration `id` was begun. */
export async function readAppliedSince(session: Session, logTable: string, id: string): Promise<Set<string>> {
  const [result] = await session.execute(
    session.sqlite
      ? (await import('./sqlite/ledger-sql.js')).appliedSinceSql(logTable, id)
      : `SELECT DISTINCT later.migration FROM ${logTable} later
     WHERE later.direction ${eq} 'up' AND later.${isSettled} AND later.id ${gt} (
       SELECT pg_catalog.min(l.id) FROM ${logTable} l WHERE l.migration ${eq} ${quoteLiteral(id)} AND ${isUnsettled(logTable)})`,
  );
  return new Set((result?.rows ?? []).map(({ migration }) => migration ?? ''));
}

/** A condition on entries `l` of the log: their migration was neither finished nor recorded since. */
export function isUnsettled(logTable: string): string {
  return `NOT EXISTS (
       SELECT FROM ${logTable} s WHERE s.migration ${eq} l.migration AND s.${isSettled} AND s.id ${gt} l.id)`;
}

/** `stopped after 2 statements of its up.sql`. The number of the next one depends on settings, which have no entries. */
export function describeStop({ direction, finished }: { direction: Direction; finished: number }): string {
  const place =
    finished === 0 ? 'before the end of the first statement' : `after ${counted(finished, 'statement')}`;
  return `stopped ${place} of its ${direction}.sql`;
}

/** The same statement has the same hash whatever its line endings. */
export function hashStatement({ text }: Pick<Statement, 'text'>): string {
  return createHash('sha256').update(text.replaceAll('\r\n', '\n')).digest('hex');
}

function editedError(
  { id, file }: { id: string; file: string },
  statement: number,
  finished: number,
): KatError {
  return new KatError(
    'MIGRATION_HALF_DONE',
    `statement ${statement} of ${id} has run already, and it was edited since`,
    {
      help: `Bring the first ${counted(finished, 'statement')} of ${file} back to how they ran, then run the command again.`,
    },
  );
}
