/** A database in which migrations can be tried. */

import type { Driver } from '../../connections/driver.js';

/** A database of Kat's own. */
export interface Throwaway {
  /** Opens sessions in the present database. */
  readonly driver: Driver;
  /** Whether others use the same server, so that roles, tablespaces and databases must stay as they are. */
  readonly isShared: boolean;
  /** Replaces the database with an empty one. @throws ConnectionError, SqlError */
  renew(): Promise<void>;
  /** Drops the database. Never throws. */
  close(): Promise<void>;
}
