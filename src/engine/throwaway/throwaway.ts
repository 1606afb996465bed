/** A database in which migrations can be tried. */

import type { Driver } from '../../connections/driver.js';

/** A database of Kat's own. */
export interface Throwaway {
  /** Opens sessions in the present database. */
  readonly driver: Driver;
  /**
   * `embedded` is in memory. On a `shared server`, roles, tablespaces and other databases belong to somebody, so they must stay as they
   * are. An `own server` was started for this run.
   */
  readonly kind: 'embedded' | 'own server' | 'shared server';
  /** Where it is, for people: `database kat_verify_1a2b3c4d_99 on 127.0.0.1:5432`. */
  readonly place: string;
  /** The version of its server, such as `18.4`. */
  readonly version: string;
  /** Replaces the database with an empty one. @throws ConnectionError, SqlError */
  renew(): Promise<void>;
  /** Drops the database. Never throws. */
  close(): Promise<void>;
}
