/** Writes what was done to a database by hand as a migration, and records it as applied there. */

import { KatError } from '../../errors.js';
import { buildGraph, type Graph } from '../../graph/graph.js';
import { loadMigrations } from '../../project/folder/load.js';
import { sanitizeName } from '../../project/folder/write.js';
import type { AddedMigration } from '../author/add-migration.js';
import { findLedger } from '../ledger/find-ledger.js';
import { readAppliedIds } from '../ledger/ledger.js';
import { writeRecorded } from '../records/write-recorded.js';
import { withConnection } from '../session/reported-session.js';
import type { RunSetting } from '../session/run-setting.js';
import { underLock } from '../session/with-locked-session.js';
import type { FoundDrift } from './found-drift.js';
import type { PlannedAdoption } from './result.js';

/**
 * The migration follows the applied ones. Its down.sql puts everything back.
 * @throws KatError USAGE where there is no SQL to write; PLAN_CHANGED when other migrations are applied by now; what writing and
 *   recording throw.
 */
export async function adoptDrift(
  found: FoundDrift,
  name: string,
  setting: RunSetting,
): Promise<AddedMigration> {
  const migration = await planMigration(found, name, setting);
  return withConnection(setting, 'drift', (place) =>
    underLock(setting, place, async (lockedSession) => {
      const { session, ledger } = lockedSession;
      refuseOtherState(found, await readAppliedIds(session, ledger));
      return writeRecorded(setting, lockedSession, { command: 'drift', migration });
    }),
  );
}

/**
 * Checks what `adoptDrift` would do, and writes nothing.
 * @throws as `adoptDrift`, but for writing and recording.
 */
export async function planDriftAdoption(
  found: FoundDrift,
  name: string,
  setting: RunSetting,
): Promise<PlannedAdoption> {
  const { parents } = await planMigration(found, name, setting);
  return withConnection(setting, 'drift', async ({ session }) => {
    const ledger = await findLedger(session, setting.tableName);
    refuseOtherState(found, await readAppliedIds(session, ledger));
    return { name: sanitizeName(name), parents };
  });
}

async function planMigration(found: FoundDrift, name: string, { directory }: RunSetting) {
  if (found.takeOver.length === 0) throw nothingToAdopt();
  return newMigration(found, name, buildGraph(await loadMigrations(directory)));
}

function newMigration(
  { takeOver, putBack, appliedIds, differences }: FoundDrift,
  name: string,
  graph: Graph,
) {
  return {
    name,
    description: 'Repeats changes that were made to a database by hand.',
    parents: appliedHeads(graph, appliedIds),
    sql: {
      up: lossNote(differences.filter((one) => one.takeOver.losesData)) + scriptOf(takeOver),
      down: lossNote(differences.filter((one) => one.putBack.losesData)) + scriptOf(putBack),
    },
    now: Math.floor(Date.now() / 1000),
  };
}

/** The differences are those from the migrations that were applied when the schema was read. */
function refuseOtherState({ appliedIds }: FoundDrift, applied: readonly string[]): void {
  const before = new Set(appliedIds);
  if (applied.length === before.size && applied.every((id) => before.has(id))) return;
  throw new KatError('PLAN_CHANGED', 'another run changed the applied migrations during the comparison', {
    help: 'Nothing was written. Run the command again.',
  });
}

function nothingToAdopt(): KatError {
  return new KatError('USAGE', 'there is no difference that SQL can keep', {
    help: 'Run `kat drift` without `--adopt` to see all differences.',
  });
}

function appliedHeads(graph: Graph, ids: readonly string[]): string[] {
  const applied = new Set(ids);
  const isHead = (id: string) => applied.has(id) && !graph.children(id).some((child) => applied.has(child));
  return graph.migrations.map(({ id }) => id).filter(isHead);
}

/** Whoever reviews the file sees it first. */
function lossNote(differences: FoundDrift['differences']): string {
  if (differences.length === 0) return '';
  return `-- Can lose rows or values of ${differences.map(({ object }) => object).join(', ')}.\n\n`;
}

function scriptOf(statements: readonly string[]): string {
  return statements.map((statement) => `${statement};\n`).join('\n');
}
