/** Limits how long the server may take to answer a message about a lease. */

import type { Session } from '../../../connections/driver.js';

/** The same session; it is closed when the server does not answer a message in time, and the message fails with a ConnectionError. */
export function withAnswerLimit(session: Session, limitMs: number): Session {
  return {
    ...session,
    execute: async (sql, onNotice, keptRows) => {
      const timer = setTimeout(() => void session.close(`no answer for ${limitMs / 1000} s`), limitMs);
      try {
        return await session.execute(sql, onNotice, keptRows);
      } finally {
        clearTimeout(timer);
      }
    },
  };
}
