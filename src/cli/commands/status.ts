/** `kat status` */

import type { MigrationStatus } from '../../engine/ledger/migration-status.js';
import { isWrong } from '../../engine/ledger/wrong-states.js';
import type { CommandSpec } from '../command.js';
import { withProject } from '../open-project.js';
import { findCheckReasons, formatStatus } from '../output/state/status-text.js';

interface Chosen {
  applied?: boolean;
  pending?: boolean;
  wrong?: boolean;
}

/** As exit codes go: a check found something that needs a decision. */
const checkFailed = 3;

export const status: CommandSpec<'status', Chosen & { check?: boolean }> = {
  name: 'status',
  description:
    'Lists applied migrations with time and duration, then pending migrations in the order of `kat up`, each with its unapplied parents. Names migrations that are missing (no folder), changed (up.sql was edited later), unordered (a parent is not applied), running, failed or stopped between two statements. Changes nothing.',
  options: [
    { flags: '--applied', description: 'list only applied migrations' },
    { flags: '--pending', description: 'list only pending migrations' },
    { flags: '--wrong', description: 'list only missing, changed, unordered or half-done migrations' },
    {
      flags: '--check',
      description: 'exit with code 3 when a migration is pending, running or has a problem',
    },
  ],
  examples: [
    { command: 'kat status', explanation: 'show every migration and its state' },
    { command: 'kat status --pending', explanation: 'show what `kat up` would apply' },
    { command: 'kat status --json', explanation: 'the same for a program' },
  ],
  run: (context, { check = false, ...chosen }) =>
    withProject(context, {}, async ({ kat }) => {
      const { migrations, ...rest } = await kat.status();
      const result = { migrations: migrations.filter((migration) => isChosen(migration, chosen)), ...rest };
      context.write(formatStatus(result, { style: context.style, columns: process.stdout.columns }));
      const reasons = check ? findCheckReasons(result.counts) : undefined;
      if (reasons === undefined) return { document: result };
      context.warn(`Check failed: ${reasons}`);
      return { document: result, exitCode: checkFailed };
    }),
};

/** Several choices add up; without any, everything is chosen. */
function isChosen(migration: MigrationStatus, { applied, pending, wrong }: Chosen): boolean {
  if (!applied && !pending && !wrong) return true;
  const isApplied = migration.appliedAt !== undefined;
  const isPending = migration.waitsFor !== undefined;
  return Boolean((applied && isApplied) || (pending && isPending) || (wrong && isWrong(migration)));
}
