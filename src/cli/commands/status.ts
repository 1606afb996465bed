/** `kat status` */

import { isWrong, type MigrationStatus } from '../../engine/ledger/migration-status.js';
import type { CommandSpec } from '../command.js';
import { openProject } from '../open-project.js';
import { findCheckReasons, formatStatus } from '../output/status-text.js';

interface Chosen {
  applied?: boolean;
  pending?: boolean;
  wrong?: boolean;
}

/** As exit codes go: a check found something that needs a decision. */
const checkFailed = 3;

export const status: CommandSpec<Chosen & { check?: boolean }> = {
  name: 'status',
  summary: 'Show what is applied and what is pending',
  description:
    'Lists applied migrations with when and how long, then pending ones in the order in which `kat up` would apply them, each with the parents that it still waits for. Says which are missing (their folder is gone), changed (up.sql was edited since), unordered (a parent is not applied) or stopped between two statements. Changes nothing.',
  options: [
    { flags: '--applied', description: 'list only what is applied' },
    { flags: '--pending', description: 'list only what is pending' },
    { flags: '--wrong', description: 'list only what is missing, changed, unordered or half-done' },
    { flags: '--check', description: 'end with exit code 3 when anything is pending or wrong' },
  ],
  examples: [
    { command: 'kat status', explanation: 'show every migration and its state' },
    { command: 'kat status --pending', explanation: 'show what `kat up` would apply' },
    { command: 'kat status --json', explanation: 'the same for a program' },
  ],
  run: async (context, { check = false, ...chosen }) => {
    const { kat } = await openProject(context);
    try {
      const { migrations, counts } = await kat.status();
      const result = { migrations: migrations.filter((migration) => isChosen(migration, chosen)), counts };
      context.write(formatStatus(result, context.style));
      const reasons = check ? findCheckReasons(counts) : undefined;
      if (reasons === undefined) return { document: result };
      context.warn(`Check failed: ${reasons}`);
      return { document: result, exitCode: checkFailed };
    } finally {
      await kat.close();
    }
  },
};

/** Several choices add up; without any, everything is chosen. */
function isChosen(migration: MigrationStatus, { applied, pending, wrong }: Chosen): boolean {
  if (!applied && !pending && !wrong) return true;
  const isApplied = migration.appliedAt !== undefined;
  const isPending = migration.waitsFor !== undefined;
  return Boolean((applied && isApplied) || (pending && isPending) || (wrong && isWrong(migration)));
}
