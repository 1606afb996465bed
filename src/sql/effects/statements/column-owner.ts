/** Describes the table that a column or constraint belongs to. */

import type { ObjectId } from '../../syntax/object-id.js';
import type { KeysOfStatement } from '../../syntax/repeated-keys.js';

/** The table of a column. */
export interface ColumnOwner {
  table: ObjectId;
  /** Rows exist already, so that defaults and checks run at once. */
  hasRows: boolean;
  isConditional?: boolean;
  /** The tables OF a composite type get the column, too. */
  isCascade?: boolean;
  /** The constraint belongs to a column that is new itself and has a value for rows that exist. */
  isFilled?: boolean;
  /** A primary key asks for it. */
  isForKey?: boolean;
  /** The keys of the same statement. */
  keys?: KeysOfStatement;
  /** The names that the same statement gives to NOT NULL, by column. */
  notNullNames?: ReadonlyMap<string, string>;
}
