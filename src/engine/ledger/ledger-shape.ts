/** Distinguishes a tracking table of Kat (or of the Go version) from another table of the same name. */

import { KatError } from '../../errors.js';
import { hasBareNames } from '../../project/folder/bare-names.js';
import { columnProblems, relationProblems } from './check-relation.js';
import { isTable, type LedgerRelation, resemblesLedger } from './relations.js';

/** The differences between the tracking tables that Kat can use. */
export interface LedgerShape {
  time: 'timestamp' | 'timestamptz';
  /** Whole milliseconds, or an INTERVAL as Go's Kat writes it. */
  duration: 'integer' | 'interval';
}

/** The table that Kat creates: the columns that its users were promised. */
export const promisedShape: LedgerShape = { time: 'timestamp', duration: 'integer' };

/** The table that Go's Kat creates. It cannot record a migration in another one. */
const goShape: LedgerShape = { time: 'timestamptz', duration: 'interval' };

/**
 * The form of a new tracking table: that of Go's Kat in a project whose names Go's Kat can read.
 * @param directory of the migrations
 */
export function shapeForNew(directory: string): LedgerShape {
  return hasBareNames(directory) ? goShape : promisedShape;
}

const acceptedTypes: Readonly<Record<string, readonly string[]>> = {
  id: ['integer', 'bigint'],
  name: ['text', 'character varying'],
  migration_time: ['timestamp without time zone', 'timestamp with time zone'],
  duration: ['integer', 'bigint', 'interval'],
};

const givenColumns = new Set(['name', 'migration_time', 'duration']);

/**
 * @param table its name as SQL.
 * @throws KatError LEDGER_MISMATCH that names every difference.
 */
export function readShape(relation: LedgerRelation, table: string): LedgerShape {
  const problems = [
    ...relationProblems(relation),
    ...(isTable(relation) ? columnProblems(relation, acceptedTypes, givenColumns) : []),
  ];
  if (problems.length > 0) {
    throw new KatError('LEDGER_MISMATCH', `${table} exists, but it is not a tracking table of Kat`, {
      problems: problems.map((message) => ({ message })),
      help: resemblesLedger(relation) ? restore : takeAnother,
    });
  }
  const typeOf = (name: string) => relation.columns.find((column) => column.name === name)?.type;
  return {
    time: typeOf('migration_time') === 'timestamp with time zone' ? 'timestamptz' : 'timestamp',
    duration: typeOf('duration') === 'interval' ? 'interval' : 'integer',
  };
}

const takeAnother =
  'Set `migration.tablename` to a name that is free, such as kat_migrations; Kat has not touched this table.';

/** Whoever takes another name for a table with a history begins a new one. */
const restore =
  "If it has this project's history, put right what is named above: under another name, `kat up` applies every migration again. If it is another program's, set `migration.tablename` to a name that is free. Kat has not touched this table.";
