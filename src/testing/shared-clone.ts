/** Lends one clone to one test after the other, each in a transaction that is rolled back. */

import { KatError } from '../errors.js';
import type { Clone } from './clone.js';

interface SharedClone {
  /** Makes the clone. */
  prepare(): Promise<void>;
  /** @throws KatError USAGE while it is lent. */
  lend(): Promise<Clone>;
  /** Drops it. */
  close(): Promise<void>;
}

/** @param copy makes a clone. */
export function shareClone(copy: () => Promise<Clone>): SharedClone {
  let shared: Promise<Clone> | undefined;
  let isLent = false;
  const forget = () => {
    [shared, isLent] = [undefined, false];
  };
  const get = (): Promise<Clone> => {
    shared ??= copy();
    return shared;
  };
  const lend = async (): Promise<Clone> => {
    if (isLent) throw severalTests();
    isLent = true;
    try {
      return await begin(await get(), { forget, giveBack: () => (isLent = false) });
    } catch (error) {
      forget();
      throw error;
    }
  };
  const prepare = async () => {
    await get().catch((error: unknown) => {
      forget();
      throw error;
    });
  };
  return { prepare, lend, close: async () => (await shared?.catch(() => undefined))?.drop() };
}

interface Lending {
  /** The clone is no longer as it was. */
  forget(): void;
  giveBack(): void;
}

async function begin(clone: Clone, { forget, giveBack }: Lending): Promise<Clone> {
  const [begun] = await clone.query<{ id: string }>('BEGIN; SELECT txid_current()::text AS id');
  const id = begun?.id ?? '';
  return {
    ...clone,
    drop: async () => {
      if (await endTransaction(clone, id)) return giveBack();
      forget();
      await clone.drop();
      throw endedTransaction();
    },
    keep: async (test) => {
      forget();
      await clone.query('COMMIT');
      return clone.keep(test);
    },
  };
}

/**
 * No rollback takes back advisory locks of the session (Advisory Locks, PostgreSQL's documentation) or statements of PREPARE. Those that a
 * driver prepares stay, as it believes that they are there.
 */
const clearSession = `SELECT pg_catalog.pg_advisory_unlock_all();
DO $$ DECLARE own text; BEGIN
  FOR own IN SELECT name FROM pg_catalog.pg_prepared_statements WHERE from_sql
  LOOP EXECUTE pg_catalog.format('DEALLOCATE %I', own); END LOOP;
END $$`;

/** @returns whether it was the transaction that was begun. One that has failed tells only afterwards whether it was that. */
async function endTransaction(clone: Clone, id: string): Promise<boolean> {
  const asked = await clone
    .query<{ id: string | null }>('SELECT txid_current_if_assigned()::text AS id')
    .catch(() => [{ id }]);
  const [ended] = await clone.query<{ status: string }>(
    `ROLLBACK; ${clearSession}; SELECT txid_status(${id}) AS status`,
  );
  return asked[0]?.id === id && ended?.status === 'aborted';
}

function severalTests(): KatError {
  return new KatError('USAGE', 'the mode `rollback` has one database, which another test uses', {
    help: 'Drop the database of the other test first, run the tests one after the other, or use the mode `clone`.',
  });
}

function endedTransaction(): KatError {
  return new KatError('USAGE', 'the test ended the transaction that the mode `rollback` had opened', {
    help: 'Use savepoints in it, or the mode `clone`. The next test gets a new database.',
  });
}
