/** Keeps a rollback from destroying data that others add after the look into the tables. */

import { claim, readUnproven } from '../ledger/proof.js';

/** Something that the rollback takes away and that holds nothing yet. */
export interface Watched {
  /** As a `Loss` has it. */
  name: string;
  /** The statement that keeps others from adding to it; undefined where the role may not lock it. */
  lock?: string;
  /** As SQL: finds a row as soon as it holds something. */
  query: string;
}

/** What one step must look at again. */
export interface LossGuard {
  watched: readonly Watched[];
  /** Whether CASCADE, or an earlier step, decides what the names mean when the step runs. */
  isUncertain: boolean;
}

/** The statements of a guard. */
export interface GuardStatements {
  /** They take no snapshot, so that the queries see what was committed before the locks. */
  locks: readonly string[];
  queries: readonly string[];
}

const words = 'data was added that the rollback would destroy';

/** One table may be there with several columns: the stronger lock comes first, and the weaker one adds nothing. */
export function guardStatements(watched: readonly Watched[]): GuardStatements {
  const locks = [...new Set(watched.flatMap(({ lock }) => lock ?? []))].sort();
  const conditions = watched.map(({ query }) => `NOT EXISTS (${query})`);
  if (conditions.length === 0) return { locks: [], queries: [] };
  return {
    locks,
    queries: [
      'SAVEPOINT kat_losses',
      'SET LOCAL row_security = off',
      'SET LOCAL transaction_read_only = on',
      `SELECT ${claim(conditions.join('\nAND '), words)}`,
      // Takes the settings back, and keeps the locks.
      'ROLLBACK TO SAVEPOINT kat_losses',
      'RELEASE SAVEPOINT kat_losses',
    ],
  };
}

/** Whether the queries of a guard have found something. */
export function isGuardRefusal(error: unknown): boolean {
  return readUnproven(error) === words;
}
