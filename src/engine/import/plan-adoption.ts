/** Computes the records that let Kat continue after another tool. */

import type { Problem } from '../../errors.js';
import type { ImportTool } from '../../project/import/tools.js';
import { quoteLiteral } from '../../quote.js';
import { checksumsOf } from '../ledger/bare-checksum.js';
import { logTableOf } from '../ledger/ledger.js';
import { readLastSuccesses } from '../ledger/log.js';
import { entryFactsOf, type Recording } from '../ledger/record.js';
import type { DatabaseState } from '../plan/plan-run.js';
import type { RecordPlan } from '../records/change-records.js';
import type { PreparedImport } from './prepare-import.js';
import type { PreparedMigration } from './prepared-migration.js';
import { readTracking, type Tracked } from './read-tracking.js';

export interface Adoption extends RecordPlan {
  /** The migrations to record, in the order in which the other tool applied them. */
  adopted: readonly { id: string; appliedAt?: string }[];
  warnings: readonly Problem[];
}

export interface AdoptionRequest {
  tool: ImportTool;
  table: string | undefined;
  prepared: PreparedImport;
}

/** @throws KatError LEDGER_MISMATCH as `readTracking` does. */
export async function planAdoption(state: DatabaseState, request: AdoptionRequest): Promise<Adoption> {
  const { tool, table, prepared } = request;
  const migrations = prepared.migrations.map(({ source }) => source);
  const tracked = await readTracking(state.session, { tool, table, migrations });
  const byKey = new Map(prepared.migrations.map((migration) => [migration.source.key, migration]));
  const recorded = new Set(state.applied);
  const open = tracked
    .map((found) => ({ ...found, migration: byKey.get(found.key) as PreparedMigration }))
    .filter(({ migration }) => !recorded.has(migration.id));
  const reverted = await findReverted(state);
  const adopted = open.filter(({ migration }) => !reverted.has(migration.id));
  const left = open.filter(({ migration }) => reverted.has(migration.id));
  const done = new Set([...recorded, ...adopted.map(({ migration }) => migration.id)]);
  return {
    adopted: adopted.map(({ migration, appliedAt }) => ({
      id: migration.id,
      ...(appliedAt ? { appliedAt } : {}),
    })),
    recordings: adopted.map(({ migration, ...found }) => toRecording(migration, found, prepared)),
    warnings: [
      ...left.map(({ migration }) => revertedWarning(migration)),
      ...adopted.flatMap(({ migration, checksum }) => editedWarning(migration, { tool, checksum })),
      ...adopted.flatMap(({ migration }) => gapWarning(migration, done)),
    ],
  };
}

/** The other tool's table does not learn of what Kat takes back. */
async function findReverted({ session, ledger }: DatabaseState): Promise<Set<string>> {
  if (!ledger.hasLog) return new Set();
  const last = await readLastSuccesses(session, logTableOf(ledger));
  return new Set([...last].filter(([, { direction }]) => direction === 'down').map(([id]) => id));
}

function toRecording(
  { id, source, parents, isPresent }: PreparedMigration,
  { appliedAt }: Tracked,
  { graph }: PreparedImport,
): Recording {
  const facts = isPresent
    ? entryFactsOf(graph.get(id))
    : {
        ...checksumsOf(source.up.text),
        parents,
        noTransaction: source.noTransaction,
        ...(source.down ? { downSql: source.down.text } : {}),
      };
  const time = appliedAt === undefined ? {} : { appliedAt: `${quoteLiteral(appliedAt)}::timestamptz` };
  return { id, direction: 'up', outcome: 'stamped', ...facts, ...time };
}

function revertedWarning({ id }: PreparedMigration): Problem {
  return { message: `${id} was rolled back by Kat later, so it stays pending`, migration: id };
}

/** The other tool would refuse to go on, and what Kat records would not be what ran. */
function editedWarning(
  { id, source }: PreparedMigration,
  { tool, checksum }: { tool: ImportTool; checksum: string | undefined },
): Problem[] {
  if (checksum === undefined || !source.isAppliedText || source.isAppliedText(checksum)) return [];
  return [
    {
      message: `${source.label} has changed since ${tool} applied it: its checksum is not the one in the table`,
      migration: id,
      help: `Kat records the file as it is now. If something else ran, put that into the up.sql of ${id}, and run \`kat repair ${id}\`, which runs no SQL.`,
    },
  ];
}

function gapWarning({ id, parents }: PreparedMigration, done: ReadonlySet<string>): Problem[] {
  const missing = parents.filter((parent) => !done.has(parent));
  return missing.map((parent) => ({
    message: `${id} is applied, but its parent ${parent} is not: \`kat up\` will apply the parent later`,
    migration: id,
  }));
}
