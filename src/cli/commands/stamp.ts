/** `kat stamp` */

import type { StampPlan, StampResult } from '../../index.js';
import type { CommandSpec } from '../command.js';
import { stampSummary, stampText } from '../output/stamp-text.js';
import { type MendFlags, mendCommand, mendOptions } from './mend.js';

interface StampFlags extends MendFlags {
  delete?: boolean;
  only?: boolean;
}

export const stamp: CommandSpec<StampFlags> = {
  name: 'stamp',
  summary: 'Record migrations as applied, or as not applied, without running them',
  description:
    'For what is in the database already, by other means than Kat. Records the named migrations and all their ancestors as applied, with their checksums and the SQL that takes them back, and skips those that are recorded already. With --delete it records the named ones and all applied ones that descend from them as not applied; that is shown first, and asks. No SQL of a migration runs.',
  arguments: [
    {
      name: '<migrations...>',
      description:
        'which ones: id, timestamp, name or prefix; `heads` for all; with --delete also `base` for everything',
    },
  ],
  options: [
    { flags: '--delete', description: 'record them as not applied' },
    { flags: '--only', description: 'only the named ones, without ancestors, or descendants with --delete' },
    ...mendOptions,
  ],
  examples: [
    { command: 'kat stamp heads', explanation: 'the database has everything already: record it so' },
    { command: 'kat stamp create_posts', explanation: 'that migration and its ancestors are there' },
    { command: 'kat stamp --delete create_posts --yes', explanation: 'it is not, nor what follows it' },
    { command: 'kat stamp --delete base --yes', explanation: 'nothing of them is there' },
  ],
  run: (context, { delete: remove, only, ...flags }, of) =>
    mendCommand<StampPlan, StampResult>(context, flags, {
      carryOut: (kat, manner) => kat.stamp({ of, remove, only, ...manner }),
      show: (plan) => stampText(plan, context.style),
      needsConsent: ({ direction }) => direction === 'down',
      deed: 'recording migrations as not applied',
      summarize: (result) => stampSummary(result, context.style),
    }),
};
