/** Identifies a plan by everything that it was made from and would run, so that consent to it can be bound to it. */

import { createHash } from 'node:crypto';
import type { Session } from '../../connections/driver.js';
import { SqlError } from '../../errors.js';
import type { Move } from '../../graph/move.js';
import { executeInCatalog } from '../ledger/catalog-path.js';
import { readHalfDone } from '../ledger/journal.js';
import { logTableOf } from '../ledger/ledger.js';
import { formatTableName } from '../ledger/table-name.js';
import { type CheckedPlan, stepKey } from './checked-plan.js';
import type { Loss } from './loss.js';
import type { DatabaseState, PlannedMove } from './plan-run.js';

/** What a plan is made from, and what it would run and destroy. */
interface IdentifiedPlan {
  environment: string | undefined;
  state: DatabaseState;
  move: Move;
  planned: Pick<PlannedMove, 'plan'>;
  checked: Pick<CheckedPlan, 'steps'>;
  losses: readonly Loss[];
}

const hexDigits = 16;

/**
 * A short hash. It differs when the environment, the database, the tracking table, the set of applied migrations, the statements of
 * half-done ones that have finished, the order, mode or SQL of the steps, or the data that they destroy differ.
 */
export async function planIdOf(identified: IdentifiedPlan): Promise<string> {
  const { environment, state, move, planned, checked, losses } = identified;
  const content = {
    database: await readDatabaseIdentity(state.session),
    ledger: formatTableName(state.ledger.name),
    move: move.kind,
    applied: [...state.applied].sort(),
    halfDone: await listHalfDone(state),
    steps: planned.plan.steps.map((step) => [stepKey(step), step.mode, checksumOf(checked, step)]),
    losses,
    environment,
  };
  return createHash('sha256').update(JSON.stringify(content)).digest('hex').slice(0, hexDigits);
}

async function listHalfDone({
  session,
  ledger,
  halfDone,
}: DatabaseState): Promise<[id: string, finished: number][]> {
  const found = halfDone ?? (ledger.hasLog ? await readHalfDone(session, logTableOf(ledger)) : new Map());
  return [...found].map(([id, { finished }]): [string, number] => [id, finished]).sort();
}

function checksumOf({ steps }: Pick<CheckedPlan, 'steps'>, step: Parameters<typeof stepKey>[0]): string {
  return steps.get(stepKey(step))?.checksum ?? '';
}

/** The same through every address of a server; two servers have it alike only when one was copied from the other's files. */
async function readDatabaseIdentity(session: Session): Promise<string> {
  if (session.sqlite) return session.sqlite.file ?? '';
  const [[database], system] = await Promise.all([
    executeInCatalog(
      session,
      'SELECT datname AS name, oid FROM pg_catalog.pg_database WHERE datname = pg_catalog.current_database()',
    ),
    readSystemIdentifier(session),
  ]);
  const row = database?.rows[0];
  return `${row?.name} ${row?.oid} ${system}`;
}

/** Empty for a role that may not read it. */
async function readSystemIdentifier(session: Session): Promise<string> {
  try {
    const [system] = await session.execute('SELECT system_identifier FROM pg_catalog.pg_control_system()');
    return system?.rows[0]?.system_identifier ?? '';
  } catch (error) {
    if (error instanceof SqlError && error.report.sqlstate === '42501') return '';
    throw error;
  }
}
