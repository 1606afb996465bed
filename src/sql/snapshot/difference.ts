/** What two snapshots do not have alike, as data. */

import type { SnapshotKind, SnapshotObject } from './snapshot.js';

/** One property of an object that is in both snapshots. */
export interface PropertyChange {
  /** As in the definition, such as `type` or `notNull`; `columnOrder` of a table is in no definition. */
  property: string;
  /** Left out where the object had PostgreSQL's default. */
  before?: string;
  after?: string;
}

/** One object that the two snapshots do not have alike. */
export interface SchemaDifference {
  change: 'added' | 'removed' | 'changed';
  kind: SnapshotKind;
  /** In words: `column public.users.email`. */
  object: string;
  /** Such as `column public.users.email was removed`. */
  sentence: string;
  /** In words, the object that was added or removed as a whole, and this one with it. */
  within?: string;
  /** Empty unless the object changed. */
  properties: readonly PropertyChange[];
  before?: SnapshotObject;
  after?: SnapshotObject;
}
