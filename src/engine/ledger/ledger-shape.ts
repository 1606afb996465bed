/** Tells a tracking table of Kat's (ours or that of the Go version) from a table that only has its name. */

import { KatError, type Problem } from '../../errors.js';

/** What differs between the tracking tables that Kat can use. */
export interface LedgerShape {
  time: 'timestamp' | 'timestamptz';
  /** Whole milliseconds, or an INTERVAL as Go's Kat writes it. */
  duration: 'integer' | 'interval';
}

/** The table that Kat creates: the columns that its users were promised. */
export const promisedShape: LedgerShape = { time: 'timestamp', duration: 'integer' };

/** A column as the catalogue describes it; `kind` is that of its table (`r` for an ordinary one). */
export interface LedgerColumn {
  kind: string;
  name: string | null;
  type: string | null;
  must_be_given: 't' | 'f' | null;
}

const acceptedTypes: Record<string, readonly string[]> = {
  id: ['integer', 'bigint'],
  name: ['text', 'character varying'],
  migration_time: ['timestamp without time zone', 'timestamp with time zone'],
  duration: ['integer', 'bigint', 'interval'],
};

const givenColumns = new Set(['name', 'migration_time', 'duration']);

/**
 * @param columns of the table that was found, at least one.
 * @throws KatError LEDGER_MISMATCH that names every difference.
 */
export function readShape(columns: readonly LedgerColumn[], table: string): LedgerShape {
  const problems = checkColumns(columns).map((message) => ({ message }) satisfies Problem);
  if (problems.length > 0) {
    throw new KatError('LEDGER_MISMATCH', `${table} exists, but it is not a tracking table of Kat`, {
      problems,
      help: 'Set `migration.tablename` to a name that is free, such as kat_migrations; Kat has not touched this table.',
    });
  }
  const typeOf = (name: string) => columns.find((column) => column.name === name)?.type;
  return {
    time: typeOf('migration_time') === 'timestamp with time zone' ? 'timestamptz' : 'timestamp',
    duration: typeOf('duration') === 'interval' ? 'interval' : 'integer',
  };
}

function checkColumns(columns: readonly LedgerColumn[]): string[] {
  const kind = columns[0]?.kind;
  if (kind !== 'r' && kind !== 'p') return ['it is not a table'];
  const missingOrWrong = Object.entries(acceptedTypes).flatMap(([name, types]) => {
    const column = columns.find((candidate) => candidate.name === name);
    if (!column) return [`column ${name} is missing`];
    return types.includes(column.type ?? '')
      ? []
      : [`column ${name} is ${column.type}, not ${types.join(' or ')}`];
  });
  const demanded = columns
    .filter((column) => column.must_be_given === 't' && !givenColumns.has(column.name ?? ''))
    .map((column) => `column ${column.name} has no default, and Kat knows no value for it`);
  return [...missingOrWrong, ...demanded];
}
