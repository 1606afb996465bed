/** A migration read from another tool's folder, with its future id. */

import type { SourceMigration } from '../../project/import/source.js';

/** A migration of the source and what becomes of it. */
export interface PreparedMigration {
  id: string;
  /** Ids. */
  parents: readonly string[];
  source: SourceMigration;
  /** Whether its folder is there from an earlier import. */
  isPresent: boolean;
}
