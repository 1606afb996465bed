/** The interface of a rule: its description, its input and its result. */

import type { Node } from '@pgsql/types';
import type { Severity } from '../../findings.js';
import type { Catalogue } from '../dependencies/catalogue.js';
import type { MigrationEffects } from '../effects/effect.js';
import type { Impact } from '../impact/impact.js';
import type { RoundTrip } from '../round-trip/round-trip.js';
import type { BlockStatement } from '../schema/follow-blocks.js';
import type { Index, Schema } from '../schema/schema.js';
import type { Statement } from '../syntax/parse.js';
import type { RelationName } from '../syntax/relation-name.js';

/** A migration as the linter reads it. */
export interface LintedMigration {
  id: string;
  up: string;
  /** Those of the up.sql, where somebody has parsed it already. */
  statements?: readonly Statement[];
  /** Undefined when there is no down.sql. */
  down: string | undefined;
  /** Whether it runs in a transaction: not with `no_transaction: true`. */
  isTransactional: boolean;
  /** Whether it has several parents, so that it may do nothing but join them. */
  isMerge?: boolean;
  /** How long its statements wait for locks, in milliseconds; 0 is without end. */
  lockTimeoutMs: number;
  /**
   * Whether a migration is not applied before this one is about to be: its own id, and those of its pending ancestors. What
   * they create has no rows and no users yet.
   */
  isNewWith(creator: string): boolean;
  /**
   * The statements that a commit which is compared with has of the migration, as texts: run on an empty database they find what is new
   * as new. Absent where nothing is compared.
   */
  unchanged?: ReadonlySet<string>;
}

/** One statement of an up.sql, and what is known before it runs. */
export interface LintedStatement {
  node: Node;
  /** UTF-16 index into the up.sql, where the statement begins; comments before it are left out. */
  start: number;
  /** UTF-16 index behind its last character, without the semicolon. */
  end: number;
  /** Exactly what is between `start` and `end`. */
  text: string;
  /** Counted from 0. */
  index: number;
  /** Whether it is written down in the body of a DO block. */
  isInBlock: boolean;
  /**
   * As it is before the statement, with the search path that holds for it. Tables change as the history goes on: a rule about the whole
   * migration sees what becomes of them.
   */
  schema: Schema;
  /** The index that a CREATE INDEX made, when the statement has been followed; undefined where the table is not known. */
  madeIndex: Index | undefined;
  /** The indexes that a DROP INDEX is about, as far as they are known; with the key of their table. */
  droppedIndexes: readonly DroppedIndex[];
  impact: Impact;
  /** The part of it that others may notice: without relations that are new. Unlike `isNew` it can be asked at any time. */
  liveImpact: Impact;
  migration: LintedMigration;
  /** The oldest major version of PostgreSQL that the migration must run on. */
  oldestServer: number;
  /** From a location of the syntax tree, which counts bytes, to a UTF-16 index into the up.sql; undefined means `start`. */
  indexOf(location: number | undefined): number;
  /** The starts of the commands of an ALTER TABLE: UTF-16 indices into `text`. Computed once. */
  commandStarts(): readonly number[];
  /** Whether this migration or a pending ancestor creates the relation, so that it is not in use. */
  isNew(name: RelationName): boolean;
  /** As `isNew`, for a type. */
  isNewType(name: RelationName): boolean;
  /** Whether this migration or a pending ancestor creates the column, so that it is not in use. */
  isNewColumn(table: RelationName, column: string): boolean;
  /** Whether this migration has emptied the table before, so that there are no rows to read, to write or to be wrong. */
  isEmptied(name: RelationName, by?: Emptying): boolean;
  /** Whether a later statement of the file makes a relation of that name, so that queries find one again. */
  isMadeLater(name: RelationName): boolean;
  /** Whether a later statement of the file gives that name to a column of the table. */
  isColumnMadeLater(table: RelationName, column: string): boolean;
}

/** One of the two files as a whole. */
export interface LintedFile {
  text: string;
  /** Undefined when it cannot be parsed. */
  statements: readonly Statement[] | undefined;
  /** Read when it is asked for. */
  readonly effects: () => MigrationEffects;
  /** The statements that a DO block or a function has in its body, as far as they are written down; none of every other. */
  readonly bodyOf: (node: Node) => readonly BlockStatement[];
}

/** An index, and its table. */
export interface DroppedIndex {
  index: Index;
  table: RelationName;
}

/** How a table was emptied: only TRUNCATE leaves nothing behind that a scan must pass over. */
export type Emptying = 'truncate' | 'delete';

/** A whole migration, when all of its statements have been seen. */
export interface LintedWhole {
  migration: LintedMigration;
  /** Those that the file has, DO blocks among them. */
  statements: readonly LintedStatement[];
  /** The statements of each transaction, in order; the statements of a DO block replace it. */
  transactions: readonly (readonly LintedStatement[])[];
  /** All of them in order: what a rule looks through that asks what statements do. */
  ran: readonly LintedStatement[];
  up: LintedFile;
  /** Undefined when there is no down.sql. */
  down: LintedFile | undefined;
  oldestServer: number;
  /** The database state before the migration. Computed on request. */
  before(): Catalogue;
  /** The differences after up.sql and down.sql; empty if one of them is empty or cannot be read. Computed once. */
  roundTrip(): RoundTrip;
}

/** A rule's report about one place. */
export interface Found {
  /** UTF-16 index into the file. */
  at: number;
  /** Default `up`. */
  direction?: 'up' | 'down';
  /** The effect, the table, and the blocked sessions. No full stop. */
  message: string;
  /** The safer way: whole sentences. */
  help: string;
  /** A severity other than the rule's usual one. */
  severity?: Severity;
}

/** One rule. Its id is the name of its file and of its page in the docs. */
export interface Rule {
  id: string;
  severity: Severity;
  /** `design`: about what is written, or about going back, and not about what happens while it is applied. */
  topic?: 'design';
  /** One sentence without a full stop: what is found, for lists. */
  summary: string;
  /** Whether it is a matter of taste, and asked only where its severity is set. */
  isOptional?: true;
  /** Looks at every statement of an up.sql, in order. */
  checkStatement?(statement: LintedStatement): readonly Found[];
  /** Looks at the migration as a whole. */
  checkMigration?(whole: LintedWhole): readonly Found[];
}
