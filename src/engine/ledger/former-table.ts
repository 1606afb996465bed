/** Refuses to begin a second history where the schema has this folder's history in a tracking table of another name. */

import type { Session } from '../../connections/driver.js';
import { KatError, SqlError } from '../../errors.js';
import type { Graph } from '../../graph/graph.js';
import { listIds } from '../../graph/list-ids.js';
import { quoteLiteral } from '../../quote.js';
import { findUpEdit } from './edited.js';
import type { Ledger } from './ledger.js';
import { promisedShape } from './ledger-shape.js';
import { type RememberedFacts, readAppliedFacts } from './logged-migrations.js';
import { eq, ne } from './operators.js';
import { formatTableName, logNameOf } from './table-name.js';

/**
 * Asks the database only while the tracking table does not exist. A migration of the same id and SQL is the same one; with a
 * new table it would run again.
 * @throws KatError LEDGER_MISMATCH
 */
export async function refuseFormerTable(session: Session, ledger: Ledger, folder: Graph): Promise<void> {
  if (ledger.shape || folder.migrations.length === 0) return;
  for (const table of await findOtherTables(session, ledger)) {
    const name = { schema: ledger.name.schema, table };
    const facts = await readFacts(session, { name, shape: promisedShape, hasLog: true });
    const known = [...facts].flatMap(([id, fact]) => (isSame(folder, id, fact) ? [id] : []));
    if (known.length > 0) throw formerTable(ledger, name, known);
  }
}

const most = 20;

async function findOtherTables(session: Session, { name }: Ledger): Promise<string[]> {
  const [result] = await session.execute(
    session.sqlite
      ? (await import('./sqlite/ledger-sql.js')).otherTablesSql(name.table, most)
      : `SELECT c.relname AS name FROM pg_catalog.pg_class c
         JOIN pg_catalog.pg_namespace n ON n.oid ${eq} c.relnamespace
         JOIN pg_catalog.pg_class l ON l.relnamespace ${eq} n.oid
           AND l.relname::pg_catalog.text ${eq} pg_catalog.concat(c.relname, '_log')
         WHERE n.nspname ${eq} ${quoteLiteral(name.schema)} AND c.relname ${ne} ${quoteLiteral(name.table)}
           AND c.relkind ${eq} 'r' AND l.relkind ${eq} 'r'
           AND ${hasColumns('c', ['name', 'migration_time'])} AND ${hasColumns('l', ['migration', 'checksum', 'statement_hash'])}
         ORDER BY c.relname LIMIT ${most}`,
  );
  return (result?.rows ?? []).map((row) => row.name ?? '');
}

function hasColumns(relation: string, columns: readonly string[]): string {
  return columns
    .map(
      (column) => `EXISTS (SELECT FROM pg_catalog.pg_attribute a
        WHERE a.attrelid ${eq} ${relation}.oid AND a.attname ${eq} '${column}' AND NOT a.attisdropped)`,
    )
    .join(' AND ');
}

/** A table that this role may not read says nothing. */
async function readFacts(session: Session, other: Ledger): Promise<ReadonlyMap<string, RememberedFacts>> {
  try {
    return await readAppliedFacts(session, other);
  } catch (error) {
    if (error instanceof SqlError && !error.isSessionLost) return new Map();
    throw error;
  }
}

function isSame(folder: Graph, id: string, fact: RememberedFacts): boolean {
  if (!folder.has(id) || fact.checksum === undefined) return false;
  try {
    return findUpEdit(folder.get(id), fact) !== 'sql';
  } catch (error) {
    // Others report a file that cannot be read.
    if (error instanceof KatError) return false;
    throw error;
  }
}

function formerTable({ name }: Ledger, found: Ledger['name'], ids: readonly string[]): KatError {
  const former = formatTableName(found);
  return new KatError(
    'LEDGER_MISMATCH',
    `${formatTableName(name)} does not exist, and ${former} has migrations of this folder as applied: ${listIds(ids)}`,
    {
      help: `If it has this project's history, write \`tablename: ${found.table}\`, or rename the table and its log. With a new table, \`kat up\` applies every migration again. To begin a new history all the same, first rename ${formatTableName({ ...found, table: logNameOf(found.table) })}.`,
    },
  );
}
