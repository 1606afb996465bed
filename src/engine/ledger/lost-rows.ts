/** Refuses to apply what the log has as applied, where the tracking table has lost the rows. */

import type { Session } from '../../connections/driver.js';
import { KatError } from '../../errors.js';
import { counted } from '../../graph/counted.js';
import type { Graph } from '../../graph/graph.js';
import { listIds } from '../../graph/list-ids.js';
import { haveBareNames } from '../../project/folder/bare-names.js';
import { quoteTextArray } from '../../quote.js';
import { type Ledger, logTableOf, tableOf } from './ledger.js';
import { isSettled } from './log.js';
import { eq } from './operators.js';
import { formatTableName, logNameOf } from './table-name.js';

/**
 * Kat never removes a row without an entry in the log: who deleted rows did not know that each migration would run again. Go's Kat
 * does, where it works on the project as well: it has rolled the migrations back, unless others that need them are still applied.
 * @param applied ids of the tracking table
 * @throws KatError LEDGER_MISMATCH when the log has other migrations of this folder as applied.
 */
export async function refuseLostRows(
  session: Session,
  ledger: Ledger,
  { folder, applied }: { folder: Graph; applied: Iterable<string> },
): Promise<void> {
  const known = new Set(applied);
  const pending = folder.migrations.map(({ id }) => id).filter((id) => !known.has(id));
  if (pending.length === 0 || !ledger.shape || !ledger.hasLog) return;
  const logged = await readLoggedWithoutRow(session, ledger, pending);
  const lost = haveBareNames(folder.migrations) ? neededBy(folder, known, logged) : logged;
  if (lost.length > 0) throw describeLostRows(ledger, folder, { lost, known });
}

/** The same statement looks into the tracking table: a run may end between two. @returns those that the log has as applied, and the table has not */
async function readLoggedWithoutRow(
  session: Session,
  ledger: Ledger,
  ids: readonly string[],
): Promise<string[]> {
  const [log, table] = [logTableOf(ledger), tableOf(ledger)];
  const [result] = await session.execute(
    session.sqlite
      ? (await import('./sqlite/ledger-sql.js')).loggedWithoutRowSql(log, table, ids)
      : `SELECT migration FROM ${log} WHERE id ${eq} ANY (
       SELECT pg_catalog.max(id) FROM ${log} WHERE migration ${eq} ANY (${quoteTextArray(ids)}) AND ${isSettled} GROUP BY migration)
       AND direction ${eq} 'up' AND NOT EXISTS (SELECT FROM ${table} r WHERE r.name ${eq} ${log}.migration)`,
  );
  const found = new Set((result?.rows ?? []).map(({ migration }) => migration ?? ''));
  return ids.filter((id) => found.has(id));
}

function neededBy(folder: Graph, applied: ReadonlySet<string>, ids: readonly string[]): string[] {
  const needed = folder.ancestors([...applied].filter((id) => folder.has(id)));
  return ids.filter((id) => needed.has(id));
}

function describeLostRows(
  { name }: Ledger,
  folder: Graph,
  { lost, known }: { lost: readonly string[]; known: ReadonlySet<string> },
): KatError {
  const [table, log] = [name, { ...name, table: logNameOf(name.table) }].map(formatTableName);
  const found = `${counted(lost.length, 'applied migration')}: ${listIds(lost)}`;
  const stamp = `kat stamp ${argumentsFor(folder, lost, known)}`;
  const mistake = `If the rows were deleted by mistake, record the migrations again with \`${stamp}\`, which runs no SQL. \`kat up\` would apply each of them again.`;
  return known.size === 0
    ? new KatError('LEDGER_MISMATCH', `${table} is empty, but its log ${log} has ${found}`, {
        help: `${mistake} To begin a new history, first rename ${log}.`,
      })
    : new KatError('LEDGER_MISMATCH', `${table} has no row of what its log ${log} has as ${found}`, {
        help: `${mistake} If they are to run again, record them so first, and then take them out with \`kat stamp --delete\`.`,
      });
}

/** `stamp` records ancestors along, unless it is told not to. */
function argumentsFor(folder: Graph, lost: readonly string[], known: ReadonlySet<string>): string {
  const ancestors = folder.ancestors(lost);
  const isWhole = [...ancestors].every((id) => known.has(id) || lost.includes(id));
  return isWhole ? lost.filter((id) => !ancestors.has(id)).join(' ') : `--only ${lost.join(' ')}`;
}
