/** Finds what a rollback would destroy for good, so that somebody is asked before. */

import type { Session } from '../../connections/driver.js';
import { SqlError } from '../../errors.js';
import { listIds } from '../../graph/list-ids.js';
import type { Plan } from '../../graph/plan.js';
import type { DroppedNames } from '../../sql/check/dropped-names.js';
import { type Ledger, tableOf } from '../ledger/ledger.js';
import { quoteIdentifier, quoteLiteral, quoteTextArray } from '../ledger/quote.js';
import { refuseOpenTransaction } from '../session/server-state.js';
import { type CheckedPlan, stepKey } from './checked-plan.js';
import type { PlannedMove } from './plan-run.js';

/** What one step of a plan would destroy. */
export interface Loss {
  /** The migration that is rolled back. */
  id: string;
  /** What it stands for, where it was squashed: all of that goes with it. */
  replaces: readonly string[];
  /** Tables that go, and hold rows that the rolled-back migrations did not write. */
  tables: readonly string[];
}

interface Position {
  session: Session;
  ledger: Ledger;
}

/**
 * Looks into the tables that the steps of `plan` drop. A table that cannot be looked into counts as one with rows.
 * @throws KatError USAGE when the caller's connection is inside of a transaction.
 */
export async function findLosses(
  position: Position,
  { plan, graph }: Pick<PlannedMove, 'plan' | 'graph'>,
  { steps }: Pick<CheckedPlan, 'steps'>,
): Promise<Loss[]> {
  const losses: Loss[] = [];
  for (const step of plan.steps.filter(({ direction }) => direction === 'down')) {
    const { replaces = [] } = graph.get(step.id);
    const drops = steps.get(stepKey(step))?.drops;
    const tables = drops ? await findTablesWithRows(position, drops, plan) : [];
    if (replaces.length > 0 || tables.length > 0) losses.push({ id: step.id, replaces, tables });
  }
  return losses;
}

/** One loss in a sentence without a full stop. */
export function describeLoss({ id, replaces, tables }: Loss): string {
  const drops = `drops or empties ${listIds(tables)}, which ${tables.length === 1 ? 'holds' : 'hold'} rows`;
  if (replaces.length === 0) return `rolling back ${id} ${drops}`;
  const all = `rolling back ${id} undoes the ${replaces.length + 1} migrations that were squashed into it`;
  return tables.length === 0 ? all : `${all}, and ${drops}`;
}

async function findTablesWithRows(
  { session, ledger }: Position,
  drops: DroppedNames,
  plan: Plan,
): Promise<string[]> {
  if (drops.tables.length === 0 && drops.schemas.length === 0) return [];
  await refuseOpenTransaction(session);
  const found: string[] = [];
  const tables = await findTables(session, drops);
  const writers = tables.length > 0 ? await readWriters(session, ledger, plan) : [];
  for (const table of tables) {
    if (await holdsRows(session, table, writers)) found.push(table);
  }
  return found;
}

/** Tables that exist, as SQL. Partitions show by themselves only where they are named. */
async function findTables(
  session: Session,
  { tables, schemas, setsSearchPath }: DroppedNames,
): Promise<string[]> {
  const names = tables.map((parts) => quoteLiteral(parts.map(quoteIdentifier).join('.')));
  const inAnySchema = setsSearchPath
    ? tables.flatMap(([name = '', ...rest]) => (rest.length === 0 ? [name] : []))
    : [];
  const named = names.map((name) => `pg_catalog.to_regclass(${name})`).join(', ');
  const [result] = await session.execute(
    `SELECT pg_catalog.format('%I.%I', n.nspname, c.relname) AS name
     FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
     WHERE c.relkind IN ('r', 'p')
       AND (c.oid = ANY (ARRAY[${named}]::pg_catalog.regclass[])
         OR n.nspname = ANY (${quoteTextArray(schemas)}) AND NOT c.relispartition
         OR c.relname = ANY (${quoteTextArray(inAnySchema)}) AND pg_catalog.to_regclass(pg_catalog.quote_ident(c.relname)) IS NULL)
     ORDER BY 1`,
  );
  return (result?.rows ?? []).map(({ name }) => name ?? '');
}

/** The transactions that recorded these migrations are the ones that ran them, so their rows come back with them. */
async function readWriters(session: Session, ledger: Ledger, { steps }: Plan): Promise<string[]> {
  const ids = steps.filter(({ direction }) => direction === 'down').map(({ id }) => id);
  const [result] = await session.execute(
    `SELECT xmin::pg_catalog.text AS writer FROM ${tableOf(ledger)} WHERE name = ANY (${quoteTextArray(ids)})`,
  );
  return (result?.rows ?? []).map(({ writer }) => writer ?? '');
}

/** @param writers transactions whose rows do not count, as text. */
async function holdsRows(session: Session, table: string, writers: readonly string[]): Promise<boolean> {
  try {
    // One message is one transaction, so the settings end with it.
    const results = await session.execute(
      `SET LOCAL lock_timeout = 2000; SET LOCAL row_security = off;
       SELECT EXISTS (SELECT FROM ${table} WHERE xmin::pg_catalog.text <> ALL (${quoteTextArray(writers)})) AS holds_rows`,
    );
    return results.at(-1)?.rows[0]?.holds_rows === 't';
  } catch (error) {
    if (error instanceof SqlError && !error.isSessionLost) return true;
    throw error;
  }
}
