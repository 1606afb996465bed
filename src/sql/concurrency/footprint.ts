/** Describes what a migration locks and changes while it runs, as far as other sessions of the same run can meet it. */

import type { LockMode } from '../impact/impact.js';
import type { SourcePosition } from '../syntax/object-id.js';
import type { RelationName } from '../syntax/relation-name.js';

/** An action of a migration, and its place. */
export interface PlacedWords {
  /** Such as `locks public.users in SHARE ROW EXCLUSIVE mode`. */
  words: string;
  place: SourcePosition;
}

/** The strongest lock of a migration on one relation. */
export interface HeldLock extends PlacedWords {
  relation: RelationName;
  mode: LockMode;
}

/** What one migration needs for itself while it runs. */
export interface Footprint {
  /** By relation. Tables that the migration creates itself are left out: nobody else sees them before its COMMIT. */
  locks: ReadonlyMap<string, HeldLock>;
  /** By relation: those of which it changes or deletes rows, which another change of them waits for. */
  changedRows: ReadonlyMap<string, PlacedWords>;
  /** By object: those whose row in a catalog it writes without a lock that others would wait for. */
  catalogRows: ReadonlyMap<string, PlacedWords>;
  /** Why no other migration may run at the same time. */
  alone: PlacedWords | undefined;
  /** The statement that waits until every older snapshot in the database has ended, as CREATE INDEX CONCURRENTLY does. */
  waitsForSnapshots: PlacedWords | undefined;
  /** The statement that may take long, because it reads or writes rows of tables. */
  long: PlacedWords | undefined;
}
