/** The tables and types after a history so far, in the detail that rules and predictions need. */

import type { CreateFunctionStmt, Node, RangeVar } from '@pgsql/types';
import { joinNames } from '../syntax/identifiers.js';
import type { RelationName } from '../syntax/relation-name.js';

/** As PostgreSQL calls it inside: `int4`, `varchar`, `timestamptz`; types of users with their schema, unless it is `public`. */
export interface ColumnType {
  /** With its schema, unless that is implied. */
  name: string;
  /** The same as its parts. */
  parts: readonly string[];
  /** Such as 10 and 2 of `numeric(10, 2)`. */
  modifiers: readonly number[];
  isArray: boolean;
}

/** The sequence that one serial column owns. */
interface SerialSequence {
  /** Whether other columns take their default from it. */
  isShared: boolean;
}

export interface Column {
  name: string;
  /** Undefined where the history does not tell, as for columns of a query. */
  type: ColumnType | undefined;
  isNotNull: boolean;
  /** Also an identity column has. */
  hasDefault: boolean;
  isIdentity: boolean;
  /** GENERATED ALWAYS AS (…), stored or virtual. */
  isGenerated: boolean;
  /** A generated column that is computed when it is read (18). */
  isVirtual?: boolean;
  /** What its default takes values from, as far as it is the sequence of a serial column. */
  sequence?: SerialSequence | undefined;
  /** Whether that sequence goes with it. */
  ownsSequence?: boolean;
  /** Whether the table has it from a parent alone, and did not define it itself. */
  isInherited?: boolean;
  /** Id of the migration that added it, or that created its table. */
  creator: string;
  /** Id of the migration that gave it its name. */
  namedBy: string;
}

export type ConstraintKind = 'check' | 'exclude' | 'foreign key' | 'not null' | 'primary key' | 'unique';

export interface Constraint {
  name: string;
  kind: ConstraintKind;
  /** Of a check: those that its expression names. */
  columns: readonly string[];
  /** Of a check. */
  expression?: Node;
  /** The table that a foreign key refers to. */
  references?: RelationName;
  /** The columns there; undefined where its primary key is meant. */
  referencedColumns?: readonly string[];
  /** Whether all rows are known to fulfil it. */
  isValidated: boolean;
  /** False for NOT ENFORCED. */
  isEnforced: boolean;
  /** Whether the table has it from a parent alone. */
  isInherited?: boolean;
}

export interface Index {
  name: string;
  /** Undefined for an expression. */
  columns: readonly (string | undefined)[];
  /** How PostgreSQL calls its columns: in a generated name, those that are only stored with it count too. */
  nameParts: readonly string[];
  /** All columns that it needs: also those of expressions, of its condition, and those that are only stored with it. */
  needs: readonly string[];
  isUnique: boolean;
  /** Such as `btree`. */
  method: string;
  /** Which rows are in it; undefined means all. */
  predicate?: Node;
  /** Whether it holds nothing but the columns, of all rows, in the order that a B-tree gives them on its own. */
  isPlain: boolean;
}

export type RelationKind = 'table' | 'partitioned table' | 'foreign table' | 'view' | 'materialized view';

export interface Relation extends RelationName {
  kind: RelationKind;
  /** Id of the migration that created it. */
  creator: string;
  /** Id of the migration that gave it its name. */
  namedBy: string;
  /** Whether a commit that is compared with has it: then it is in use, whatever migration makes it here. */
  isInBase?: boolean;
  /** Whether the history writes rows into it that nothing seen may have removed since. */
  hasRows?: boolean;
  isUnlogged: boolean;
  /** `pg_default` means that of the database. */
  tablespace: string;
  /** How its rows are stored, such as `heap`, which is the default. */
  accessMethod: string;
  columns: Map<string, Column>;
  /** By name. */
  constraints: Map<string, Constraint>;
  /** By name. */
  indexes: Map<string, Index>;
  /** The table whose partition it is, or from which it inherits. */
  parents: RelationName[];
  /** Whether all its columns are known: no part comes from an unknown table, a query or a type. */
  isWhole: boolean;
  /** The composite type of a table that was made OF one. */
  ofType?: RelationName;
  /** By what a partitioned table is divided. */
  partitionKey?: PartitionKey;
  /** Whether it takes the rows that fit no other partition. */
  isDefaultPartition?: boolean;
  /** The tables and views that the query of a view reads; where it can be written to, the first is what is written. */
  reads: RelationName[];
  /** The columns that the query of a view names; undefined where it takes all of a table. */
  columnsRead?: ReadonlySet<string>;
  /** Names of triggers: what they do to other tables is not known. */
  triggers: Set<string>;
  /** Names of rules: likewise. */
  rules: Set<string>;
  /** Whether its policies count: ENABLE ROW LEVEL SECURITY. */
  hasRowSecurity: boolean;
  /** What tells its rows apart for subscribers: by default its primary key. */
  replicaIdentity: 'default' | 'nothing' | 'other';
  /** Names of the policies that say who sees which rows. */
  policies: Set<string>;
}

export interface PartitionKey {
  strategy: 'range' | 'list' | 'hash';
  /** Undefined for an expression. */
  columns: readonly (string | undefined)[];
}

export interface UserType extends RelationName {
  creator: string;
  /** Whether a table that no migration creates gets a column of it. */
  isOfUnseen?: boolean;
  /** As that of a relation. */
  isInBase?: boolean;
  /** Of an enum, in order. */
  values?: string[];
  /** Of a domain. */
  domain?: Domain;
}

export interface Domain {
  base: ColumnType | undefined;
  /** NOT NULL among them. */
  constraints: Set<string>;
  /** Whether columns of it have a default that is not null, unless they have one of their own. */
  hasDefault: boolean;
}

/** A function, as far as calls of it must be understood. */
export interface Routine {
  /** The types of the arguments that a call gives, as `typeText` has them. */
  types: readonly string[];
  /** How many of them a call may leave out, because they have defaults. */
  optional: number;
  /** Whether the last may be given any number of times. */
  isVariadic: boolean;
  volatility: Volatility;
  definition: CreateFunctionStmt;
  /** Of a function in SQL that is no more than an expression: PostgreSQL puts that in the place of a call (clauses.c, inline_function). */
  expression?: Node;
}

/** The volatility that PostgreSQL assumes of a function: only volatile results differ from row to row. */
export type Volatility = 'volatile' | 'stable' | 'immutable';

/**
 * From the key of a relation to the keys of those that name it, or did once: links are only added, so what a relation itself
 * says decides.
 */
interface Links {
  /** Partitions, and tables that inherit. */
  readonly children: Map<string, Set<string>>;
  /** Those of them that are the default partition. */
  readonly defaults: Map<string, Set<string>>;
  /** Tables with foreign keys to it. */
  readonly referrers: Map<string, Set<string>>;
  /** Views that read it. */
  readonly readers: Map<string, Set<string>>;
  /** From the key of a constraint's name to the tables that have one of that name. */
  readonly constrained: Map<string, Set<string>>;
  /** Keys of the relations in `pg_temp`. */
  readonly temporary: Set<string>;
}

/** Everything that is known. What is not in here may exist all the same: see `readsEverything` of the history's reader. */
export interface Schema {
  /** By `keyOfName`. They are added by `putRelation`. */
  readonly relations: Map<string, Relation>;
  /** Which of them name which. */
  readonly links: Links;
  /** From the key of an index to that of its table. */
  readonly indexOwners: Map<string, string>;
  /** By `keyOfName` of tables that no migration creates: the constraints that migrations gave them, by name. */
  readonly unseen: Map<string, Map<string, Constraint>>;
  readonly types: Map<string, UserType>;
  /** By `keyOfName`: argument types distinguish functions of the same name. */
  readonly functions: Map<string, Routine[]>;
  /** From the key of an object of extended statistics to its table. */
  readonly statistics: Map<string, RelationName>;
  /** Names of subscriptions that have no replication slot on the other server. */
  readonly slotless: Set<string>;
  /** By name: whether they publish UPDATEs or DELETEs. */
  readonly publications: Map<string, boolean>;
  /** By `keyOfName`: tables that no migration creates, and that migrations gave a policy. */
  readonly unseenWithPolicy: Set<string>;
  /** Ids of migrations that ran code of which nothing is known, such as EXECUTE of a computed text. */
  readonly unread: Set<string>;
  /** The search path, which resolves names without a schema; new objects get its first schema. */
  path: readonly string[];
  /** Id of the migration whose statements are being followed. */
  migration: string;
  /** Whether the migration has set its time zone to UTC: only then timestamps are the same with and without a zone. */
  isUtc: boolean;
}

/** An empty database. */
export function emptySchema(): Schema {
  return {
    relations: new Map(),
    links: {
      children: new Map(),
      defaults: new Map(),
      referrers: new Map(),
      readers: new Map(),
      constrained: new Map(),
      temporary: new Set(),
    },
    indexOwners: new Map(),
    unseen: new Map(),
    types: new Map(),
    functions: new Map(),
    statistics: new Map(),
    slotless: new Set(),
    publications: new Map(),
    unseenWithPolicy: new Set(),
    unread: new Set(),
    path: ['public'],
    migration: '',
    isUtc: false,
  };
}

/** One text for each name. */
export function keyOfName({ schema, name }: RelationName): string {
  return joinNames(schema, name);
}

/** As people write it: the schema is left out where it is `public`. */
export function nameText({ schema, name }: RelationName): string {
  return joinNames(schema === 'public' ? undefined : schema, name);
}

/** The name that a statement means: of something that is known on the search path, else of the path's first schema. */
export function resolveRange(schema: Schema, range: RangeVar | undefined): RelationName {
  const { schemaname, relname = '', relpersistence } = range ?? {};
  if (relpersistence === 't') return { schema: 'pg_temp', name: relname };
  return resolveParts(schema, schemaname === undefined ? [relname] : [schemaname, relname], schema.relations);
}

/** The name of a new object: in the written schema, or in the first of the path. @param parts as for `resolveParts` */
export function newName({ path }: Schema, parts: readonly string[]): RelationName {
  return { schema: parts.at(-2) ?? path[0] ?? 'public', name: parts.at(-1) ?? '' };
}

/** @param parts `name` or `schema.name`, in parts; a database in front is left out of account */
export function resolveParts(
  { path }: Schema,
  parts: readonly string[],
  known: ReadonlyMap<string, unknown>,
): RelationName {
  const name = parts.at(-1) ?? '';
  const given = parts.at(-2);
  if (given !== undefined) return { schema: given, name };
  const hasIt = (schema: string) => known.has(keyOfName({ schema, name }));
  const found = hasIt('pg_temp') ? 'pg_temp' : path.find(hasIt);
  return { schema: found ?? path[0] ?? 'public', name };
}

/** The known state of a relation; undefined if no migration creates it. */
export function findRelation(schema: Schema, name: RelationName): Relation | undefined {
  return schema.relations.get(keyOfName(name));
}
