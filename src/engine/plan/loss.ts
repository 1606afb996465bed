/** Describes what a rollback would destroy: data that nothing brings back. */

import { listIds } from '../../graph/list-ids.js';

/** The data that one step of a plan would destroy. */
export interface Loss {
  /** The migration that is rolled back. */
  id: string;
  /** The migrations that it replaces, if it was squashed: a rollback undoes all of them. */
  replaces: readonly string[];
  /** Migrations of the folder that what ran may have contained, as a squash or this folder is of another age. */
  joined?: readonly string[];
  /** Tables that go or are emptied, and hold rows that the rolled-back migrations did not write. */
  tables: readonly string[];
  /** Tables that lose rows because they refer to rows of other tables that are deleted. */
  cascaded?: readonly string[];
  /** Columns that go, and hold values that the rolled-back migrations did not write. */
  columns?: readonly string[];
  /** Columns that stay, and lose values that the rolled-back migrations did not write. */
  overwritten?: readonly string[];
  /** Sequences that go, have given numbers, and belong to no column. */
  sequences?: readonly string[];
  /** Tables and columns that go or are emptied, with the reason why nobody knows what they hold. */
  unseen?: readonly string[];
  /** Code that cannot be read and may drop or empty tables. */
  unread?: readonly string[];
}

/** One loss in a sentence without a full stop. */
export function describeLoss(loss: Loss): string {
  const {
    id,
    replaces,
    joined = [],
    tables,
    cascaded = [],
    columns = [],
    overwritten = [],
    sequences = [],
    unseen = [],
    unread = [],
  } = loss;
  const does = [
    ...(replaces.length > 0
      ? [`undoes the ${replaces.length + 1} migrations that were squashed into it`]
      : []),
    ...(joined.length > 0
      ? [`may undo ${listIds(joined)} as well, because what ran may have contained their SQL`]
      : []),
    ...(tables.length > 0
      ? [`drops or empties ${listIds(tables)}, which ${tables.length === 1 ? 'holds' : 'hold'} rows`]
      : []),
    ...(cascaded.length > 0 ? [`deletes rows of ${listIds(cascaded)} with the rows they refer to`] : []),
    ...(columns.length > 0
      ? [`drops ${listIds(columns)}, which ${columns.length === 1 ? 'holds' : 'hold'} values`]
      : []),
    ...(overwritten.length > 0 ? [`overwrites or cuts values of ${listIds(overwritten)}`] : []),
    ...(sequences.length > 0
      ? [`drops ${listIds(sequences)}, which ${sequences.length === 1 ? 'has' : 'have'} given out numbers`]
      : []),
    ...(unseen.length > 0
      ? [`drops, empties or overwrites what Kat could not read: ${listIds(unseen)}`]
      : []),
    ...(unread.length > 0 ? [`runs code that may drop or empty tables (${listIds(unread)})`] : []),
  ];
  return `rolling back ${id} ${does.join(', and ')}`;
}
