/** The settings of every command that changes the database: tracking table, and time limits. */

import type { RawMigration } from '../../graph/migration.js';
import type { ChecksumPolicy } from '../../project/config/config-names.js';
import type { LintPolicy } from '../policy/lint-policy.js';
import type { WaitPolicy } from '../policy/waits.js';
import type { LockedSessionSetting } from './locked-session.js';

export interface RunSetting extends LockedSessionSetting {
  /** What `loadMigrations` has read in the migrations folder, for a caller of several runs. */
  migrations?: readonly RawMigration[];
  /** The name of the environment; a plan of another one is refused. */
  environment?: string | undefined;
  checksums: ChecksumPolicy;
  waits: WaitPolicy;
  /** A statement in each transaction of a migration, unless that is known only to make new objects. */
  beforeCommit?: string;
  /** The policy of `up` for linting pending migrations. */
  lint: LintPolicy;
}
