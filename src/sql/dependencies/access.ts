/** The parts of a dependency: accesses of migrations to parts of the database's state, named by keys. */

import type { Effect } from '../effects/effect.js';
import type { ObjectId, SourcePosition } from '../syntax/object-id.js';
import type { StateKey } from './keys.js';

/**
 * Two migrations commute on a key if both read it, or both add to it (columns to a table, objects to a schema). All other
 * pairs must keep their order.
 */
export type AccessMode = 'read' | 'add' | 'write';

/** A migration's action on a part of the state, in the words of messages. */
export type Verb =
  | 'alters'
  | 'asks for'
  | 'calls'
  | 'changes'
  | 'creates'
  | 'creates and drops again'
  | 'deletes rows of'
  | 'drops'
  | 'drops and creates again'
  | 'gives values to'
  | 'inserts rows into'
  | 'leaves out'
  | 'moves'
  | 'provides'
  | 'publishes'
  | 'reads'
  | 'reads rows of'
  | 'references'
  | 'refers to'
  | 'renames'
  | 'requires'
  | 'runs'
  | 'updates rows of'
  | 'uses';

/** One migration's way to use one part of the state. */
export interface Access {
  /** The text of the key. */
  key: string;
  mode: AccessMode;
  /** The action. */
  verb: Verb;
  /** The target of the action, in words: `table users`. */
  what: string;
  place: SourcePosition;
  /** It only adds rows: two such accesses need no order, though both are `write`. */
  isNewRows?: boolean;
  /** It may be so, but the text does not say it: names that mean one of several things, catalog queries, extensions. */
  isGuess: boolean;
  /** It would create what is there already, so that whoever comes later may do with it instead of the first creator. */
  isAlternative?: boolean;
}

/** Both modes at once. */
export function strongest(one: AccessMode, other: AccessMode): AccessMode {
  return one === other ? one : 'write';
}

/** Whether the order of two accesses does not matter. */
export function commute(one: AccessMode, other: AccessMode): boolean {
  return one === other && one !== 'write';
}

/** One way to touch a key. */
export interface KeyAccess extends Cause {
  key: StateKey;
  mode: AccessMode;
  /** Whether the object of the key was there before. */
  existed: boolean;
  /** Of what is created: whether the migration first takes away what has the name, if anything has. */
  isCleared?: boolean;
}

/** Why a key is accessed: the effect's place, and words for it. */
export interface Cause {
  place: SourcePosition;
  verb: Verb;
  what: string;
  isGuess: boolean;
  isNewRows?: boolean;
  isAlternative?: boolean;
  /** What the migration changes or drops depends on it, whatever it is called by now. */
  isDependency?: boolean;
  /** What depends on it so. */
  of?: ObjectId;
  /** It keeps from being dropped what the migration drops without CASCADE, so that it must be gone before. */
  isHolding?: boolean;
  /** The effect behind the access, if there is one. */
  effect?: Effect;
}
