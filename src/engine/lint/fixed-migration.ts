/** A migration with the drafts that fixes make of it. */

import type { Migration } from '../../graph/migration.js';
import type { FixedDrafts } from '../../sql/lint/fix/fix-drafts.js';

/** A migration with what takes its place. */
export interface FixedMigration extends FixedDrafts {
  migration: Migration;
}
