/** Refuses a tracking table that was renamed or moved without its log: what the log knows would be forgotten. */

import type { Session } from '../../connections/driver.js';
import { KatError, SqlError } from '../../errors.js';
import { listIds } from '../../graph/list-ids.js';
import { quoteIdentifier } from '../../quote.js';
import { readHalfDone } from './journal.js';
import { type Ledger, readAppliedIds } from './ledger.js';
import { readLastSuccesses } from './log.js';
import { findLonelyLogs } from './other-tables.js';
import { formatTableName, logNameOf, type TableName } from './table-name.js';

/**
 * Asks the database for more only while the tracking table has no log. Without its log, a half-done migration begins again, and edits are not
 * seen. A log that was dropped, or that has a name of another form, was given up on purpose.
 * @throws KatError LEDGER_MISMATCH
 */
export async function refuseLostLog(session: Session, ledger: Ledger): Promise<void> {
  if (!ledger.shape || ledger.hasLog) return;
  const logs = await findLonelyLogs(session, ledger);
  if (logs.length === 0) return;
  const applied = await readAppliedIds(session, ledger);
  for (const log of logs) {
    const known = await readKnown(session, log, applied);
    if (known.length > 0) throw lostLog(ledger, log, known);
  }
}

/** The migrations of the tracking table that this log has as applied; of an empty one, those that are half-done. */
async function readKnown(session: Session, log: TableName, applied: readonly string[]): Promise<string[]> {
  const table = formatTableName(log);
  try {
    const logged = await readLastSuccesses(session, table);
    if (applied.length > 0) return applied.filter((id) => logged.get(id)?.direction === 'up');
    const hasApplied = [...logged.values()].some(({ direction }) => direction === 'up');
    return hasApplied ? [] : [...(await readHalfDone(session, table)).keys()];
  } catch (error) {
    // A table that this role may not read says nothing.
    if (error instanceof SqlError && !error.isSessionLost) return [];
    throw error;
  }
}

function lostLog({ name }: Ledger, found: TableName, ids: readonly string[]): KatError {
  const log = { ...name, table: logNameOf(name.table) };
  return new KatError(
    'LEDGER_MISMATCH',
    `${formatTableName(log)} does not exist, and ${formatTableName(found)} is the log of migrations in ${formatTableName(name)}: ${listIds(ids)}`,
    {
      help: `If the tracking table was renamed or moved, do the same with its log: ${moves(found, log).join(' ')} Without its log, Kat does not know half-done and edited migrations. To begin a new log, first give ${formatTableName(found)} a name that does not end with ${logNameOf('')}.`,
    },
  );
}

function moves(from: TableName, to: TableName): string[] {
  const isMoved = from.schema !== to.schema;
  const isRenamed = from.table !== to.table;
  const moved = isMoved ? { ...from, schema: to.schema } : from;
  return [
    ...(isMoved
      ? [`ALTER TABLE ${formatTableName(from)} SET SCHEMA ${quoteIdentifier(to.schema ?? '')};`]
      : []),
    ...(isRenamed ? [`ALTER TABLE ${formatTableName(moved)} RENAME TO ${quoteIdentifier(to.table)};`] : []),
  ];
}
