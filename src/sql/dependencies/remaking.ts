/** Describes the tables that a migration replaces by others of their names. */

import type { Effect } from '../effects/effect.js';
import type { ObjectId } from '../syntax/object-id.js';

/** What a table has of another one, beside all columns. */
export interface TableCopy {
  /** Bits of `likeOptions`. */
  options: number;
  /** It is made of a query, which passes on no NOT NULL. */
  isOfQuery: boolean;
}

/** A table that has the name of another one, which the migration drops. */
export interface RemadeTable {
  /** Where it has all columns of the other one, whichever these are; undefined where it is defined by itself. */
  copy?: TableCopy;
  /** Names of columns that the migration writes down, of whichever table. */
  named: ReadonlySet<string>;
}

/** What is known of the tables that a migration drops, renames and copies. All keys are those of `keyOf`. */
export interface Remaking {
  /** The tables that lost their name, with what they had by then. */
  readonly former: Map<string, { parts: readonly ObjectId[]; effect: Effect }>;
  /** The name that a table had before the migration, by a name that it got. */
  readonly origins: Map<string, string>;
  /** The tables whose columns a new table has, by their names before the migration. */
  readonly copies: Map<string, TableCopy & { of: string }>;
}

/** Nothing is dropped, renamed or copied so far. */
export function startRemaking(): Remaking {
  return { former: new Map(), origins: new Map(), copies: new Map() };
}
