/** Options and results of `kat drift` and `kat diff`, as types without imports of code. */

import type { Finding, FindingCounts } from '../../findings.js';
import type { AddedMigration } from '../author/add-migration.js';

/** How schemas are compared. */
export interface CompareSchemaOptions {
  /** Objects that are left out, by their qualified names: `cron.*`, `public.users.email`. `*` means any text. */
  ignore?: readonly string[] | undefined;
  /** Also compares the order of columns. */
  strictColumnOrder?: boolean | undefined;
  /** Where the throwaway database is: `pglite` (in memory), a major version such as `16` (a temporary server on this computer), `server` (like the project's database), or the URL of a server. Default: like the database that is compared. Not for SQLite, where it is a temporary file. */
  on?: string | undefined;
}

export interface DiffOptions extends CompareSchemaOptions {
  /** The folder that relative paths start at. Default: the working directory. */
  cwd?: string | undefined;
}

export interface DriftOptions extends CompareSchemaOptions {
  /** Writes a migration of this name with the SQL that takes the differences over, and records it as applied. */
  adopt?: string | undefined;
  /** With `adopt`: checks whether it can be done, and writes nothing. */
  dryRun?: boolean | undefined;
}

/** SQL that settles one difference. */
export interface SettlingSql {
  /** Without semicolons; empty where there is none, or where the SQL of another difference does it. */
  statements: readonly string[];
  /** Whether rows or values are deleted. */
  losesData: boolean;
}

/** One object that two schemas do not have alike. */
export interface SchemaChangeFound {
  /** From the first schema to the second. */
  change: 'added' | 'removed' | 'changed';
  kind: string;
  /** Such as `column public.users.email`. */
  object: string;
  sentence: string;
  /** Of `kat drift`: the pending migration that creates the added object. It may have run without a record. */
  createdBy?: string;
  /** Its properties in the first schema. */
  before?: Readonly<Record<string, string>>;
  /** Its properties in the second schema. */
  after?: Readonly<Record<string, string>>;
  /** The SQL for the second schema: makes the object as it is in the first. */
  putBack: SettlingSql;
  /** The SQL for the first schema: makes the object as it is in the second. */
  takeOver: SettlingSql;
}

/** What could not be found out, and what stands for it. */
export interface DriftAssumption {
  migration?: string;
  reason: string;
}

/** What two schemas do not have alike. */
export interface SchemaComparison {
  /** Whether there is no difference. */
  isValid: boolean;
  findings: readonly Finding[];
  counts: FindingCounts;
  differences: readonly SchemaChangeFound[];
  /** How many differences the patterns left out. */
  ignored: number;
}

export interface DriftResult extends SchemaComparison {
  /** How many migrations are applied. */
  applied: number;
  assumptions: readonly DriftAssumption[];
  /** The version of the throwaway database's server. */
  server: string;
  /** Whether `adopt` can write a migration: SQL keeps at least one of the differences. */
  isAdoptable: boolean;
  /** The migration that `adopt` wrote. */
  adopted?: AddedMigration;
  /** With `adopt` and `dryRun`: the migration that would be written and recorded as applied. */
  planned?: PlannedAdoption;
}

/** A migration that `adopt` would write. */
export interface PlannedAdoption {
  /** Without the timestamp, which it gets when it is written. */
  name: string;
  /** Ids. */
  parents: readonly string[];
}
