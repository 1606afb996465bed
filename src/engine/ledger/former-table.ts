/** Refuses to begin a second history where this folder's history is in a tracking table of another name. */

import type { Session } from '../../connections/driver.js';
import { KatError, SqlError } from '../../errors.js';
import type { Graph } from '../../graph/graph.js';
import { listIds } from '../../graph/list-ids.js';
import { findUpEdit } from './edited.js';
import type { Ledger } from './ledger.js';
import { promisedShape } from './ledger-shape.js';
import { type RememberedFacts, readAppliedFacts } from './logged-migrations.js';
import { findOtherTables } from './other-tables.js';
import { formatTableName, logNameOf } from './table-name.js';

/**
 * Asks the database only while the tracking table does not exist. A migration of the same id and SQL is the same one; with a
 * new table it would run again.
 * @throws KatError LEDGER_MISMATCH
 */
export async function refuseFormerTable(session: Session, ledger: Ledger, folder: Graph): Promise<void> {
  if (ledger.shape || folder.migrations.length === 0) return;
  for (const name of await findOtherTables(session, ledger, most)) {
    const facts = await readFacts(session, { name, shape: promisedShape, hasLog: true });
    const known = [...facts].flatMap(([id, fact]) => (isSame(folder, id, fact) ? [id] : []));
    if (known.length > 0) throw formerTable(ledger, name, known);
  }
}

const most = 20;

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
  const written = found.schema === name.schema ? found.table : `${found.schema}.${found.table}`;
  return new KatError(
    'LEDGER_MISMATCH',
    `${formatTableName(name)} does not exist, and ${former} has migrations of this folder as applied: ${listIds(ids)}`,
    {
      help: `Write \`tablename: ${written}\`, or give that table and its log the name in the configuration. With a new table, \`kat up\` applies every migration again. If that is meant, first rename ${formatTableName({ ...found, table: logNameOf(found.table) })}.`,
    },
  );
}
