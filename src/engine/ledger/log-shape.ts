/** Distinguishes the log of Kat's tracking table from another table of the same name. */

import { KatError } from '../../errors.js';
import { columnProblems, relationProblems } from './check-relation.js';
import { isTable, type LedgerRelation } from './relations.js';
import { formatTableName, type TableName } from './table-name.js';

const texts = ['text', 'character varying'];

const acceptedTypes: Readonly<Record<string, readonly string[]>> = {
  id: ['bigint'],
  logged_at: ['timestamp with time zone'],
  migration: texts,
  direction: texts,
  outcome: texts,
  duration_ms: ['double precision'],
  checksum: texts,
  parents: ['text[]'],
  down_sql: texts,
  no_transaction: ['boolean'],
  statement: ['integer', 'bigint'],
  statement_hash: texts,
  sqlstate: texts,
  error: texts,
  database_user: texts,
  client: texts,
  kat_version: texts,
};

/** The columns with a default in the log as Kat creates it. */
const ownColumns = new Set(['id', 'logged_at', 'database_user']);

const givenColumns = new Set(Object.keys(acceptedTypes).filter((name) => !ownColumns.has(name)));

/**
 * @param beside the tracking table, and whether it exists.
 * @throws KatError LEDGER_MISMATCH that names every difference.
 */
export function checkLogShape(
  log: LedgerRelation,
  { ledger, hasLedger }: { ledger: TableName; hasLedger: boolean },
): void {
  const problems = [
    ...relationProblems(log),
    ...(isTable(log) ? columnProblems(log, acceptedTypes, givenColumns) : []),
  ];
  if (problems.length === 0) return;
  const name = formatTableName({ schema: log.schema, table: log.name });
  throw new KatError('LEDGER_MISMATCH', `${name} exists, but it is not a log of Kat`, {
    problems: problems.map((message) => ({ message })),
    help: hasLedger ? keepHistory(ledger, log) : takeAnother,
  });
}

const takeAnother =
  'Set `migration.tablename` to a name that is free and has no table `…_log` beside it, such as kat_migrations; Kat has not touched this table.';

/** A new name in the configuration alone would begin a new history. */
function keepHistory(ledger: TableName, log: LedgerRelation): string {
  const table = formatTableName(ledger);
  const own = "If it is Kat's log, put right what is named above.";
  const foreign = `If it is another program's, rename the tracking table, as in \`ALTER TABLE ${table} RENAME TO kat_migrations\`, and set \`migration.tablename\` to \`${log.schema}.kat_migrations\`.`;
  return `${own} ${foreign} Kat has not touched this table.`;
}
