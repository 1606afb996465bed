/** Reads a throwaway database between the runs that change it. */

import type { Session } from '../../connections/driver.js';
import { isConnectionLost } from '../../errors.js';
import { cancellable } from '../session/cancel.js';
import { openReadingSession, type ShortSessionOptions, withSession } from '../session/connect.js';
import type { Throwaway } from '../throwaway/throwaway.js';

export interface TrialReader {
  /**
   * @param work changes nothing: it is done once more where a migration has ended the session.
   * @throws what opening a session or the work throws; KatError CANCELLED.
   */
  read<T>(work: (session: Session) => Promise<T>): Promise<T>;
  /** Call it before the database is dropped; afterwards `read` may be called again. Never throws. */
  close(): Promise<void>;
}

/** Keeps one session open where the database has several, as this one then knows the catalogs, which takes as long as to read them. */
export function openTrialReader(throwaway: Throwaway, signal: AbortSignal | undefined): TrialReader {
  const options: ShortSessionOptions = { onEvent: () => undefined, signal };
  let kept: Session | undefined;
  const close = async () => {
    const session = kept;
    kept = undefined;
    await session?.close();
  };
  const readOnce = async <T>(work: (session: Session) => Promise<T>) => {
    const session = kept ?? (await openReadingSession(throwaway.driver, 'kat verify', options));
    kept = session;
    return cancellable({ session }, signal, () => work(session));
  };
  return {
    read: async (work) => {
      if (!throwaway.driver.hasManySessions)
        return withSession(throwaway.driver, 'kat verify', options, work);
      const isFirst = kept === undefined;
      try {
        return await readOnce(work);
      } catch (error) {
        if (!isConnectionLost(error)) throw error;
        await close();
        if (isFirst) throw error;
        return readOnce(work);
      }
    },
    close,
  };
}
