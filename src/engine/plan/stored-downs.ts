/** Picks the down.sql stored in the log when the folder's down.sql does not match the applied up.sql. */

import { existsSync } from 'node:fs';
import type { Session } from '../../connections/driver.js';
import { KatError } from '../../errors.js';
import { counted } from '../../graph/counted.js';
import type { Graph } from '../../graph/graph.js';
import { listIds } from '../../graph/list-ids.js';
import type { Migration } from '../../graph/migration.js';
import type { Plan, Step } from '../../graph/plan.js';
import { isEdited, isSameDown } from '../ledger/edited.js';
import type { Ledger } from '../ledger/ledger.js';
import { type Remembered, readRemembered, readRememberedFacts } from '../ledger/logged-migrations.js';

export interface StoredDowns {
  /** The same steps; those that go back by the log's SQL do so in the mode in which the migration was applied. */
  plan: Plan;
  /** That SQL, by the migration's id. */
  storedDowns: ReadonlyMap<string, string>;
  /** Notes about edited migrations. */
  remarks: readonly string[];
}

/** A migration that is not what was applied, and what the log has of that. */
interface Other {
  migration: Migration;
  remembered: Remembered | undefined;
}

type StoredDown = Pick<Remembered, 'noTransaction'> & { downSql: string };

/**
 * What was edited goes back as it went up: its new down.sql undoes what its new up.sql would do.
 * @throws KatError MIGRATIONS_MISSING when a migration has no folder, and the log does not have its SQL either.
 */
export async function findStoredDowns(
  place: { session: Session; ledger: Ledger; graph: Graph },
  { steps }: Plan,
): Promise<StoredDowns> {
  const downs = steps.filter(({ direction }) => direction === 'down').map(({ id }) => id);
  const others = await findOthers(place, downs);
  refuseLost(others);
  const stored = new Map<string, StoredDown>();
  for (const other of others) {
    const { downSql, noTransaction = false } = other.remembered ?? {};
    if (downSql !== undefined && !isAsInFolder(other))
      stored.set(other.migration.id, { downSql, noTransaction });
  }
  return {
    plan: { steps: steps.map((step) => inItsMode(step, stored.get(step.id))) },
    storedDowns: new Map([...stored].map(([id, { downSql }]) => [id, downSql])),
    remarks: others.flatMap((other) => remarkOn(other, stored.has(other.migration.id))),
  };
}

/** Their SQL is read for them alone, as it may be long. */
async function findOthers(
  { session, ledger, graph }: { session: Session; ledger: Ledger; graph: Graph },
  downs: readonly string[],
): Promise<Other[]> {
  const facts = await readRememberedFacts(session, ledger, downs);
  const others = downs.filter((id) => {
    const migration = graph.get(id);
    return migration.isMissing || isEdited(migration, facts.get(id));
  });
  const remembered = await readRemembered(session, ledger, others);
  return others.map((id) => ({ migration: graph.get(id), remembered: remembered.get(id) }));
}

function refuseLost(others: readonly Other[]): void {
  const lost = others.filter(
    ({ migration, remembered }) => migration.isMissing && remembered?.downSql === undefined,
  );
  if (lost.length === 0) return;
  const ids = lost.map(({ migration: { id } }) => id);
  throw new KatError('MIGRATIONS_MISSING', `${counted(lost.length, 'migration')} cannot be rolled back`, {
    problems: ids.map((id) => ({
      message: `${id} has no folder, and the log has no down.sql for it`,
      migration: id,
    })),
    help: `Check out the branch that has ${listIds(ids, 3)}. If another project uses this tracking table, set another \`tablename\`. \`kat repair --drop-missing ${ids.join(' ')}\` only removes ${ids.length === 1 ? 'its record; the objects that it' : 'their records; the objects that they'} created stay.`,
  });
}

/** Then the folder's file serves, which is read piece by piece where it is long. */
function isAsInFolder({ migration, remembered }: Other): boolean {
  if (migration.isMissing || remembered?.downSql === undefined) return false;
  return migration.noTransaction === remembered.noTransaction && isSameDown(migration, remembered.downSql);
}

function inItsMode(step: Step, stored: StoredDown | undefined): Step {
  if (step.direction === 'up' || !stored) return step;
  return { ...step, mode: stored.noTransaction ? 'statements' : 'transaction' };
}

/** What to do where the SQL of the log fails, and the folder has another text or none. */
export function adviseOnRecorded({ id, files }: Migration): string {
  const record = `record it with \`kat repair ${id}\` first`;
  const advice = existsSync(files.down)
    ? `To use the one in the folder instead, ${record}.`
    : `To use another one, write it into the folder and ${record}.`;
  return `What failed is the down.sql recorded when ${id} was applied. ${advice}`;
}

function remarkOn({ migration, remembered }: Other, isStored: boolean): string[] {
  const { id, isMissing } = migration;
  if (isMissing) return [];
  const edited = `${id} was edited after it was applied`;
  if (isStored) return [`${edited}; rolling back with the down.sql recorded at that time`];
  if (remembered?.downSql !== undefined) return [];
  return [`${edited} without a down.sql; rolling back with its present down.sql`];
}
