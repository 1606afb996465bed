/** Writes a migration's status as labels and values. */

import { readableDuration } from '../../graph/readable-duration.js';
import { outsideText } from '../../outside-text.js';
import type { PageMigration } from '../../page/page-data.js';
import type { MigrationStatus } from '../ledger/migration-status.js';
import { nameStates } from '../ledger/state-names.js';

/** Only what is known of it. */
export function describeStatus(status: MigrationStatus): PageMigration['facts'] {
  const { appliedAt, durationMs, rolledBackAt, waitsFor = [], unappliedParents = [] } = status;
  const { downChange, replacedBy, renamedTo, failed } = status;
  const facts: readonly (readonly [string, string | undefined])[] = [
    ['State', nameStates(status)],
    ['Applied at', secondsOf(appliedAt)],
    ['Duration', appliedAt === undefined || status.isStamped ? undefined : readableDuration(durationMs ?? 0)],
    ['Rolled back at', secondsOf(rolledBackAt)],
    ['Waits for', listed(waitsFor)],
    ['Parents not applied', listed(unappliedParents)],
    ['down.sql', downChange && `${downChange} after it was applied`],
    ['Squashed into', replacedBy],
    ['Same SQL as', renamedTo],
    ['Latest failure', failed && outsideText(`${failed.at}: ${failed.error}`)],
  ];
  return facts.flatMap(([label, value]) => (value === undefined ? [] : [[label, value]]));
}

/** ISO 8601 in UTC as people read it. */
function secondsOf(instant: string | undefined): string | undefined {
  return instant?.replace('T', ' ').replace(/(\.\d+)?Z$/, ' UTC');
}

function listed(ids: readonly string[]): string | undefined {
  return ids.length > 0 ? ids.join(', ') : undefined;
}
