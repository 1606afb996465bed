/** The words in which Kat says what a migration does: objects, effects on them, and where in the file they stand. */

import type { ObjectId, SourcePosition, TypeRef } from '../syntax/object-id.js';
import type {
  Change,
  ConstraintType,
  Filling,
  PrivilegeGroup,
  RowAccess,
  TriggerEvent,
  Usage,
} from './change.js';
import type { CallArguments, PartitionBounds, RoutineParameters } from './effect-details.js';

/**
 * `use`: needs the object, by name. `call`: runs a function. `read`, `insert`, `update`, `delete`: rows of a table, or the
 * value of a sequence. The rest changes the object itself.
 */
export type EffectAction =
  | 'create'
  | 'alter'
  | 'drop'
  | 'use'
  | 'call'
  | 'read'
  | 'insert'
  | 'update'
  | 'delete';

/** Properties of an object by name, with their values as texts. */
export type StatementSettings = Readonly<Record<string, string>>;

/** The property of an operator class that is the default one: method and type, such as `btree:public.point`. */
export const defaultClass = 'default class';

/** The property that means all properties. */
export const everyProperty = '*';

/** One thing that a migration does to one object, or needs of it. */
export interface Effect {
  action: EffectAction;
  object: ObjectId;
  place: SourcePosition;
  /** Index of the statement in the file, counted from 0. */
  statement: number;
  /**
   * `now`: when the migration is applied. `later`: when somebody uses the object `by`, as the body of a function does.
   * `both`: it must be there now, and later.
   */
  when: 'now' | 'later' | 'both';
  /** The object whose definition says so. */
  by?: ObjectId;
  /** The alteration; undefined if it may be any. */
  change?: Change;
  /** How something is used. */
  usage?: Usage;
  /** How rows are read or changed. */
  rowAccess?: RowAccess;
  /** Which constraint is created; an index may be `unique`, too. */
  constraint?: ConstraintType;
  /** How rows that exist get values in the column that is created. */
  filling?: Filling;
  /** The events of the created trigger, or of the trigger that makes the call. */
  events?: readonly TriggerEvent[];
  /** The table whose rows a trigger function gets as NEW and OLD: of its call, and of what it does with them. */
  row?: ObjectId;
  /** The target of a rename or a move to another schema; the other end of a family's link. */
  to?: ObjectId;
  /** IF [NOT] EXISTS, OR REPLACE, or inside a branch that may not be taken. */
  isConditional?: boolean;
  /** Inside a branch that may not be taken. */
  isInBranch?: boolean;
  isCascade?: boolean;
  /** Children do not get it. */
  isOnly?: boolean;
  /** It comes to a child that is no partition because of a parent. */
  isInherited?: boolean;
  /** The history has set the same before. */
  isRepeated?: boolean;
  /** Nobody wrote it down: PostgreSQL does it as a part of something else. */
  isImplicit?: boolean;
  /** The name was made by PostgreSQL, which appends a number when it is taken. */
  isGenerated?: boolean;
  /** The table in whose schema the created object lies, whatever schema its own name has; the table that gets copied columns. */
  beside?: ObjectId;
  /** A function that is created is a procedure. */
  isProcedure?: boolean;
  /** Only one of several things that a name may mean, as a column's name in a query of several tables. */
  isGuess?: boolean;
  /**
   * The properties of the object that get a value, by name: `default`, `option fillfactor`. Equal texts are equal values; the
   * property `*` means all.
   */
  sets?: StatementSettings;
  /** Rows that exist need not fulfil the created constraint (NOT VALID). */
  isUnchecked?: boolean;
  /** What later effects look up in the definition of an object that is created. */
  parts?: DefinitionParts;
  /** With IF NOT EXISTS and OR REPLACE: the whole definition as a text. Equal texts make equal objects. */
  definition?: string;
  /** OR REPLACE: an object that exists gets the new definition. */
  isReplacement?: boolean;
  /** Of a publication: the columns that decide which rows of a table it has. */
  filter?: readonly string[];
  /** Of a publication: subscribers do not get the whole replica identity of the table, or the filter asks for more than that. */
  isUnidentified?: boolean;
  /** An INSERT without columns: what its query gives; the columns behind `*` are counted when it is performed. */
  given?: { values: number; stars: readonly ObjectId[] };
  /** The change of rows sets off a trigger or a rule. */
  isWatched?: boolean;
  /** With OVERRIDING SYSTEM VALUE an identity takes what it is given. */
  isOverriding?: boolean;
  /** It brings rows for certain: VALUES, outside of any branch. */
  isCertain?: boolean;
  /** How many values rows get, and how many columns the table has, as far as both are known. */
  counts?: { values: number; columns: number };
  /** Literals that a column is compared with or set to. */
  literals?: readonly string[];
  /** The method of an index on a column that names no operator class, so that the type must have a default one. */
  method?: string;
  /** An operator that is applied to a column, where only the type tells whether PostgreSQL has it. */
  operator?: string;
  /** The field of a column's type that is meant. */
  field?: string;
  /** The values of the column become values of a type, or of another column, or come from a type. */
  cast?: ValueCast;
  /** What GRANT, REVOKE and ALTER DEFAULT PRIVILEGES give and take. */
  grants?: readonly PrivilegeGrant[];
  /** Of GRANT ON ALL and ALTER DEFAULT PRIVILEGES: which objects get these privileges from the migration, whether they are there already or come later. */
  grantedThroughout?: readonly ObjectsOfSchema[];
  /** The column whose default does it. */
  defaultOf?: ObjectId;
  /** In what PostgreSQL keeps of a function as it understood it, and not as a text: types, defaults, and a body with BEGIN ATOMIC. */
  isAtomic?: boolean;
  /** The arguments that a call gives. */
  call?: CallArguments;
  /** The parameters of a function that is created. */
  parameters?: RoutineParameters;
  /** The conditions of a CHECK, where all of them compare a column with literals. */
  checks?: readonly SimpleCheck[];
  /** What a child must have of its parent, as it is when the two are joined or parted. */
  passed?: PassedParts;
  /** Which rows a partition is for. */
  bounds?: PartitionBounds;
  /** A view shows it, so its value affects readers of the view. */
  isShown?: boolean;
  /** All tables that the same statement empties. */
  together?: readonly ObjectId[];
  /** The known rows: inserted rows, or the conditions of WHERE for changed rows. Undefined means any. */
  rows?: readonly KnownRow[];
  /**
   * The columns that an UPDATE sets or an INSERT gives values to, that an index has, or that a key must have for ON CONFLICT or a
   * foreign key.
   */
  columns?: readonly string[];
  /** Those that get NULL from some row of an INSERT, in the words of `columns`; undefined where a query brings the rows. */
  nulls?: readonly string[];
  /** Those that an UPDATE sets to something else than their DEFAULT, or for which a child has a default of its own. */
  valued?: readonly string[];
  /** Those that an UPDATE sets to the same value in each row that it changes. */
  constants?: readonly string[];
  /** What becomes of all values of a column, where that keeps nothing of them, or not for certain. */
  overwritten?: Readonly<Record<string, NewValue>>;
}

/** A cast of which one end is a column. */
export interface ValueCast {
  /** A type by its name, or a column. */
  to?: TypeRef;
  from?: TypeRef;
  /** Somebody wrote it down; otherwise values are assigned. */
  isExplicit: boolean;
}

/** What every row gets instead of the value that it has. */
export type NewValue =
  | { kind: 'null' }
  | { kind: 'literal'; literal: string }
  /** Something else that does not depend on the row. */
  | { kind: 'constant' }
  /** The value, cast to these types one after the other, as SQL. */
  | { kind: 'casts'; types: readonly string[] }
  /** The value of an expression over the column and nothing else, as SQL without effects. */
  | { kind: 'computed'; sql: string };

/** Parts of a definition on which later statements rest. */
export interface DefinitionParts {
  /** The columns of an index, INCLUDE left out. */
  keyColumns?: readonly string[];
  /** All of an index or foreign key but its name and table. */
  equal?: string;
  /** The literal that is the default of a column that is created. */
  defaultValue?: string;
  /** Of a unique index: some of it is computed from columns. */
  isComputed?: boolean;
  /** The constraint is NOT NULL. */
  isNotNull?: boolean;
  /** The columns that decide which partition a row is for. */
  partitionKey?: readonly string[];
  /** The type whose columns are those of a function's result. */
  rowType?: ObjectId;
  /** The columns of the table behind a simple view, by the names that the view gives them; `isWhole`: and all others by their own. */
  shown?: { columns: Readonly<Record<string, string>>; isWhole: boolean };
}

/** The names of the columns of a table and of those checks that its children have, too. */
export interface PassedParts {
  columns: readonly string[];
  checks: readonly string[];
}

/** One privilege that one role gets or loses. */
export interface PrivilegeGrant {
  role: string;
  /** `all` means every privilege; `option-select` means only the right to grant it. */
  privilege: string;
  result: 'granted' | 'granted with grant option' | 'revoked';
}

/** All objects of a group in one schema. */
export interface ObjectsOfSchema {
  schema: string;
  group: PrivilegeGroup;
}

/** One condition, such as `age > 0` or `state IN ('open', 'done')`. */
export interface SimpleCheck {
  column: string;
  /** `=` for a list, too. */
  operator: string;
  values: readonly string[];
}

/** Values that are written as literals, by column; where an INSERT names no columns, by their number from 1. */
export type KnownRow = Readonly<Record<string, string>>;

/** Why a text as a whole can't be understood. */
export const notSql = 'a text that is not SQL';

/** A part that can't be understood before it is run. */
export interface Opaque {
  place: SourcePosition;
  statement: number;
  /** In a few words: `dynamic SQL`, `language plpython3u`. */
  reason: string;
  when: 'now' | 'later';
  /** The function whose body contains it. */
  by?: ObjectId;
}

/** A name that a query of the system catalogs asks for: that of an object, or of a table with one of its parts. */
export type AskedName = readonly [string] | readonly [table: string, part: string];

/** A query of the system catalogs: its answer changes with what exists. */
export interface CatalogQuery {
  place: SourcePosition;
  statement: number;
  /** Names that the query asks for; undefined when it asks for everything. */
  names: readonly AskedName[] | undefined;
  when: 'now' | 'later';
  by?: ObjectId;
}

/** A comment that tells Kat something: `-- kat:requires users`. */
export interface Directive {
  word: 'requires' | 'provides' | 'ignore';
  /** The rest of the line. */
  value: string;
  place: SourcePosition;
}

/** The effects of one text. */
export interface MigrationEffects {
  effects: readonly Effect[];
  opaque: readonly Opaque[];
  catalogQueries: readonly CatalogQuery[];
  directives: readonly Directive[];
}
