/** One object in two states, and what writes the SQL between them. */

import type { SnapshotObject } from '../snapshot/snapshot.js';

/** One object before and after. */
export interface ChangedObject {
  before: SnapshotObject;
  after: SnapshotObject;
  /** The names of the properties that differ, without the owner. */
  changed: ReadonlySet<string>;
}

/** @returns undefined where the object must be dropped and created again. */
export type AlterWriter = (change: ChangedObject) => string[] | undefined;
