/** Reads from the log where a started `no_transaction` migration continues. */

import { createHash } from 'node:crypto';
import type { Session } from '../../connections/driver.js';
import { KatError } from '../../errors.js';
import { counted } from '../../graph/counted.js';
import type { Direction } from '../../graph/migration.js';
import { quoteLiteral } from '../../quote.js';
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
  /** The log's id of the entry about the first try of the one behind them; undefined when it was not begun. */
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
  const tries = rows.filter(({ statement }) => statement === finished + 1);
  const undone = tries.findLastIndex(({ outcome }) => outcome === 'statement undone');
  return { finished, begun: tries[undone + 1]?.entry };
}

/** The hashes of the statements that are done, from the first on. */
export async function readFinishedHashes(
  session: Session,
  logTable: string,
  migration: { id: string; direction: Direction },
): Promise<string[]> {
  const rows = await readEntries(session, logTable, migration);
  const done = rows.filter(({ outcome }) => outcome === 'statement finished');
  return [...new Map(done.map(({ statement, hash }) => [statement, hash]))]
    .sort(([a], [b]) => a - b)
    .map(([, hash]) => hash);
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
     WHERE l.outcome ${eq} ANY (ARRAY['statement started', 'statement finished']::pg_catalog.text[]) AND NOT EXISTS (
       SELECT FROM ${logTable} s WHERE s.migration ${eq} l.migration AND s.${isSettled} AND s.id ${gt} l.id)
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
