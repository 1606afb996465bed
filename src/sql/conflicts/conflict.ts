/** The codes of conflicts between two unordered migrations. */

import type { Severity } from '../../findings.js';
import type { KeyAccess } from '../dependencies/access.js';
import type { StateKey } from '../dependencies/keys.js';
import type { RemadeTable } from '../dependencies/remaking.js';
import type { ConstraintType } from '../effects/change.js';
import type { Effect, StatementSettings } from '../effects/effect.js';
import type { RoutineParameters } from '../effects/effect-details.js';
import type { ObjectId } from '../syntax/object-id.js';
import type { ColumnFacts } from './column-facts.js';

/** The kind of conflict. */
export type ConflictCode =
  | 'needs'
  | 'dropped-while-used'
  | 'changed-while-used'
  | 'same-name'
  | 'same-object'
  | 'same-rows'
  | 'rows-meet-rules'
  | 'enum-order'
  | 'privileges'
  | 'generated-values'
  | 'generated-names'
  | 'overlap'
  | 'asked-for';

/** The effect of the order of two accesses of one key. */
export interface Judgement {
  code: ConflictCode;
  /** `error`: the order surely matters. `warning`: it may. `info`: it hardly ever does. */
  severity: Severity;
  /** Which of them should come first, where there is a right order. */
  first?: 'one' | 'other';
  /** Whether the second fails in both orders, so that no edge helps. */
  failsAnyway?: boolean;
}

/** Facts about the two migrations as a whole. */
export interface Sides {
  one: Side;
  other: Side;
  keys: TableKeys;
  /** Whether some migration of the history calls an object by the name that PostgreSQL gave it. */
  isNamed(key: string): boolean;
  /** The parameters of all functions of that name that the history creates, once for each time. */
  overloadsOf(key: string): readonly RoutineParameters[];
  /** Whether the history gives the role privileges of whatever is created. */
  getsByDefault(role: string): boolean;
  /** Whether the history gives the role privileges of the object. */
  isGranted(object: ObjectId, role: string): boolean;
}

/** One of two migrations. */
export interface Side {
  /** Whether it names the column, or means all columns of its relation. */
  names(column: ObjectId): boolean;
  /** What it grants and revokes of the object by name, in this order. */
  grantsOn(object: ObjectId): readonly Effect[];
  /** Whether the statement that creates the part creates its table, too. */
  createsOwner(part: KeyAccess): boolean;
  /** Whether it drops the object, or drops and creates it again. */
  takesAway(object: ObjectId): boolean;
  /** What it makes the table of, if it gives the rows to no other one. */
  copyFor(table: ObjectId): PassingCopy | undefined;
  /** Whether it has IF NOT EXISTS for an object that exists. */
  makesIfMissing(key: string): boolean;
  /** Whether one statement has all that it does with the object of the key. */
  isConfined(key: string): boolean;
  /** The texts of all statements about the object of the key, about parts of it, and about its sides, those left out that drop it. */
  statementsLeft(key: string): readonly string[];
  /** Whether it adds as many columns as it drops, by the key of the shape of a table. */
  replacesColumns(shape: string): boolean;
  /** The texts of the statements that create the object of the key. */
  creationsOf(key: StateKey): readonly string[];
  /** Whether it gives the column another default, or none. */
  changesDefault(column: ObjectId): boolean;
  /** What it leaves set of the object that the access is about, as far as it sets that; OR REPLACE takes back what came before. */
  setsOf(access: KeyAccess): StatementSettings;
  /** The properties that the access sets, with the values that they have at the end of the migration. */
  finalSets(access: KeyAccess): StatementSettings | undefined;
  /** What it makes a table of that takes the name of another one; undefined where it replaces none under the key. */
  remade(table: string): RemadeTable | undefined;
  /** Whether it drops an object that was there and creates it again. */
  remakes(key: string): boolean;
  /** The values of the enum that it makes under the key; undefined where it makes none. */
  labelsOf(type: string): ReadonlySet<string> | undefined;
  /** The children that it takes away from a parent and gives back. */
  rejoined(): ReadonlyMap<string, Rejoined>;
  /** Whether its text has the literal. */
  mentions(literal: string): boolean;
}

/** A copy that gives its rows to no other table than the one that it is of. */
export interface PassingCopy {
  of: string;
  /** The columns that are named where the copy is read. */
  named: ReadonlySet<string>;
}

/** A partition or child that leaves its parent and comes back. */
export interface Rejoined {
  /** Whether a partition is for the same rows as before. */
  isForSameRows: boolean;
  /** Whether the migration changes rows of the child. */
  hasOtherRows: boolean;
  /** The rows that a partition is for in the end, as a text; undefined for other children, and where nobody knows. */
  bounds: string | undefined;
}

/** The unique keys of tables. */
export interface TableKeys {
  /** The keys that a relation ever has, by its own key. */
  of(relation: string): readonly InsertedKey[];
  /** The type that the history gave the constraint, by its key. */
  constraintOf(part: string): ConstraintType | undefined;
  /** Whether children get the constraint, by its key: a CHECK without NO INHERIT, or NOT NULL. */
  isInherited(part: string): boolean;
  /** All that the constraint or index of this name ever was, by its key. */
  get(part: string): readonly InsertedKey[];
  /** Whether the history gives the table a partition besides this one, by their keys. */
  hasPartitionBeside(relation: string, partition: string): boolean;
  /** Names of a relation's columns, in the order in which they came. */
  columnsOf(relation: string): readonly string[];
  /** Whether the relation ever has a primary key or a replica identity of its own. */
  isIdentified(relation: string): boolean;
  /** What the history says of a column. */
  factsOf(relation: string, column: string): ColumnFacts;
  /** Whether the history makes the column NOT NULL, and never lets it be null again. */
  isRequired(relation: string, column: string): boolean;
}

/** One key of a table. */
export interface InsertedKey {
  columns: readonly string[];
  isPrimary: boolean;
  /** Only some rows are in it, so that no foreign key can rest on it. */
  isPartial: boolean;
  /** Some of it is computed from columns. */
  isComputed: boolean;
}

/** Judges two accesses whose modes do not commute; undefined where they do all the same. */
export type Judge = (one: KeyAccess, other: KeyAccess, sides: Sides) => Judgement | undefined;

/** What changes an object must come before the other, or behind it. */
export function changedBefore(first: 'one' | 'other'): Judgement {
  return { code: 'changed-while-used', severity: 'error', first };
}

/** Swaps the sides of a judgement. */
export function swapped(judgement: Judgement | undefined): Judgement | undefined {
  if (!judgement?.first) return judgement;
  return { ...judgement, first: judgement.first === 'one' ? 'other' : 'one' };
}

/** The same two migrations, the other way round. */
export function swapSides({ one, other, ...rest }: Sides): Sides {
  return { ...rest, one: other, other: one };
}

/** Who adds comes first, who reads second; two writers stay as they are. */
export function addsFirst(judge: Judge): Judge {
  return (one, other, sides) =>
    one.mode === 'read' ? swapped(judge(other, one, swapSides(sides))) : judge(one, other, sides);
}
