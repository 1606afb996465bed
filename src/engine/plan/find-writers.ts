/** Finds the transactions that ran the rolled-back migrations: rows that they wrote come back with the migrations. */

import type { Session } from '../../connections/driver.js';
import { quoteLiteral, quoteTextArray } from '../../quote.js';
import type { CreatedTable } from '../../sql/effects/row-moves.js';
import { executeInCatalog } from '../ledger/catalog-path.js';
import { type Ledger, logTableOf, tableOf } from '../ledger/ledger.js';
import { lookUpTable } from './find-lost.js';
import { readKnownMoves } from './known-moves.js';
import type { PlannedMove } from './plan-run.js';

interface Position {
  session: Session;
  ledger: Ledger;
}

/**
 * The transactions that recorded these migrations are the ones that ran them, and not those of a restore.
 * @returns them as text, by the ids of the migrations.
 */
export async function findWriters(
  position: Position,
  { plan, graph }: Pick<PlannedMove, 'plan' | 'graph'>,
): Promise<Map<string, string>> {
  const ids = plan.steps.filter(({ direction }) => direction === 'down').map(({ id }) => id);
  const recorded = await readRecorders(position, ids);
  const writers = new Map<string, string>();
  for (const writer of new Set(recorded.map((one) => one.writer))) {
    const own = recorded.filter((one) => one.writer === writer).map(({ name }) => name);
    const known = own.filter((name) => graph.has(name));
    const moves = await readKnownMoves(position, graph, known);
    const tables = [...moves.values()].flatMap((one) => one.tables);
    if (await isRestore(position.session, writer, tables)) continue;
    for (const name of own) if (ids.includes(name)) writers.set(name, writer);
  }
  return writers;
}

/** A run creates the tables of its migrations. A restore of data alone finds them. */
async function isRestore(
  session: Session,
  writer: string,
  tables: readonly CreatedTable[],
): Promise<boolean> {
  if (tables.length === 0) return false;
  const [result] = await executeInCatalog(
    session,
    `SELECT pg_catalog.bool_and(a.xmin::pg_catalog.text <> ${quoteLiteral(writer)}) AS is_restore
     FROM pg_catalog.pg_attribute a WHERE a.attname = 'tableoid' AND a.attrelid IN (${tables.map(lookUpTable).join(', ')})`,
  );
  return result?.rows[0]?.is_restore === 't';
}

interface Recorder {
  name: string;
  writer: string;
}

/**
 * All migrations of the transactions that recorded `ids`. A restore from a dump in one transaction writes rows of several times, log
 * entries from before its rows, or makes the tracking table as well, which a run has finished before its first migration.
 */
async function readRecorders({ session, ledger }: Position, ids: readonly string[]): Promise<Recorder[]> {
  const table = tableOf(ledger);
  const time =
    ledger.shape?.time === 'timestamptz' ? 'm.migration_time' : "m.migration_time AT TIME ZONE 'UTC'";
  const earlierEntry = ledger.hasLog
    ? `AND NOT EXISTS (SELECT FROM ${logTableOf(ledger)} l WHERE l.xmin = m.xmin AND l.logged_at < ${time})`
    : '';
  const [result] = await executeInCatalog(
    session,
    `SELECT name, xmin::pg_catalog.text AS writer FROM ${table} m
     WHERE EXISTS (SELECT FROM ${table} r WHERE r.xmin = m.xmin AND r.name = ANY (${quoteTextArray(ids)}))
       AND NOT EXISTS (SELECT FROM ${table} o WHERE o.xmin = m.xmin AND o.migration_time <> m.migration_time)
       AND NOT EXISTS (SELECT FROM pg_catalog.pg_attribute a WHERE a.attrelid = ${quoteLiteral(table)}::pg_catalog.regclass AND a.xmin = m.xmin)
       ${earlierEntry}`,
  );
  return (result?.rows ?? []).map(({ name, writer }) => ({ name: name ?? '', writer: writer ?? '' }));
}
