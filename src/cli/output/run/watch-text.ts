/** Formats what `kat watch` sees. */

import type { ObservedMigration, RunObservation } from '../../../engine/read/observe-run.js';
import type { BlockingSession } from '../../../engine/read/read-blockers.js';
import { formatElapsed, formatSession } from '../../../engine/session/session-text.js';
import { activityFacts, describeSession } from './activity-text.js';

/** Lines for a terminal, without the line feed at the end. */
export function formatObservation({ runners, migrations }: RunObservation): string {
  if (runners.length === 0) return 'No run is in progress';
  if (migrations.length > 0) return migrations.flatMap(migrationLines).join('\n');
  return runners.map((runner) => `A run is in progress: ${formatSession(runner)}`).join('\n');
}

function migrationLines(migration: ObservedMigration): string[] {
  const { id, direction, command, client, clientPid, processId, transactionMs } = migration;
  const age = transactionMs === undefined ? '' : `  ${formatElapsed(transactionMs)}`;
  const facts = activityFacts({ ...migration, blockers: [] }, undefined);
  return [
    `▸ ${id} (${direction})${age}`,
    `  ${[command && `kat ${command}`, `run by ${client}`, `process ${clientPid} on that computer, server process ${processId}`].filter(Boolean).join(', ')}`,
    ...facts.map((fact) => `  ${fact}`),
    ...blockerLines(migration.blockers, [processId]),
  ];
}

/** A tree: below each session those that it waits for itself. One that waits for itself through others ends its branch. */
function blockerLines(
  blockers: readonly BlockingSession[],
  path: readonly [waiting: number, ...above: number[]],
): string[] {
  const direct = blockers.filter(
    ({ blocks, processId }) => blocks.includes(path[0]) && !path.includes(processId),
  );
  return direct.flatMap((blocker) => [
    `${'  '.repeat(path.length)}waits for ${describeSession(blocker)}${blocker.statement === undefined ? '' : `: ${blocker.statement}`}`,
    ...blockerLines(blockers, [blocker.processId, ...path]),
  ]);
}
