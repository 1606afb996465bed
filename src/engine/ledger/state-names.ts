/** Names the states of a migration, for all outputs. */

import type { MigrationStatus } from './migration-status.js';
import { hasOtherSql } from './wrong-states.js';

/** The one state by which a drawing marks a migration. `unknown` without a database. */
export type GraphMark = 'applied' | 'changed' | 'missing' | 'running' | 'pending' | 'unknown';

export function markOf({ status }: { status?: MigrationStatus }): GraphMark {
  if (!status) return 'unknown';
  if (status.running) return 'running';
  if (status.state === 'missing') return 'missing';
  if (hasOtherSql(status)) return 'changed';
  return status.state === 'applied' ? 'applied' : 'pending';
}

/** The names of all states that it is in, such as `applied, changed`. */
export function nameStates(migration: Partial<MigrationStatus>): string {
  const { state = '', waitsFor, isChanged, unappliedParents, isStamped, replacedBy } = migration;
  const { halfDone, running, failed } = migration;
  return [
    state,
    ...(waitsFor ? [waitsFor.length === 0 ? 'ready' : 'waiting'] : []),
    ...(isChanged ? ['changed'] : []),
    ...(unappliedParents ? ['unordered'] : []),
    ...(halfDone ? ['half-done'] : []),
    ...(running ? ['running'] : []),
    ...(failed ? ['failed'] : []),
    ...(isStamped ? ['stamped'] : []),
    ...(replacedBy === undefined ? [] : ['squashed']),
  ].join(', ');
}
