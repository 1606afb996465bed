/** `kat stamp` */

import type { StampPlan, StampResult } from '../../index.js';
import type { CommandSpec } from '../command.js';
import { stampSummary, stampText } from '../output/stamp-text.js';
import { type RecordFlags, recordOptions, runRecordCommand } from './record-command.js';

interface StampFlags extends RecordFlags {
  delete?: boolean;
  only?: boolean;
}

export const stampCommand: CommandSpec<'stamp', StampFlags> = {
  name: 'stamp',
  description:
    'Use it when the database already has the changes. Records the named migrations and their ancestors as applied, with checksums and down.sql, and skips migrations that are recorded already. With --delete, records the named migrations and their applied descendants as not applied, after a confirmation. Refuses half-done migrations that are not named: `kat repair` records their state. Runs no SQL of a migration.',
  arguments: [
    {
      name: '<migrations...>',
      description:
        'the migrations: id, timestamp, name or prefix; `heads` for all migrations without children; with --delete, `base` for all migrations',
    },
  ],
  options: [
    { flags: '--delete', description: 'record the migrations as not applied' },
    {
      flags: '--only',
      description: 'only the named migrations, without ancestors (with --delete: without descendants)',
    },
    ...recordOptions,
  ],
  examples: [
    {
      command: 'kat stamp heads',
      explanation: 'record all migrations as applied: the heads and all their ancestors',
    },
    { command: 'kat stamp create_posts', explanation: 'record this migration and its ancestors as applied' },
    {
      command: 'kat stamp --delete create_posts --yes',
      explanation: 'record this migration and its descendants as not applied',
    },
    { command: 'kat stamp --delete base --yes', explanation: 'record all migrations as not applied' },
  ],
  run: (context, { delete: remove, only, ...flags }, of) =>
    runRecordCommand<StampPlan, StampResult>(context, flags, {
      carryOut: (kat, manner) => kat.stamp({ of, remove, only, ...manner }),
      show: (plan) => stampText(plan, context.style),
      needsConsent: ({ direction }) => direction === 'down',
      action: 'recording migrations as not applied',
      summarize: (result) => stampSummary(result, context.style),
    }),
};
