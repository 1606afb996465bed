/** `kat repair` */

import type { RepairPlan, RepairResult } from '../../index.js';
import type { CommandSpec } from '../command.js';
import { repairSummary, repairText } from '../output/repair-text.js';
import { type MendFlags, mendCommand, mendOptions } from './mend.js';

interface RepairFlags extends MendFlags {
  dropMissing?: boolean;
  done?: string[];
  undone?: string[];
}

/** What is left needs a decision. */
const undecided = 3;

export const repair: CommandSpec<RepairFlags> = {
  name: 'repair',
  summary: 'Set right what is recorded, where it is out of line with the folder',
  description:
    'Shows what is out of line, asks, and sets it right in the tracking table and the log; no SQL of a migration runs. An up.sql that was edited since it was applied counts as what was applied from now on: look at the edit first. A migration whose folder is gone is left, because its branch, `kat sync` or `kat down` are nearly always better, unless --drop-missing says otherwise. A no_transaction migration that stopped half-way is left, because `kat up` or `kat down` goes on with it, unless --done or --undone says how it stands. Ends with 3 when something is left.',
  arguments: [
    { name: '[migrations...]', description: 'only these: id, timestamp, name or prefix (default: all)' },
  ],
  options: [
    {
      flags: '--drop-missing',
      description: 'forget applied migrations whose folders are gone, without undoing what they did',
    },
    {
      flags: '--done <migration>',
      description: 'this half-done one counts as done: nothing more of it is to run; repeat for more',
      isRepeatable: true,
    },
    {
      flags: '--undone <migration>',
      description: 'this half-done one begins anew with its first statement; repeat for more',
      isRepeatable: true,
    },
    ...mendOptions,
  ],
  examples: [
    { command: 'kat repair', explanation: 'show what is out of line, and ask' },
    { command: 'kat repair create_posts --yes', explanation: 'accept the edit of that migration' },
    { command: 'kat repair --drop-missing --yes', explanation: 'forget what has no folder any more' },
  ],
  run: (context, { dropMissing, done, undone, ...flags }, of) =>
    mendCommand<RepairPlan, RepairResult>(context, flags, {
      carryOut: (kat, manner) => kat.repair({ of, dropMissing, done, undone, ...manner }),
      show: (plan) => repairText(plan, context.style),
      needsConsent: () => true,
      deed: 'repairing',
      summarize: (result) => repairSummary(result, context.style),
      exitCode: ({ findings }) => (findings.some((finding) => finding.repair === undefined) ? undecided : 0),
    }),
};
