/** `kat repair` */

import type { RepairPlan, RepairResult } from '../../index.js';
import type { CommandSpec } from '../command.js';
import { named } from '../named.js';
import { repairSummary, repairText } from '../output/repair-text.js';
import { type RecordFlags, recordOptions, runRecordCommand } from './record-command.js';

interface RepairFlags extends RecordFlags {
  dropMissing?: boolean;
  done?: string[];
  undone?: string[];
  retry?: string[];
}

/** The remaining problems need a decision. */
const undecided = 3;

export const repairCommand: CommandSpec<'repair', RepairFlags> = {
  name: 'repair',
  description:
    'Shows the differences between tracking table and folder, asks for confirmation, and corrects the tracking table and the log. Runs no SQL of a migration. If an up.sql was edited, Kat records that the edited text is what ran; the database does not change, so review the edit first. Records of missing folders stay unless --drop-missing is given. A no_transaction migration that stopped between two statements is half-done: its record stays unless --done, --undone or --retry names it. Exits with code 3 when a difference remains.',
  arguments: [
    { name: '[migrations...]', description: 'only these: id, timestamp, name or prefix (default: all)' },
  ],
  options: [
    {
      flags: '--drop-missing',
      description:
        'remove records of applied migrations whose folders are missing; their changes stay in the database. If a folder comes back, `kat up` runs it again: first record it with `kat stamp --only`',
    },
    {
      flags: '--done <migration>',
      description:
        'record this half-done migration as applied; its remaining statements never run; repeat for more',
      isRepeatable: true,
    },
    {
      flags: '--undone <migration>',
      description:
        'record this half-done migration as not started; undo its statements yourself first, because the next `kat up` runs all of them; repeat for more',
      isRepeatable: true,
    },
    {
      flags: '--retry <migration>',
      description: 'let the interrupted statement of this half-done migration run once more; repeat for more',
      isRepeatable: true,
    },
    ...recordOptions,
  ],
  examples: [
    { command: 'kat repair', explanation: 'show the differences and ask for confirmation' },
    { command: 'kat repair create_posts --yes', explanation: 'accept the edit of this migration' },
    { command: 'kat repair --drop-missing --yes', explanation: 'remove the records of missing folders' },
  ],
  run: (context, { dropMissing, done, undone, retry, ...flags }, of) =>
    runRecordCommand<RepairPlan, RepairResult>(context, flags, {
      carryOut: (kat, manner) => kat.repair({ of: named(of), dropMissing, done, undone, retry, ...manner }),
      show: (plan) => repairText(plan, context.style),
      needsConsent: () => true,
      action: 'repairing',
      summarize: (result) => repairSummary(result, context.style),
      exitCode: ({ findings }) => (findings.some((finding) => finding.repair === undefined) ? undecided : 0),
    }),
};
