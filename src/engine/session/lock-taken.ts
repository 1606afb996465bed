/** What a run finds out, and says, when another one has taken its lock or its lease. */

import { KatError } from '../../errors.js';
import { readUnproven } from '../ledger/proof.js';

/** The words of the expression that fails behind a COMMIT. */
export const lockTaken = 'another run has taken the lock';

/** The words of the expression that fails before a write: it takes back the transaction that the write is in. */
export const leaseTaken = 'another run has taken the lease';

/** The words behind a COMMIT: what the transaction wrote stays. */
export const leaseTakenSince = 'another run has taken the lease since the last write';

const words: ReadonlySet<string | undefined> = new Set([lockTaken, leaseTaken, leaseTakenSince]);

/** Whether a message failed because another run has the lock or the lease. */
export function isLockTaken(error: unknown): boolean {
  return words.has(readUnproven(error));
}

/** Whether that has taken back the transaction of the message. */
export function isFenced(error: unknown): boolean {
  return readUnproven(error) === leaseTaken;
}

/** The error for a run that must not go on because of that. Its finished migrations are recorded. */
export function lockTakenError(cause: unknown): KatError {
  const isLease = readUnproven(cause) !== lockTaken;
  const reason = isLease
    ? 'This process was stopped, or its connections were lost, for longer than its lease.'
    : 'A connection of this run was lost, or a migration released its locks.';
  return new KatError(
    'LOCKED',
    `another run has taken the ${isLease ? 'lease' : 'lock'}, which this run had lost`,
    {
      help: `${reason} This run stopped before the next migration. Run \`kat status\` to see what is applied. Run the command again when the other run has finished.`,
      cause,
    },
  );
}
