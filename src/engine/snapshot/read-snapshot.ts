/** Reads the canonical document of a database's schema from its catalogs. */

import type { Session } from '../../connections/driver.js';
import {
  type SchemaSnapshot,
  type SnapshotKind,
  type SnapshotObject,
  sortObjects,
} from '../../sql/snapshot/snapshot.js';
import { executeNeutrally } from './neutral-settings.js';
import { askPrepared } from './prepared-query.js';
import { foreignBranches } from './queries/foreign.js';
import { programBranches } from './queries/functions.js';
import { commonTables, type QualifiedTable, writeBranch } from './queries/parts.js';
import { privilegeBranches, privilegeTables } from './queries/privileges.js';
import { relationBranches } from './queries/relations.js';
import { searchBranches } from './queries/text-search.js';
import { typeBranches } from './queries/types.js';
import { readRows } from './read-rows.js';
import { rowSourcesOf } from './row-sources.js';

export interface SnapshotOptions {
  /** Tables that are left out, with everything that belongs to them: Kat's own. */
  without?: readonly QualifiedTable[];
  /** Whether a hash of each table's rows is read, too. Default `none`. */
  rows?: 'none' | 'all';
  /** Whether the session is Kat's own and reads several snapshots: the server plans the query once. Default false. */
  isKept?: boolean;
}

/**
 * Reads all objects of the database with one message, and their rows with a second one. Works inside a transaction and outside,
 * whatever settings the session has; settings and transaction are as before. Leaves out members of extensions, temporary objects,
 * OIDs, statistics and values of sequences, and what belongs to the cluster or to the database as a whole: roles, tablespaces,
 * settings, subscriptions.
 * @throws SqlError when the catalogs cannot be read, for example because an object is being dropped meanwhile.
 */
export async function readSnapshot(
  session: Session,
  { without = [], rows = 'none', isKept = false }: SnapshotOptions = {},
): Promise<SchemaSnapshot> {
  if (session.sqlite) return readSqlite(session, { without, rows });
  const major = Math.floor(session.server.versionNumber / 10_000);
  const query = catalogQuery(major, without);
  const ask = (statements: readonly string[]) => executeNeutrally(session, [ownRole, ...statements]);
  const results = isKept ? await askPrepared(session, query, ask) : await ask([query]);
  const [own, catalog] = [results.at(0), results.at(-1)];
  const objects = (JSON.parse(catalog?.rows[0]?.document ?? '[]') as ObjectRow[]).map(readObject);
  const hashes = rows === 'all' ? await readRows(session, rowSourcesOf(objects)) : [];
  return { major, role: own?.rows[0]?.role ?? '', objects: sortObjects([...objects, ...hashes]) };
}

async function readSqlite(
  session: Session,
  { without = [], rows }: SnapshotOptions,
): Promise<SchemaSnapshot> {
  const { readSqliteSnapshot } = await import('./sqlite/read-sqlite-snapshot.js');
  const snapshot = await readSqliteSnapshot(
    session,
    without.map(({ table }) => table),
  );
  if (rows !== 'all') return snapshot;
  const hashes = await readRows(session, rowSourcesOf(snapshot.objects));
  return { ...snapshot, objects: sortObjects([...snapshot.objects, ...hashes]) };
}

const ownRole = 'SELECT quote_ident(current_user) AS role';

/** Kind, schema, owner, name and definition. */
type ObjectRow = [SnapshotKind, string | null, string | null, string, Record<string, string>];

function readObject([kind, schema, of, name, definition]: ObjectRow): SnapshotObject {
  return { kind, ...(schema === null ? {} : { schema }), name, ...(of === null ? {} : { of }), definition };
}

/** One row with all objects: to read a row of its own for each takes longer than to parse their document. */
function catalogQuery(major: number, without: readonly QualifiedTable[]): string {
  const branches = [
    ...[...relationBranches(major), ...typeBranches, ...programBranches(major)],
    ...[...searchBranches, ...foreignBranches, ...privilegeBranches],
  ];
  return `WITH ${commonTables(without)},\n${privilegeTables}
SELECT json_agg(json_build_array(kind, schema, of, name, definition)) AS document FROM (
${branches.map(writeBranch).join('\nUNION ALL\n')}) objects`;
}
