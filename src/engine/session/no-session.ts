/** Stands where a session is expected and there is no database to be asked. */

import type { Session } from '../../connections/driver.js';
import { KatError } from '../../errors.js';

/** Refuses every question. */
export const noSession: Session = {
  server: { versionNumber: 0, version: '' },
  processId: undefined,
  isBorrowed: false,
  literals: 'standard',
  execute: () => {
    throw new KatError('USAGE', 'this plan needs a database connection', {
      help: 'Remove `--applied` and `--applied-from` to query the database.',
    });
  },
  onNotice: () => undefined,
  cancel: async () => undefined,
  close: async () => undefined,
};

/** The same, for SQL of SQLite. */
export const noSqliteSession: Session = {
  ...noSession,
  sqlite: { file: undefined, busyMs: 0, connection: 1, renew: async () => undefined },
};
