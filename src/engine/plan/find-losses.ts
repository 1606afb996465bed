/** Finds data that a rollback would destroy, to ask for confirmation first. */

import type { Session } from '../../connections/driver.js';
import { SqlError } from '../../errors.js';
import type { Plan, Step } from '../../graph/plan.js';
import { findSqlFile } from '../../project/folder/load.js';
import { type Ledger, tableOf } from '../ledger/ledger.js';
import { quoteTextArray } from '../ledger/quote.js';
import { refuseOpenTransaction } from '../session/server-state.js';
import { type CheckedPlan, stepKey } from './checked-plan.js';
import { findInserters } from './find-inserters.js';
import { findLostRelations, type LostRelation } from './find-lost.js';
import type { Loss } from './loss.js';
import type { PlannedMove } from './plan-run.js';
import { readLossesOf } from './read-losses.js';

interface Position {
  session: Session;
  ledger: Ledger;
}

type Planned = Pick<PlannedMove, 'plan' | 'graph' | 'storedDowns'>;

/**
 * Looks into the tables and columns that the steps of `plan` drop or empty. What cannot be looked into counts as filled.
 * @throws KatError USAGE when the caller's connection is inside of a transaction.
 */
export async function findLosses(
  position: Position,
  planned: Planned,
  checked: Pick<CheckedPlan, 'steps'>,
): Promise<Loss[]> {
  const downs = planned.plan.steps.filter(({ direction }) => direction === 'down');
  if (downs.length > 0) await refuseOpenTransaction(position.session);
  const writers = createWriters(position, planned);
  const losses: Loss[] = [];
  for (const step of downs) {
    const { replaces = [] } = planned.graph.get(step.id);
    const text = checked.steps.get(stepKey(step))?.stored ?? readDown(planned, step);
    const { objects, unread } = await readLossesOf(position.session, text);
    const lost = objects.length > 0 ? await findLostRelations(position.session, objects) : [];
    const filled = await filterFilled(position.session, lost, writers);
    const tables = filled.filter(({ column }) => column === undefined).map(({ table }) => table);
    const columns = filled.flatMap(({ table, column }) => (column ? [`${table}.${column}`] : []));
    if (replaces.length + filled.length + unread.length === 0) continue;
    losses.push({
      ...{ id: step.id, replaces, tables },
      ...(columns.length > 0 ? { columns } : {}),
      ...(unread.length > 0 ? { unread } : {}),
    });
  }
  return losses;
}

function readDown({ graph }: Planned, { id }: Step): string {
  return findSqlFile(graph.get(id).files.down) ?? '';
}

async function filterFilled(
  session: Session,
  lost: readonly LostRelation[],
  writers: Writers,
): Promise<LostRelation[]> {
  const filled: LostRelation[] = [];
  for (const relation of lost) {
    const creators = (await writers.recorded()).filter((writer) => writer === relation.createdBy);
    if (!(await isFilled(session, relation, creators))) continue;
    const inserters = await writers.inserters();
    const known = [...creators, ...inserters];
    if (inserters.length === 0 || (await isFilled(session, relation, known))) filled.push(relation);
  }
  return filled;
}

/** Transactions of the rolled-back migrations, as text: rows that they wrote come back with them. */
interface Writers {
  /** All of them. Rows of a table that existed before may have been updated by them, and belong to somebody else. */
  recorded(): Promise<readonly string[]>;
  /** Those that only insert. */
  inserters(): Promise<readonly string[]>;
}

function createWriters(position: Position, planned: Planned): Writers {
  let recorded: Promise<ReadonlyMap<string, string>> | undefined;
  let inserters: Promise<readonly string[]> | undefined;
  const byId = () => {
    recorded ??= readWriters(position, planned.plan);
    return recorded;
  };
  return {
    recorded: async () => [...(await byId()).values()],
    inserters: () => {
      inserters ??= Promise.all([findInserters(position, planned), byId()]).then(([ids, writers]) =>
        ids.flatMap((id) => writers.get(id) ?? []),
      );
      return inserters;
    },
  };
}

/**
 * The transactions that recorded these migrations are the ones that ran them. Rows with one transaction and several times were
 * written together later, as a restore from a dump writes them.
 */
async function readWriters({ session, ledger }: Position, { steps }: Plan): Promise<Map<string, string>> {
  const ids = steps.filter(({ direction }) => direction === 'down').map(({ id }) => id);
  const [result] = await session.execute(
    `SELECT name, xmin::pg_catalog.text AS writer FROM ${tableOf(ledger)} m WHERE name = ANY (${quoteTextArray(ids)})
       AND NOT EXISTS (SELECT FROM ${tableOf(ledger)} o WHERE o.xmin = m.xmin AND o.migration_time <> m.migration_time)`,
  );
  return new Map((result?.rows ?? []).map(({ name, writer }) => [name ?? '', writer ?? '']));
}

/** @param writers transactions whose rows do not count, as text. */
async function isFilled(
  session: Session,
  { table, column, defaultValue }: LostRelation,
  writers: readonly string[],
): Promise<boolean> {
  const conditions = [
    `xmin::pg_catalog.text <> ALL (${quoteTextArray(writers)})`,
    ...(column === undefined ? [] : [`${column} IS NOT NULL`]),
    ...(defaultValue === undefined
      ? []
      : [`${column}::pg_catalog.text <> (${defaultValue})::pg_catalog.text`]),
  ];
  try {
    // One message is one transaction, so the settings end with it.
    const results = await session.execute(
      `SET LOCAL lock_timeout = 2000; SET LOCAL row_security = off;
       SELECT EXISTS (SELECT FROM ${table} WHERE ${conditions.join(' AND ')}) AS holds_rows`,
    );
    return results.at(-1)?.rows[0]?.holds_rows === 't';
  } catch (error) {
    if (error instanceof SqlError && !error.isSessionLost) return true;
    throw error;
  }
}
