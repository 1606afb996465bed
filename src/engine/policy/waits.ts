/** Time limits of a migration: lock waits and retries. */

import type { Migration, MigrationWaits } from '../../graph/migration.js';

/** All in milliseconds; 0 means without end, and an undefined `statementTimeoutMs` the server's own setting. */
export type WaitPolicy = Omit<MigrationWaits, 'statementTimeoutMs'> & {
  statementTimeoutMs: number | undefined;
  /** How many sessions may wait for a migration at once; undefined means any number. */
  maxBlockedSessions: number | undefined;
};

export const defaultWaits = {
  /** For another runner. */
  lockWaitMs: 60_000,
  lockTimeoutMs: 5_000,
  retryForMs: 60_000,
  maxBlockMs: 0,
  maxBlockedSessions: undefined,
} as const;

/** The limits of this migration: its own metadata overrides the run's policy. */
export function waitsOf(migration: Migration, policy: WaitPolicy): WaitPolicy {
  return { ...policy, ...migration.waits };
}

/** Whether others may not wait for it as long as they like. */
export function limitsBlocking({ maxBlockMs, maxBlockedSessions }: WaitPolicy): boolean {
  return maxBlockMs > 0 || maxBlockedSessions !== undefined;
}

/** How long the statements of this migration wait for locks. @param policyMs what holds where its own metadata says nothing */
export function lockTimeoutOf({ waits }: Pick<Migration, 'waits'>, policyMs: number | undefined): number {
  return waits?.lockTimeoutMs ?? policyMs ?? defaultWaits.lockTimeoutMs;
}
